package world

import (
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A client that is far ahead hears so, or its clock would never find back: nothing of what it sends can be used.
func TestInput_TooEarlyIsReported(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 16, Up: lan, Down: lan})
	w.Join("left", nil)
	p := newPuppet(t, w)
	p.alive(time.Second)
	p.input(netcode.Tick(p.state().Tick)+2*netcode.History, game.Up, 1)
	p.heard = nil
	w.Run(100 * time.Millisecond)
	if !slices.ContainsFunc(p.heard, func(st wire.State) bool { return st.Margin.Valid && st.Margin.Min > 12 }) {
		t.Errorf("after an input for 256 ticks ahead no STATE of %d reports so", len(p.heard))
	}
}
