// Package game holds the rules of Pong, on integers.
//
// A match is a value and a function. [State] is the whole match between two
// ticks: scores, paddles, ball, phase, its own tick and its own random word.
// [Step] takes it one tick further under the [Inputs] of the two players:
//
//	rules := game.DefaultRules()
//	state := game.New(rules, seed)
//	for {
//		state = game.Step(rules, state, game.Inputs{game.Up, game.None})
//	}
//
// Nothing else goes in: no clock, no chance, no memory outside the State. So
// the same rules, seed and inputs give the same match, bit for bit, on every
// machine, and netcode becomes plain: to save a state is =, to see that a
// prediction was wrong is !=, to roll back is a loop over Step. [State.Hash]
// compares two machines.
//
// There are no floats here. x + v*dt is one rounding where the compiler may
// fuse it (arm64, GOAMD64=v3) and two where it may not (amd64, wasm), so a
// server and its players would disagree. Lengths are [Fixed], 256ths of a
// pixel; speeds are Fixed a tick; a tick is a 60th of a second.
//
// The field is 800 by 600 pixels with y growing downwards. Seat 0 plays at the
// left and is player 1 to people, seat 1 at the right is player 2.
package game

// Fixed is a length in 256ths of a pixel, or a speed in 256ths of a pixel a
// tick.
type Fixed int32

// One is one pixel.
const One Fixed = 256

// The field and what moves on it.
const (
	Width        = 800 * One
	Height       = 600 * One
	PaddleWidth  = 10 * One
	PaddleHeight = 100 * One
	BallSize     = 10 * One

	// PaddleSpeed is how far a held key moves a paddle in one tick.
	PaddleSpeed = 5 * One

	// MaxSpeed is how far a ball flies in one tick at most.
	MaxSpeed = 12 * One

	// LeftFace and RightFace are the x of the inner face of each paddle: the
	// plane at which a ball is hit or missed.
	LeftFace  = 30 * One
	RightFace = Width - 30*One
)

// TickRate is the number of ticks in a second.
const TickRate = 60

// The furthest down that the top edge of a paddle and of the ball can be.
const (
	paddleFloor = Height - PaddleHeight
	ballFloor   = Height - BallSize
)

// Input is what one player does during one tick. It fits two bits; Step takes
// any other value for None.
type Input uint8

// The inputs.
const (
	None Input = iota
	Up
	Down

	// Away is said by the server only: nobody plays at this seat, because the
	// player has not begun, is silent or has left.
	Away
)

// Inputs are those of both players for one tick, by seat.
type Inputs [2]Input

// Phase is what part of a game a State is in.
//
//	          nobody away             timer ends
//	Waiting --------------> Countdown ----------> Playing <---------.
//	   ^                        |                   |  | point      | timer ends:
//	   +-------- one away ------+-------------------+  v            | serve
//	   |                        '------ one away --- Scored --------'
//	   |
//	   '-- both away: a new game -- any phase, also Over <-- point that wins
type Phase uint8

// The phases.
const (
	// Waiting is before a game and during a pause: nothing moves.
	Waiting Phase = iota
	// Countdown gives both players time to look; the ball rests, the paddles
	// move.
	Countdown
	// Playing is a rally.
	Playing
	// Scored is the pause after a point: the ball rests, the paddles move.
	Scored
	// Over is a game that somebody has won. It stays until both seats are Away
	// in one tick.
	Over
)

// Ball is the ball: the top left corner of its box, and how far it flies in a
// tick. VX is 0 exactly when no rally is running.
type Ball struct {
	X, Y, VX, VY Fixed
}

// State is a match between two ticks. It is small and comparable: = saves it
// and == compares all of it.
type State struct {
	// Tick counts the Steps since New.
	Tick uint32

	Phase Phase

	// Timer is the number of ticks left in Countdown or Scored, else 0.
	Timer uint16

	// Round is the number of serves so far in this game. It stays at its
	// largest value once there.
	Round uint16

	// Score is by seat. It stays at its largest value once there.
	Score [2]uint16

	// Paddle is the top edge of each paddle, by seat.
	Paddle [2]Fixed

	Ball Ball

	// Hits is the number of times a paddle hit the ball in this rally. It stays
	// at its largest value once there.
	Hits uint16

	// Walls counts the times the ball met the upper or lower wall, and wraps:
	// it is there for Events, which only asks whether it changed.
	Walls uint8

	// ServeTo is the seat towards which the next serve flies.
	ServeTo uint8

	// Random is the word that serves are drawn from. It is never 0.
	Random uint32

	// Winner is 1 or 2 once the game is Over, else 0.
	Winner uint8
}

// New returns the state before the first tick: Waiting, paddles and ball in the
// middle. The seed decides every serve.
func New(_ Rules, seed uint64) State {
	random := mix(seed)
	return State{
		Paddle:  [2]Fixed{paddleFloor / 2, paddleFloor / 2},
		Ball:    centred(),
		ServeTo: uint8(random >> 31),
		Random:  random,
	}
}
