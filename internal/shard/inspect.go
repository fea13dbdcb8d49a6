package shard

import (
	"pong/internal/game"
	"pong/netcode"
	"pong/netcode/sealed"
)

// State returns the present state of a player's match, for the laboratory.
func (s *Shard) State(id sealed.ID) (state game.State, ok bool) {
	p := s.tables.sessions[id]
	if p == nil {
		return state, false
	}
	return p.seat.match.state, true
}

// Inputs returns the counts of a player's inputs, for the laboratory.
func (s *Shard) Inputs(id sealed.ID) (counts netcode.InputCounts, ok bool) {
	p := s.tables.sessions[id]
	if p == nil {
		return counts, false
	}
	return p.inputs.Counts(), true
}
