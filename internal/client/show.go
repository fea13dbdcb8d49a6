package client

import (
	"fmt"
	"strings"
	"time"

	"pong/internal/game"
)

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
	v.Stage, v.Notice = s.stage(now, shown)
	switch v.Stage {
	case StageCountdown:
		v.Countdown = (int(shown.Timer) + game.TickRate - 1) / game.TickRate
	case StageScored:
		v.Scorer = s.drawn.events.scorer
	case StageOver:
		v.Winner = s.winner()
		if t.end != nil {
			v.Score = [2]int{t.end.Score1, t.end.Score2}
		}
	}
	rally := shown.Ball.VX != 0
	v.BallInPlay = v.Stage == StagePlaying || rally && (v.Stage == StagePaused || v.Stage == StageCountdown || v.Stage == StageLost)
	return v
}

// stage says where the player stands, and the sentence that goes with it.
func (s *Session) stage(now time.Time, shown game.State) (Stage, string) {
	t := &s.table
	silence := s.silence(now)
	switch {
	case t.closed:
		return StageClosed, t.why
	case s.givenUp(now):
		return StageClosed, fmt.Sprintf("The server has not answered for %d s. It may be down, or the network between may be.", int(silence.Seconds()))
	case t.closing:
		return StageLost, "The server is shutting down or starting again." + t.comingBack()
	case silence > lostAfter && !t.control:
		return StageLost, fmt.Sprintf("The server is gone, %d s ago.", int(silence.Seconds())) + t.comingBack()
	case silence > lostAfter:
		return StageLost, fmt.Sprintf("No answer from the server for %d s.", int(silence.Seconds())) + t.comingBack()
	case shown.Phase == game.Over, t.end != nil && (t.end.Message != "" || shown.Phase == game.Waiting):
		return s.over()
	}
	switch shown.Phase {
	case game.Countdown:
		return StageCountdown, strings.TrimSpace(t.another())
	case game.Playing:
		return StagePlaying, t.notice
	case game.Scored:
		return StageScored, ""
	}
	stage, notice := s.waiting(now)
	return stage, t.another() + notice
}

// silence is for how long nothing has come over the game channel.
func (s *Session) silence(now time.Time) time.Duration {
	if heard := s.link.Heard(); !heard.IsZero() {
		return now.Sub(heard)
	}
	return now.Sub(s.born)
}

// givenUp reports whether the server has been looked for long enough. While this process stood still, it was not.
func (s *Session) givenUp(now time.Time) bool {
	return min(s.silence(now), now.Sub(s.woke)) > s.cfg.Patience
}

// waking reports whether this process has just stood still. It has heard nothing meanwhile, and that is not the network's
// doing.
func (s *Session) waking(now time.Time) bool {
	return now.Sub(s.lastUpdate) > stoodStill || now.Sub(s.woke) < wakesWithin
}

// deaf is for how long the game channel has carried nothing one way: nothing comes, or the server says that nothing of
// ours does.
func (s *Session) deaf(now time.Time) time.Duration {
	if s.waking(now) {
		return 0
	}
	if s.table.unheard.IsZero() {
		return s.silence(now)
	}
	return max(s.silence(now), now.Sub(s.table.unheard))
}

// another says that this is not the match that there was before, if so.
func (t *table) another() string {
	if !t.fresh {
		return ""
	}
	return "The match before is gone: the server was started again, or has given the seat away. "
}

// comingBack says what is being done about a server that is not there.
func (t *table) comingBack() string {
	if t.tries == 0 {
		return " Waiting for it to come back."
	}
	return fmt.Sprintf(" Coming back by itself: try %d.", t.tries)
}

// over is the stage after a game: for as long as the other is there, another can follow.
func (s *Session) over() (Stage, string) {
	t := &s.table
	if t.end == nil {
		return StageOver, ""
	}
	notice := t.result()
	switch {
	case t.presence[1-s.me] == Left:
		notice += " Waiting for somebody new."
	case !t.control:
		notice += " The control channel is closed, so there can be no rematch."
	case t.watching:
	case t.presence[1-s.me] == Silent:
		notice += " Nothing is heard from " + t.other() + "."
	case t.rematch[1-s.me] && !t.rematch[s.me]:
		notice += " " + t.other() + " wants a rematch."
	case t.rematch[s.me]:
		notice += " Waiting for " + t.other() + " to agree to a rematch."
	}
	return StageOver, notice
}

// waiting tells apart why the game stands still.
func (s *Session) waiting(now time.Time) (Stage, string) {
	t := &s.table
	switch other := t.presence[1-s.me]; {
	case t.watching && (other == Left || t.presence[s.me] == Left):
		return StageWaiting, "A player has left. Waiting for somebody new."
	case other == Absent && t.room != "":
		return StageWaiting, "Waiting for whoever joins the room " + t.room + "."
	case other == Absent:
		return StageWaiting, "Waiting for an opponent."
	case other == Left:
		return StageWaiting, "The other player has left. Waiting for somebody new."
	}
	if away := t.away(); away >= 0 {
		left := max(t.until[away].Sub(now), 0)
		return StagePaused, fmt.Sprintf("Nothing is heard from %s. The match is paused; the seat is kept for another %d s.",
			t.name(away), int(left.Seconds()))
	}
	if t.started && s.newest.Round > 0 {
		return StagePaused, "The match is paused."
	}
	return StageReady, "Both players are here. Waiting for the server to start the match."
}

func (s *Session) winner() int {
	if s.table.end != nil {
		return s.table.end.Winner - 1
	}
	return int(s.newest.Winner) - 1
}

// linkFigures returns the numbers of the HUD. What has to be sorted or counted is renewed a few times a second.
func (s *Session) linkFigures(now time.Time) Figures {
	l := &s.link
	if now.Sub(s.figures.at) > time.Second/4 {
		q := [3]float64{0.5, 0.95, 0.99}
		l.RTT.Quantiles(q[:]...)
		s.figures = figures{at: now, quantiles: q, corrections: s.stats.lastMinute(now)}
	}
	q := s.figures.quantiles
	return Figures{
		Latency: l.Latency(), Jitter: l.Jitter(), P50: q[0], P95: q[1], P99: q[2],
		LossUp: s.lossUp, LossDown: l.Loss.Share(), BurstDown: l.Loss.Burst(),
		Lead: s.lead, Margin: s.margin, Wanted: s.pacer.Wanted(),
		Corrections: s.stats.corrections, CorrectionsPerMin: float64(s.figures.corrections),
		Missed: s.stats.missed,
		Sent:   s.stats.sent, Received: s.stats.received, Samples: l.Samples(),
		BytesUp: s.stats.bytesUp, BytesDown: s.stats.bytesDown,
	}
}

// figures are those that are not computed for every frame.
type figures struct {
	at          time.Time
	quantiles   [3]float64
	corrections int
}

// lastMinute counts the corrections of the last minute, as far as they are remembered.
func (s *sessionStats) lastMinute(now time.Time) int {
	n := 0
	for _, at := range s.recent[:min(s.corrections, len(s.recent))] {
		if now.Sub(at) < time.Minute {
			n++
		}
	}
	return n
}
