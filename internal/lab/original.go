package lab

import (
	"math"

	"pong/internal/client"
	"pong/internal/game"
)

// An original draws like the program that this one replaces. It is the control: the measures must show its known
// faults. Its links, its server and its bots are those of the other variants.
//
//   - The ball and the other paddle are where the newest STATE has them, and stand still until the next one.
//   - The own paddle moves at once with the key. A STATE moves it back to where the server had it and plays the
//     unacknowledged inputs again. But none is ever acknowledged, so these are all inputs since the last serve.
//   - Each input is sent once, and the clock is set once and never adjusted.
type original struct {
	seat    int
	newest  uint32 // tick of the STATE that is drawn
	round   uint16
	pending []game.Input
	own     float64
	begun   bool
}

// originalSettings are the techniques that the control does without when it sends.
var originalSettings = client.Settings{NoRedundancy: true, NoTiming: true}

// draw draws a frame from the states that the session has received.
func (o *original) draw(f *Frame, s *client.Session) {
	f.Corrected = 0
	state, ok := s.Confirmed(f.Newest)
	if !ok {
		return
	}
	if f.Newest != o.newest || !o.begun {
		f.Corrected = o.take(state)
		o.newest, o.begun = f.Newest, true
	}
	if state.Phase != game.Waiting && state.Phase != game.Over {
		o.pending = append(o.pending, f.Key)
		o.own = moved(o.own, f.Key)
	}
	f.Ball = client.Point{X: pixels(state.Ball.X), Y: pixels(state.Ball.Y)}
	f.InPlay = state.Phase == game.Playing
	f.Paddle[o.seat], f.Paddle[1-o.seat] = o.own, pixels(state.Paddle[1-o.seat])
	f.Times.Remote, f.Times.Ball = float64(f.Newest), float64(f.Newest)
}

// take reconciles the own paddle with a STATE and returns how far that moved it.
func (o *original) take(state game.State) float64 {
	if state.Round != o.round { // RESET clears the buffers
		o.round, o.pending = state.Round, nil
	}
	before := o.own
	o.own = pixels(state.Paddle[o.seat])
	for _, key := range o.pending {
		o.own = moved(o.own, key)
	}
	if !o.begun {
		return 0
	}
	return o.own - before
}

// moved returns where a paddle at y is after a tick.
func moved(y float64, key game.Input) float64 {
	return math.Min(math.Max(y+wayOf(key)*paddleStep, 0), lowest)
}
