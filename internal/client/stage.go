package client

import (
	"slices"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// Stage is the state of a match, for front ends to branch on.
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
	StageLost                   // nothing arrives from the server; the client redials
	StageClosed                 // the session has ended
)

var stageNames = []string{"waiting", "ready", "countdown", "playing", "scored", "paused", "over", "lost", "closed"}

// String returns the stage in one word.
func (s Stage) String() string { return stageNames[s] }

// ParseStage returns the stage of a word.
func ParseStage(word string) (s Stage, ok bool) {
	i := slices.Index(stageNames, word)
	return Stage(max(i, 0)), i >= 0
}

// A stageReason is a stage with its Reason and the arguments of the Reason.
type stageReason struct {
	stage   Stage
	reason  Reason
	player  int
	seconds int
}

// stage returns the stage at now, while the picture shows a state.
func (s *Session) stage(now time.Time, shown game.State) stageReason {
	c := &s.control
	silence, blocked := s.health.silence(now), s.health.blocked(now)
	switch seconds := int(silence.Seconds()); {
	case blocked != ReasonNone && c.closed && c.why.code == wire.CodeSeat:
		// The server has waited for a REGISTER.
		return stageReason{stage: StageClosed, reason: blocked, seconds: seconds}
	case c.closed:
		return stageReason{stage: StageClosed, reason: c.why.reason}
	case s.health.givenUp(now):
		return stageReason{stage: StageClosed, reason: ReasonGivenUp, seconds: seconds}
	case s.takesOver(silence) && silence > takeoverShownAfter:
		return stageReason{stage: StageLost, reason: ReasonTakeover}
	case c.shutdown && !s.takesOver(silence):
		return stageReason{stage: StageLost, reason: ReasonShutdown}
	case blocked != ReasonNone && (c.open || s.notes.joined):
		return stageReason{stage: StageLost, reason: blocked, seconds: seconds}
	case silence > lostAfter && !c.open && !s.notes.joined:
		return stageReason{stage: StageLost, reason: ReasonControlLost, seconds: seconds}
	case silence > lostAfter:
		return stageReason{stage: StageLost, reason: ReasonNoAnswer, seconds: seconds}
	case shown.Phase == game.Over, c.end != nil && c.hasStanding && c.isFree():
		return c.over()
	}
	switch shown.Phase {
	case game.Countdown:
		return stageReason{stage: StageCountdown}
	case game.Playing:
		return stageReason{stage: StagePlaying}
	case game.Scored:
		return stageReason{stage: StageScored}
	}
	return c.waiting(now, s.simulation.newest.Round > 0)
}

// over returns the stage after a game. As long as the other player is there, another game can follow.
func (c *controlState) over() stageReason {
	is := stageReason{stage: StageOver, player: 1 - c.me}
	asked := c.rematch[c.me] || c.wishes()
	switch other := c.presence[1-c.me]; {
	case other == Left || other == Absent:
		is.reason = ReasonPlayerLeft
	case !c.open:
		is.reason = ReasonNoRematch
	case c.watching:
	case other == Silent:
		is.reason = ReasonPlayerSilent
	case c.rematch[1-c.me] && !asked:
		is.reason = ReasonRematchOffered
	case asked:
		is.reason = ReasonRematchAsked
	}
	return is
}

// waiting returns the stage while the game stands still. played is true if a point has been played before.
func (c *controlState) waiting(now time.Time, played bool) stageReason {
	switch other := c.presence[1-c.me]; {
	case other == Left:
		return stageReason{stage: StageWaiting, reason: ReasonPlayerLeft, player: 1 - c.me}
	case c.watching && c.presence[c.me] == Left:
		return stageReason{stage: StageWaiting, reason: ReasonPlayerLeft, player: c.me}
	case other == Absent, c.watching && c.presence[c.me] == Absent:
		return stageReason{stage: StageWaiting, reason: ReasonNoOpponent}
	case !c.hasStanding:
		return stageReason{stage: StageReady, reason: ReasonConnecting}
	}
	if joined := c.other(Joined); joined >= 0 {
		return stageReason{stage: StageWaiting, reason: ReasonPlayerUnreached, player: joined}
	}
	if away := c.other(Silent); away >= 0 {
		is := stageReason{
			stage: StagePaused, reason: ReasonPlayerSilent, player: away,
			seconds: int(max(c.until[away].Sub(now), 0).Seconds()),
		}
		if c.standing.Game == 0 { // nothing has begun that could be paused
			is.stage = StageWaiting
		}
		return is
	}
	if c.standing.Game > 0 && played {
		return stageReason{stage: StagePaused, reason: ReasonResuming}
	}
	is := stageReason{stage: StageReady, reason: ReasonNotStarted}
	if !c.complete.IsZero() {
		is.seconds = int(now.Sub(c.complete).Seconds())
	}
	return is
}

// other returns another player with a presence, or -1.
func (c *controlState) other(is Presence) int {
	for i := range c.presence {
		if c.presence[i] == is && (i != c.me || c.watching) {
			return i
		}
	}
	return -1
}
