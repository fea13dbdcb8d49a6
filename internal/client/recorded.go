package client

import "pong/internal/game"

// FrameOf returns the Frame of a game that needs no network, such as a recorded one: a part of a tick after a state, on
// the way to the next. Everything is drawn at this one time, and there are no figures.
func FrameOf(rules game.Rules, a, b game.State, part float64) Frame {
	p := between(a, b, part)
	f := Frame{
		Paddle: p.paddles, Ball: p.ball, BallInPlay: p.rally, Points: int(rules.Points), Tick: a.Tick,
		Score: [2]int{int(a.Score[0]), int(a.Score[1])}, Scorer: -1, Winner: -1, PaddlesRest: a.PaddlesRest(),
		Presence: [2]Presence{Online, Online},
	}
	switch a.Phase {
	case game.Waiting:
		f.Stage = StagePaused
	case game.Countdown:
		f.Stage, f.Countdown = StageCountdown, (int(a.Timer)+game.TickRate-1)/game.TickRate
	case game.Playing:
		f.Stage, f.BallInPlay = StagePlaying, true
	case game.Scored:
		f.Stage = StageScored
	case game.Over:
		f.Stage, f.Winner = StageOver, int(a.Winner)-1
	}
	if f.Stage == StageCountdown || f.Stage == StageScored {
		f.Serve = nextServe(rules, a)
	}
	return f
}

// EventsBetween appends the events of the tick between two states.
func EventsBetween(dst []Event, before, after game.State) []Event {
	set := game.Events(before, after)
	for _, e := range []struct {
		of   game.Event
		seen Event
	}{
		{game.Hit, EventHit}, {game.Wall, EventWall}, {game.Point, EventPoint}, {game.Serve, EventServe},
		{game.GameOver, EventOver},
	} {
		if set.Has(e.of) {
			dst = append(dst, e.seen)
		}
	}
	return dst
}
