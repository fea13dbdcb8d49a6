package client

import (
	"pong/internal/game"
	"pong/netcode"
)

// Confirmed returns the state of a tick as the server has played it: its own word, or rebuilt from the inputs that it
// has told. ok is false for ticks that are still predicted, forgotten, or lost with too many STATEs in a row.
func (s *Session) Confirmed(tick uint32) (state game.State, ok bool) {
	if t := netcode.Tick(tick); t >= s.explained && t <= s.predictor.Confirmed() {
		return s.predictor.At(t)
	}
	return state, false
}

// SyncTest plays the last n predicted ticks again and reports whether they come out the same: for tests.
func (s *Session) SyncTest(n int) bool { return s.predictor.SyncTest(n) }

// Present returns the tick of the predicted present: the newest one that has been played here.
func (s *Session) Present() uint32 { return uint32(s.predictor.Head()) }

// Believed returns the state of a tick as it is taken to be now, confirmed or predicted, if it is remembered.
func (s *Session) Believed(tick uint32) (state game.State, ok bool) {
	return s.predictor.At(netcode.Tick(tick))
}
