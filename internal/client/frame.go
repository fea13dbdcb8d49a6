package client

import (
	"time"

	"pong/internal/game"
)

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

// Frame is everything a screen needs to draw one frame: a value, complete in itself. Lengths are pixels of the
// 800 x 600 field, whatever the size of the window; index 0 is the left player, 1 the right one.
type Frame struct {
	Stage    Stage
	Reason   Reason
	Me       int    // 0 or 1; 0 for a watcher
	Watching bool   // no paddle is one's own
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
	Dropped Drops // before it reached the session, or on the way from it to the server

	// Arguments of Reason.
	Player  int    // whom it is about
	Seconds int    // for which nothing has arrived, or for which a seat is still kept
	Attempt int    // of redialling, in StageLost; 0 if there has been none
	Code    string // of the server's ERROR
	Message string // of the server's ERROR: its own words, at most 200 characters
	Err     error

	// What does not change the stage.
	Forfeit  bool      // in StageOver: the loser has left
	NewMatch bool      // the match that there was before is gone, and this is another one
	Closing  bool      // the server will shut down when the point in play is over
	Rotation *Rotation // of the server's identity, when it was dialled; nil if there was none
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

// Frame returns what to draw at now, right after Update. Its events are handed out once.
func (s *Session) Frame(now time.Time) Frame {
	t, shown := &s.table, s.shown()
	v := Frame{
		Me: s.me, Watching: t.watching, Room: t.room, Names: t.names, Presence: t.presence, Points: t.points, Match: t.match,
		Score:  [2]int{int(shown.Score[0]), int(shown.Score[1])},
		Scorer: -1, Winner: -1, Rematch: t.rematch,
		Tick: s.newest.Tick, Figures: s.linkFigures(now),
		Events: s.drawn.events.take(), Times: s.drawn.times,
	}
	raw := s.raw()
	smooth := s.drawn.smooth(raw)
	v.Paddle, v.Ball, v.Raw = smooth.paddles, smooth.ball, Raw{raw.ball, raw.paddles}
	is := s.standing(now, shown)
	v.Stage, v.Reason, v.Player, v.Seconds = is.stage, is.reason, is.player, is.seconds
	switch v.Stage {
	case StageLost:
		v.Attempt = t.attempt
	case StageClosed:
		v.Code, v.Message, v.Err = t.why.code, t.why.message, t.why.err
	}
	v.NewMatch, v.Closing, v.Rotation = t.fresh, t.announced, s.rotation
	switch v.Stage {
	case StageCountdown:
		v.Countdown = (int(shown.Timer) + game.TickRate - 1) / game.TickRate
	case StageScored:
		v.Scorer = s.drawn.events.scorer
	case StageOver:
		v.Winner = s.winner()
		if t.end != nil {
			v.Forfeit = t.end.Message != ""
			v.Score = [2]int{t.end.Score1, t.end.Score2}
		}
	}
	rally := shown.Ball.VX != 0
	v.BallInPlay = v.Stage == StagePlaying || rally && (v.Stage == StagePaused || v.Stage == StageCountdown || v.Stage == StageLost)
	return v
}

// winner returns who has won: what the server said, or the newest STATE; -1 for nobody.
func (s *Session) winner() int {
	if s.table.end != nil {
		return s.table.end.Winner - 1
	}
	return int(s.newest.Winner) - 1
}
