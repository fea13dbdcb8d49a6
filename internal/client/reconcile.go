package client

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// confirm takes the server's word on a tick.
func (s *Session) confirm(tick netcode.Tick, state game.State) netcode.Correction[game.State] {
	if s.cfg.Settings.NoExactness {
		state.Ball.X -= state.Ball.X % game.One
		state.Ball.Y -= state.Ball.Y % game.One
	}
	if !s.cfg.Settings.NoReconciliation {
		return s.predictor.Confirm(tick, state)
	}
	c := netcode.Correction[game.State]{Before: s.predictor.Present(), After: state}
	c.After.Tick = c.Before.Tick
	s.predictor.Start(s.predictor.Head(), c.After)
	s.explained = s.predictor.Head() + 1 // nothing here is what the server has played at its tick
	return c
}

// stateEvery is how many ticks lie between two STATEs of this server.
func (s *Session) stateEvery() time.Duration {
	if rate := s.cfg.Welcome.StateRate; rate > 0 {
		return time.Duration(game.TickRate / rate)
	}
	return wire.StateEvery
}

// report hands the server's report to the timing loop.
func (s *Session) report(now time.Time, m netcode.InputReport) {
	if s.cfg.Settings.NoTiming {
		return
	}
	flight := s.rtt() + s.stateEvery()*period
	if s.cfg.Settings.NoInFlight {
		flight = 0
	}
	s.pacer.Report(now, m, flight)
}
