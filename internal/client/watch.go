package client

import (
	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// follow takes a STATE as one who looks on. Nothing is predicted: the present is the newest tick that the server has
// played, every tick up to it is the server's word or played again from the inputs that it has told, and all things are
// drawn at one time a little before it.
func (s *Session) follow(tick netcode.Tick, st *wire.State, before game.State) {
	if st.Game.Phase == game.Waiting || !s.predictor.Started() || tick-netcode.Tick(before.Tick) >= netcode.History/2 {
		s.predictor.Start(tick, st.Game)
		s.explained = tick
		s.drawn.snap()
		return
	}
	if tick-netcode.Tick(before.Tick) > wire.HistoryLen {
		s.explained = tick
	}
	was := s.raw()
	for t := s.predictor.Head(); t < tick; t++ {
		if ago := tick - 1 - t; ago < wire.HistoryLen {
			s.predictor.SetInput(0, t, st.Applied[ago][0])
			s.predictor.SetInput(1, t, st.Applied[ago][1])
		}
		s.predictor.Advance()
	}
	if c := s.predictor.Confirm(tick, st.Game); c.Mismatch {
		s.drawn.keep(was, s.raw())
	}
}
