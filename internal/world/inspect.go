package world

import (
	"pong/internal/game"
	"pong/netcode"
)

// State returns the server's current state of a player's match.
func (w *World) State(p *Player) (state game.State, ok bool) { return w.Shard.State(p.id) }

// Inputs returns the server's counts of a player's inputs.
func (w *World) Inputs(p *Player) (counts netcode.InputCounts, ok bool) { return w.Shard.Inputs(p.id) }
