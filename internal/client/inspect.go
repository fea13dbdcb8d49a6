package client

import (
	"pong/internal/game"
	"pong/netcode"
)

// Confirmed returns the server's state of a tick: from a STATE, or replayed from the inputs of STATEs. ok is false for
// a tick that is still predicted, forgotten, or lost with too many STATEs in a row. The laboratory compares it with
// the server.
func (s *Session) Confirmed(tick uint32) (state game.State, ok bool) {
	sim := &s.simulation
	if t := netcode.Tick(tick); t >= sim.explained && t <= sim.predictor.Confirmed() {
		return sim.predictor.At(t)
	}
	return state, false
}

// Believed returns the state of a tick as it is taken to be now, confirmed or predicted, if it is remembered.
func (s *Session) Believed(tick uint32) (state game.State, ok bool) {
	return s.simulation.predictor.At(netcode.Tick(tick))
}

// Present returns the tick of the predicted present, which is the newest one that was played here.
func (s *Session) Present() uint32 { return uint32(s.simulation.predictor.Head()) }

// SyncTest replays the last n predicted ticks and reports whether the states are the same again.
func (s *Session) SyncTest(n int) bool { return s.simulation.predictor.SyncTest(n) }
