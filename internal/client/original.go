package client

import (
	"math"
	"time"

	"pong/internal/game"
)

// An Original draws like the program that this one replaces, from the STATEs that a Session receives. It shows what the
// techniques of this client are for, and it is the control of the laboratory, whose measures must show its known
// faults.
//
//   - The ball and the other paddle are where the newest STATE has them, and stand still until the next one.
//   - The own paddle moves at once with the key. A STATE moves it back to where the server had it and plays the
//     unacknowledged inputs again. But none is ever acknowledged, so these are all inputs since the last serve.
//   - Each input is sent once, and the clock is set once and never adjusted: OriginalSettings.
type Original struct {
	newest  uint32 // tick of the STATE that is drawn
	round   uint16
	pending []game.Input
	own     float64
	begun   bool
	at      time.Time // up to when ticks have been played, in a Session
}

// OriginalSettings are the techniques that the original does without when it sends.
var OriginalSettings = Settings{View: ViewPredict, NoRedundancy: true, NoTiming: true}

// Draw changes a Frame of a session to what the original shows with a key that is held. It is called once a tick, as
// the original draws 60 frames a second and plays a tick in each. It returns by how many pixels a STATE has moved the
// own paddle. Nothing is changed before the first STATE.
func (o *Original) Draw(f *Frame, s *Session, key game.Input) (corrected float64) {
	state, ok := s.Confirmed(f.Tick)
	if !ok {
		return 0
	}
	corrected = o.play(state, f.Me, key)
	o.show(f, state)
	return corrected
}

// play plays a tick with a key that is held. It returns by how many pixels a STATE that is new has moved the own
// paddle.
func (o *Original) play(newest game.State, me int, key game.Input) (corrected float64) {
	if newest.Tick != o.newest || !o.begun {
		corrected = o.take(newest, me)
		o.newest, o.begun = newest.Tick, true
	}
	if newest.Phase != game.Waiting && newest.Phase != game.Over {
		o.pending = append(o.pending, key)
		o.own = movedPaddle(o.own, key)
	}
	return corrected
}

// advance plays the ticks that are due at now, in a session, which draws at any rate. It returns by how many pixels
// STATEs have moved the own paddle.
func (o *Original) advance(now time.Time, newest game.State, me int, key game.Input) (corrected float64) {
	if now.Sub(o.at) > time.Second { // after a gap
		o.at = now.Add(-period)
	}
	for ; now.Sub(o.at) >= period; o.at = o.at.Add(period) {
		corrected += math.Abs(o.play(newest, me, key))
	}
	return corrected
}

// show changes a Frame to what the original shows.
func (o *Original) show(f *Frame, state game.State) {
	f.Ball = Point{pixels(state.Ball.X), pixels(state.Ball.Y)}
	f.BallInPlay = state.Phase == game.Playing
	f.Paddle[f.Me], f.Paddle[1-f.Me] = o.own, pixels(state.Paddle[1-f.Me])
	f.Raw = Raw{f.Ball, f.Paddle}
	f.Times.Remote, f.Times.Ball = float64(f.Tick), float64(f.Tick)
}

// take reconciles the own paddle with a STATE and returns how far that moved it.
func (o *Original) take(state game.State, me int) float64 {
	if state.Round != o.round { // RESET clears the buffers
		o.round, o.pending = state.Round, nil
	}
	before := o.own
	o.own = pixels(state.Paddle[me])
	for _, key := range o.pending {
		o.own = movedPaddle(o.own, key)
	}
	if !o.begun {
		return 0
	}
	return o.own - before
}

// movedPaddle returns where a paddle at y is after a tick with a key.
func movedPaddle(y float64, key game.Input) float64 {
	step := pixels(game.PaddleSpeed)
	switch key {
	case game.Up:
		return max(y-step, 0)
	case game.Down:
		return min(y+step, FieldHeight-PaddleHeight)
	}
	return y
}
