package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// Point is a place in the field in pixels of the 800 x 600 picture, the origin in the upper left corner.
type Point struct{ X, Y float64 }

// Raw is where things are at the times at which they are drawn, without smoothing.
type Raw struct {
	Ball   Point
	Paddle [2]float64
}

// Times are the ticks, with fractions, at which the own paddle, the other's and the ball are drawn.
type Times struct{ Own, Remote, Ball float64 }

// Frame is everything that a front end needs to draw one picture: a value, complete in itself. Lengths are pixels of
// the 800 x 600 field, whatever the size of the window. Index 0 is the left player, 1 the right one.
type Frame struct {
	Stage    Stage
	Reason   Reason
	Me       int    // 0 or 1; 0 for a watcher
	Watching bool   // no paddle is one's own
	Room     string // the code of the room, if there is one
	Names    [2]string
	Presence [2]Presence
	Opened   [2]bool // the player who has opened the room, and can send the other away until the match begins
	Accepted bool    // the person has accepted the other player
	Ready    bool    // the match begins when both players accept each other, and not before
	Points   int     // play to this many; 0 is without end
	Match    string
	Fairness wire.Fairness

	Paddle     [2]float64 // top edges
	Ball       Point      // upper left corner of the ball's box
	BallInPlay bool       // draw the ball
	Score      [2]int
	Countdown  int // 3, 2, 1 in StageCountdown, else 0
	Scorer     int // of the last point, in StageScored; else -1
	Winner     int // in StageOver, else -1
	Rematch    [2]bool
	Game       int // the number of the game between these players; 0 before it begins

	Serve       Point  // of length 1: where the next serve will fly; zero until it is drawn, and in a rally
	PauseLeft   [2]int // seconds of pauses that each player has left in this game, rounded up to tens
	PaddlesRest bool   // in StageCountdown: no paddle moves until the ball flies on

	Raw     Raw    // where things would be drawn without smoothing: for measuring
	Times   Times  // at which ticks things are drawn
	Tick    uint32 // the server's newest tick that is known
	Events  []Event
	Figures Figures
	Dropped Drops // between the network and the session; package dial counts it

	// Arguments of Reason.
	Player  int    // the player whom it is about
	Seconds int    // for which nothing has arrived, a seat is still kept, or both players have been online
	Attempt int    // of redialling, in StageLost and with NoControl; 0 if there has been none
	Code    string // of the server's ERROR
	Message string // of the server's ERROR: its own words, at most 200 characters
	Err     error
	Server  Addresses // of this connection

	// News that leave the stage as it is.
	Forfeit   bool      // in StageOver: the loser has left
	NewMatch  bool      // the match that there was before is gone, and this is another one
	NoControl bool      // the control channel alone does not work, so results may be missing; Attempt is set
	Closing   bool      // the server will shut down when the point in play is over
	Rotation  *Rotation // of the server's identity, when it was dialled; nil if there was none
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

// Frame returns what to draw at now, right after Update. Each event is in one frame only.
func (s *Session) Frame(now time.Time) Frame {
	c, shown := &s.control, s.drawn.shown()
	raw := s.drawn.raw(c.me)
	smooth := s.drawn.smooth(raw)
	is := s.stage(now, shown)
	f := Frame{
		Stage: is.stage, Reason: is.reason, Player: is.player, Seconds: is.seconds,
		Me: c.me, Watching: c.watching, Room: c.room, Names: c.names, Presence: c.presence, Points: c.points,
		Fairness: c.fairness, Opened: c.opened, Accepted: c.accepted != 0 && c.accepted == c.lineup, Ready: c.ready,
		Match: c.match, Rematch: c.rematch, Game: int(c.standing.Game),
		Paddle: smooth.paddles, Ball: smooth.ball, Raw: Raw{raw.ball, raw.paddles}, Times: s.drawn.times,
		Score:  [2]int{int(shown.Score[0]), int(shown.Score[1])},
		Scorer: -1, Winner: -1,
		Tick: s.simulation.newest.Tick, Events: s.drawn.events.take(),
		Figures:  s.measures.figures(now, &s.channel, s.simulation.pacer.Wanted()),
		NewMatch: s.notes.newSeat, Closing: c.announced, Rotation: s.notes.rotation,
		Server: s.notes.addresses, NoControl: c.controlLost(now) && is.stage < StageLost,
	}
	for i, left := range c.standing.PauseLeft {
		f.PauseLeft[i] = int(left) * wire.PauseUnit
	}
	if c.unnamed(now) {
		f.Names = [2]string{}
	}
	if f.NoControl {
		f.Attempt = s.notes.attempt
	}
	rally := shown.Ball.VX != 0
	switch f.Stage {
	case StageCountdown, StageScored:
		f.Serve = nextServe(s.simulation.rules, shown)
	}
	switch f.Stage {
	case StagePlaying:
		f.BallInPlay = true
	case StagePaused:
		f.BallInPlay = rally
	case StageCountdown:
		f.BallInPlay, f.PaddlesRest = rally, shown.PaddlesRest()
		f.Countdown = (int(shown.Timer) + game.TickRate - 1) / game.TickRate
	case StageScored:
		f.Scorer = s.drawn.events.scorer
	case StageLost:
		f.BallInPlay = rally
		f.Attempt = s.notes.attempt
	case StageOver:
		if f.Winner = int(shown.Winner) - 1; c.end != nil && shown.Phase != game.Over {
			f.Winner, f.Score = c.end.Winner-1, [2]int{c.end.Score1, c.end.Score2}
			f.Forfeit = c.end.Message != ""
		}
	case StageClosed:
		f.Code, f.Message, f.Err = c.why.code, c.why.message, c.why.err
	}
	if s.original != nil {
		s.original.show(&f, s.simulation.newest)
	}
	if s.observed.by != nil {
		lent := f // so that f itself needs no allocation
		s.reportFrame(now, &lent)
	}
	return f
}
