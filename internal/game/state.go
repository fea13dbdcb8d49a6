// Package game holds the rules of Pong, on integers.
//
// A match is a value and a function. [State] is the whole match between two ticks: scores, paddles, ball, phase and its
// own tick. [Step] plays one tick with the [Inputs] of the two players and the serve that is drawn at it, if one is:
//
//	rules := game.DefaultRules()
//	state := game.New(rules, seed)
//	for {
//		state = game.Step(rules, state, game.Inputs{game.Up, game.None}, state.SeededServe(seed))
//	}
//
// A match depends on nothing else: no clock, no randomness, no memory outside the State. So the same rules, seed,
// inputs and serves give the same match, bit for bit, on every machine, and the netcode becomes simple: = saves a
// state, != finds a wrong prediction, and a loop over Step rolls back. [State.Hash] compares two machines. A server
// draws serves from a secret, so that nobody can compute them from the State.
//
// There are no floats here. x + v*dt is rounded once if the compiler may fuse it (arm64, GOAMD64=v3) and twice if it
// may not (amd64, wasm), so a server and its players would disagree. Lengths are [Fixed], 256ths of a pixel; speeds
// are Fixed per tick; a tick is a 60th of a second.
//
// The field is 800 by 600 pixels with y growing downwards. Seat 0 is at the left and is shown as player 1; seat 1 is
// at the right and is shown as player 2.
package game

// Fixed is a length in 256ths of a pixel, or a speed in 256ths of a pixel per tick.
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

	// MaxSpeed is the greatest distance that a ball flies in one tick.
	MaxSpeed = 12 * One

	// LeftFace and RightFace are the x of the inner face of each paddle: the plane at which a ball is hit or missed.
	LeftFace  = 30 * One
	RightFace = Width - 30*One
)

// TickRate is the number of ticks in a second.
const TickRate = 60

// The lowest positions of the top edge of a paddle and of the ball.
const (
	paddleFloor = Height - PaddleHeight
	ballFloor   = Height - BallSize
)

// Input is what one player does during one tick. It fits into two bits; Step treats any other value as None.
type Input uint8

// The inputs.
const (
	None Input = iota
	Up
	Down

	// Away means that nobody plays at this seat: the player has not begun, is silent or has left. Only the server sets
	// it.
	Away
)

// Inputs are the inputs of both players for one tick, by seat.
type Inputs [2]Input

// Phase is the part of a game that a State is in.
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
	// Countdown gives both players time to look; the ball stands still. The paddles move, unless the ball is in flight:
	// see PaddlesRest.
	Countdown
	// Playing is a rally.
	Playing
	// Scored is the pause after a point: the ball rests, the paddles move.
	Scored
	// Over is a game that a player has won. It lasts until both seats are Away in one tick.
	Over
)

// Ball is the top left corner of the ball's box, and how far the ball flies in a tick. VX is 0 if and only if no rally
// is running.
type Ball struct {
	X, Y, VX, VY Fixed
}

// State is a match between two ticks. It is small and comparable: = saves all of it and == compares all of it.
type State struct {
	// Tick counts the Steps since New.
	Tick uint32

	Phase Phase

	// Timer is the number of ticks left in Countdown or Scored, else 0.
	Timer uint16

	// Round is the number of serves so far in this game. It stops at its largest value.
	Round uint16

	// Score is by seat. It stops at its largest value.
	Score [2]uint16

	// Paddle is the top edge of each paddle, by seat.
	Paddle [2]Fixed

	Ball Ball

	// Hits is the number of times a paddle hit the ball in this rally. It stops at its largest value.
	Hits uint16

	// Walls counts the times that the ball met the upper or lower wall, and wraps. Events uses it, which only compares
	// two of them.
	Walls uint8

	// ServeTo is the seat towards which the next serve flies.
	ServeTo uint8

	// Serve is the next serve, from the tick on at which it was drawn; 0 before, and in a rally. See DrawsServe.
	Serve uint32

	// Winner is 1 or 2 once the game is Over, else 0.
	Winner uint8
}

// New returns the state before the first tick: Waiting, paddles and ball in the middle. The seed decides to which side
// the first serve flies.
func New(_ Rules, seed uint64) State {
	return State{
		Paddle:  [2]Fixed{paddleFloor / 2, paddleFloor / 2},
		Ball:    centred(),
		ServeTo: uint8(mix(seed) >> 31),
	}
}
