package client

import (
	"pong/internal/game"
	"pong/internal/wire"
)

// A Confirmed is the game as a STATE has it, for what records games.
type Confirmed struct {
	Rules        game.Rules
	Names        [2]string
	Lineup, Game uint8 // as in wire.Standing: another game has other numbers. Game is 0 before one has begun.
	State        game.State
	Applied      []game.Inputs // the inputs of the ticks before the state, newest first; lent
}

// reportConfirmed passes a STATE on to what records games.
func (s *Session) reportConfirmed(st *wire.State) {
	if s.confirmed == nil {
		return
	}
	s.confirmed(Confirmed{
		Rules: s.simulation.rules, Names: s.control.names, Lineup: st.Standing.Lineup, Game: st.Standing.Game,
		State: st.Game, Applied: st.Applied[:min(int(st.Game.Tick), wire.HistoryLen)],
	})
}
