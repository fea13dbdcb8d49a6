package client

import "pong/internal/game"

// Stage is where the player stands, as one word for the screen to branch on.
type Stage uint8

// The stages, in the order in which a match meets them.
const (
	StageWaiting   Stage = iota // nobody on the other side yet
	StageReady                  // both players are here; the operator (or the server) has yet to start
	StageCountdown              // the numbers before a serve
	StagePlaying                // the ball is in play
	StageScored                 // the pause after a point
	StagePaused                 // a player is away; everything stands still
	StageOver                   // a result, and perhaps a rematch
	StageLost                   // nothing heard from the server; it may come back
	StageClosed                 // the session has ended; Notice says why
)

// String returns the stage in one word.
func (s Stage) String() string {
	return [...]string{"waiting", "ready", "countdown", "playing", "scored", "paused", "over", "lost", "closed"}[s]
}

// Presence says how the server sees a seat.
type Presence uint8

// The states of a seat, as the server reports them.
const (
	Absent Presence = iota // nobody sits here
	Joined                 // joined over TLS, not yet heard over UDP
	Online                 // heard over UDP
	Silent                 // not heard for a while; the seat is kept
	Left                   // gone for good
)

// Event is something to hear or to flash, reported once, at the time at which it is drawn.
type Event uint8

// The events of a view.
const (
	EventHit   Event = iota // the ball met a paddle
	EventWall               // the ball met the upper or lower wall
	EventPoint              // somebody scored
	EventServe              // the ball is in play again
	EventOver               // the game has a winner
)

// Point is a place in the field in pixels of the 800 x 600 picture, the origin in the upper left corner.
type Point struct{ X, Y float64 }

// Raw is where things are at the times at which they are drawn, before corrections are smoothed.
type Raw struct {
	Ball   Point
	Paddle [2]float64
}

// Times are the ticks, with fractions, at which the own paddle, the other's and the ball are drawn.
type Times struct{ Own, Remote, Ball float64 }

// Figures holds the numbers of the HUD. Times are in milliseconds.
type Figures struct {
	Latency, Jitter    float64 // mean and mean successive difference of the last 20 round trips
	P50, P95, P99      float64 // round trip percentiles
	LossUp, LossDown   float64 // shares, 0 to 1
	BurstDown          int     // longest run of datagrams lost on the way down
	Lead               float64 // how many ticks the own paddle is ahead of the newest STATE
	Margin, Wanted     float64 // how early inputs reach the server, and how early they should, in ticks
	Corrections        int     // own-paddle corrections so far
	CorrectionsPerMin  float64 // the same, over the last minute
	Missed             int     // ticks that the server played without our input
	Sent, Received     int     // datagrams so far
	Samples            int     // round trips measured so far; the figures above mean nothing at zero
	BytesUp, BytesDown int     // datagram bytes so far
}

// Frame is everything a screen needs to draw one frame: a value, complete in itself. Lengths are pixels of the
// 800 x 600 field, whatever the size of the window; index 0 is the left player, 1 the right one.
type Frame struct {
	Stage    Stage
	Me       int    // 0 or 1; 0 for one who looks on
	Watching bool   // one looks on, and no paddle is one's own
	Room     string // the code of the room, if there is one
	Names    [2]string
	Presence [2]Presence
	Points   int // play to this many; 0 is without end
	Match    string

	Paddle     [2]float64 // top edges
	Ball       Point      // upper left corner of the ball's box
	BallInPlay bool       // draw the ball
	Score      [2]int
	Countdown  int // 3, 2, 1 in StageCountdown, else 0
	Scorer     int // who scored last, in StageScored; else -1
	Winner     int // in StageOver, else -1
	Rematch    [2]bool

	Raw     Raw    // where things would be drawn without smoothing: for measuring
	Times   Times  // at which ticks things are drawn
	Tick    uint32 // the server's newest tick that is known
	Events  []Event
	Figures Figures
	Notice  string // one sentence for the person: who is away, what to do, why it ended; may be empty
}

// The sizes of what is drawn, in the same pixels.
const (
	FieldWidth   = float64(game.Width) / float64(game.One)
	FieldHeight  = float64(game.Height) / float64(game.One)
	PaddleWidth  = float64(game.PaddleWidth) / float64(game.One)
	PaddleHeight = float64(game.PaddleHeight) / float64(game.One)
	BallSize     = float64(game.BallSize) / float64(game.One)
)

// PaddleX returns the left edge of a player's paddle.
func PaddleX(player int) float64 {
	if player == 0 {
		return float64(game.LeftFace)/float64(game.One) - PaddleWidth
	}
	return float64(game.RightFace) / float64(game.One)
}
