package client

import (
	"time"

	"pong/internal/game"
)

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
	StageLost                   // nothing arrives from the server; the client redials
	StageClosed                 // the session has ended
)

// String returns the stage in one word.
func (s Stage) String() string {
	return [...]string{"waiting", "ready", "countdown", "playing", "scored", "paused", "over", "lost", "closed"}[s]
}

// standing is where the player stands: a stage, and why, with the arguments of the Reason.
type standing struct {
	stage   Stage
	reason  Reason
	player  int
	seconds int
}

// standing returns where the player stands at now, while the picture shows a state.
func (s *Session) standing(now time.Time, shown game.State) standing {
	t := &s.table
	silence := s.silence(now)
	switch seconds := int(silence.Seconds()); {
	case t.closed:
		return standing{stage: StageClosed, reason: t.why.reason}
	case s.givenUp(now):
		return standing{stage: StageClosed, reason: ReasonGivenUp, seconds: seconds}
	case t.closing:
		return standing{stage: StageLost, reason: ReasonShutdown}
	case silence > lostAfter && !t.control:
		return standing{stage: StageLost, reason: ReasonControlLost, seconds: seconds}
	case silence > lostAfter:
		return standing{stage: StageLost, reason: ReasonNoAnswer, seconds: seconds}
	case shown.Phase == game.Over, t.end != nil && (t.end.Message != "" || shown.Phase == game.Waiting):
		return t.over()
	}
	switch shown.Phase {
	case game.Countdown:
		return standing{stage: StageCountdown}
	case game.Playing:
		return standing{stage: StagePlaying}
	case game.Scored:
		return standing{stage: StageScored}
	}
	return t.waiting(now, s.newest.Round > 0)
}

// over is the standing after a game: as long as the other player is there, another game can follow.
func (t *table) over() standing {
	is := standing{stage: StageOver, player: 1 - t.me}
	if t.end == nil {
		return is
	}
	switch other := t.presence[1-t.me]; {
	case other == Left:
		is.reason = ReasonPlayerLeft
	case !t.control:
		is.reason = ReasonNoRematch
	case t.watching:
	case other == Silent:
		is.reason = ReasonPlayerSilent
	case t.rematch[1-t.me] && !t.rematch[t.me]:
		is.reason = ReasonRematchOffered
	case t.rematch[t.me]:
		is.reason = ReasonRematchAsked
	}
	return is
}

// waiting is the standing while the game stands still. played reports whether a point has been played before.
func (t *table) waiting(now time.Time, played bool) standing {
	switch other := t.presence[1-t.me]; {
	case other == Left:
		return standing{stage: StageWaiting, reason: ReasonPlayerLeft, player: 1 - t.me}
	case t.watching && t.presence[t.me] == Left:
		return standing{stage: StageWaiting, reason: ReasonPlayerLeft, player: t.me}
	case other == Absent:
		return standing{stage: StageWaiting, reason: ReasonNoOpponent}
	}
	if away := t.away(); away >= 0 {
		return standing{
			stage: StagePaused, reason: ReasonPlayerSilent, player: away,
			seconds: int(max(t.until[away].Sub(now), 0).Seconds()),
		}
	}
	if t.started && played {
		return standing{stage: StagePaused, reason: ReasonResuming}
	}
	return standing{stage: StageReady, reason: ReasonNotStarted}
}

// away returns a player other than oneself from whom the server receives nothing, or -1.
func (t *table) away() int {
	for i := range t.presence {
		if t.presence[i] == Silent && (i != t.me || t.watching) {
			return i
		}
	}
	return -1
}
