package shard

import (
	"pong/netcode"
	"pong/netcode/sealed"
)

// Inputs returns what became of a player's inputs so far, for who looks on from the same process.
func (s *Shard) Inputs(id sealed.ID) (counts netcode.InputCounts, ok bool) {
	p := s.sessions[id]
	if p == nil {
		return counts, false
	}
	return p.inputs.Counts(), true
}
