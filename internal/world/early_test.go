package world

import (
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A client that is too far ahead must be told, or its clock would never come back: the server can use none of its
// inputs.
func TestInput_TooEarlyIsReported(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 16, Up: lan, Down: lan})
	w.Join("left", nil)
	p := newPuppet(t, w)
	p.keepAlive(time.Second)
	tick := netcode.Tick(p.state().Tick)
	p.states = nil
	p.input(tick+2*netcode.History, game.Up, 1)
	w.Run(100 * time.Millisecond)
	if !slices.ContainsFunc(p.states, func(st wire.State) bool { return st.Margin.Valid && st.Margin.Min > 12 }) {
		t.Errorf("after an input for 256 ticks ahead none of %d STATEs reports it", len(p.states))
	}
}
