package world

import (
	"pong/internal/game"
	"pong/netcode"
)

// State returns the server's game of a player's match as it stands.
func (w *World) State(p *Player) (state game.State, ok bool) { return w.Shard.State(p.id) }

// Inputs returns what has become of a player's inputs at the server.
func (w *World) Inputs(p *Player) (counts netcode.InputCounts, ok bool) { return w.Shard.Inputs(p.id) }
