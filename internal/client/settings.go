package client

import (
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// Settings switch techniques off one by one, to show and to measure what each of them is for. The zero value has all of
// them on, which is how the game is played.
type Settings struct {
	NoReconciliation bool // a STATE is taken for the present: as if it acknowledged no input, the newest ones are forgotten
	NoRedundancy     bool // an INPUT carries the newest input only
	NoTiming         bool // the clock runs on as it was started, whatever the server says about margins
	NoInFlight       bool // the timing loop does not count the corrections whose effect is still on its way
	NoSmoothing      bool // corrections are drawn at once
	NoExactness      bool // STATEs are taken as if they came in whole pixels, not in the numbers that the server computes with
}

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

// report hands the server's report to the timing loop.
func (s *Session) report(now time.Time, m netcode.Margin) {
	if s.cfg.Settings.NoTiming {
		return
	}
	flight := s.rtt() + stateEvery*period
	if s.cfg.Settings.NoInFlight {
		flight = 0
	}
	s.pacer.Report(now, m, flight)
}
