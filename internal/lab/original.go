package lab

import (
	"math"

	"pong/internal/client"
	"pong/internal/game"
)

// original draws as the program does that this one replaces. It is the control: the measures must find in it what is
// known to be wrong with it.
//
//   - The ball and the other paddle are where the newest STATE has them, and stand still until the next one.
//   - The own paddle moves at once with the key. STATEs do not say up to which input they hold, so each one takes the
//     paddle back to where the server had it, half a round trip ago, with inputs that are older still.
type original struct {
	seat   int
	newest uint32 // the STATE that is drawn
	own    float64
	begun  bool
}

func newOriginal(seat int) *original { return &original{seat: seat} }

// draw puts into a frame what the control draws, out of the states that the session has received.
func (o *original) draw(f *Frame, s *client.Session) {
	f.Corrected = 0
	if f.Newest == 0 {
		return
	}
	state, ok := s.Confirmed(f.Newest)
	if !ok {
		return
	}
	if f.Newest != o.newest || !o.begun {
		server := pixels(state.Paddle[o.seat])
		if o.begun {
			f.Corrected = server - o.own
		}
		o.newest, o.own, o.begun = f.Newest, server, true
	}
	if f.Stage == client.StagePlaying || f.Stage == client.StageScored || f.Stage == client.StageCountdown {
		switch f.Key {
		case game.Up:
			o.own = math.Max(o.own-paddleStep, 0)
		case game.Down:
			o.own = math.Min(o.own+paddleStep, lowest)
		}
	}
	f.Ball = client.Point{X: pixels(state.Ball.X), Y: pixels(state.Ball.Y)}
	f.InPlay = state.Ball.VX != 0 || state.Phase == game.Playing
	f.Paddle[o.seat], f.Paddle[1-o.seat] = o.own, pixels(state.Paddle[1-o.seat])
	f.Times.Remote, f.Times.Ball = float64(f.Newest), float64(f.Newest)
}
