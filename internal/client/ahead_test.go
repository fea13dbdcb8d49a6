package client

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// After a STATE whose inputs ahead say that the opponent moves, the predicted paddle of the opponent moves at these
// ticks, although no further STATE arrives: at those that the client had predicted and at those beyond its present.
func TestSession_PlaysTheInputsAhead(t *testing.T) {
	for _, test := range []struct {
		name     string
		settings Settings
		want     game.Fixed
	}{
		{"with inputs ahead", Settings{}, 8 * game.PaddleSpeed},
		{"without", Settings{NoAhead: true}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newPeer(t, 1)
			f.s.SetSettings(test.settings)
			f.play()
			for f.state.Tick%wire.StateEvery != wire.StateEvery-1 {
				f.run(period, game.None)
			}
			f.ahead = wire.Ahead{N: wire.MaxAhead, Inputs: [wire.MaxAhead]game.Input{8: game.Up, 9: game.Down}}
			for i := range 8 {
				f.ahead.Inputs[i] = game.Down
			}
			f.run(period, game.None) // sends the STATE
			tick, sim := netcode.Tick(f.state.Tick), &f.s.simulation
			f.lose = true
			f.run(20*time.Second/game.TickRate, game.None)
			if ahead := int64(sim.predictor.Head()) - int64(tick); ahead < wire.MaxAhead {
				t.Fatalf("the present is %d ticks after the STATE, want %d or more", ahead, wire.MaxAhead)
			}
			after, _ := sim.predictor.At(tick + 8)
			if got := after.Paddle[1] - f.s.simulation.newest.Paddle[1]; got != test.want {
				t.Errorf("in 8 ticks from the STATE on the opponent's paddle has moved by %d, want %d", got, test.want)
			}
		})
	}
}
