package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// receiveState takes a STATE, if it is newer than all before.
func (s *Session) receiveState(now time.Time, st *wire.State) {
	sim := &s.simulation
	if sim.predictor.Started() && st.Game.Tick <= sim.newest.Tick {
		s.measures.stale++
		return
	}
	if !sim.predictor.Started() {
		s.channel.lastSent = time.Time{} // the server waits for an echo of this STATE
	}
	before := netcode.Tick(sim.newest.Tick)
	sim.newest, s.measures.arrived = st.Game, now
	me := s.control.me
	if s.control.takeStanding(now, st.Standing); s.control.me != me {
		sim.running = false // what was predicted is of the other paddle
	}
	tick := netcode.Tick(st.Game.Tick)
	s.drawn.timeline.Observe(now, tick)
	s.measures.takeMargin(st.Margin)
	s.reportConfirmed(st)
	switch {
	case s.control.watching:
		s.follow(now, tick, before, st)
	case st.Game.Phase == game.Waiting || !sim.running || s.isUnused(before, st):
		s.restart(now, tick, st)
	default:
		s.reconcile(now, tick, before, st)
	}
	s.reportTicks(now)
}

// isUnused reports whether the server has used none of our inputs for a while, so that prediction must start anew: at a
// tick after before our seat was Away, which shows a pause or that the server stood still; or the present is so far
// ahead of the STATE that nothing can be predicted, although STATEs arrive.
func (s *Session) isUnused(before netcode.Tick, st *wire.State) bool {
	tick := netcode.Tick(st.Game.Tick)
	return wasAway(tick-before, st, s.control.me) || s.simulation.pacer.Present() >= float64(tick+netcode.History)
}

// wasAway reports whether a seat was Away in one of the newest ticks of a STATE.
func wasAway(newest netcode.Tick, st *wire.State, seat int) bool {
	for _, in := range st.Applied[:min(newest, wire.HistoryLen)] {
		if in[seat] == game.Away {
			return true
		}
	}
	return false
}

// restart takes a state as it is. Before a game and during a pause there is nothing to predict; when the game begins or
// goes on, prediction starts from this state.
func (s *Session) restart(now time.Time, tick netcode.Tick, st *wire.State) {
	s.simulation.restart(tick, st.Game)
	s.takeAhead(tick, st)
	s.drawn.restart(now, tick)
	if s.simulation.running = st.Game.Phase != game.Waiting; s.simulation.running {
		s.startClock(now, tick)
	}
}

// takeAhead takes the opponent's inputs for the ticks from that of a STATE on.
func (s *Session) takeAhead(tick netcode.Tick, st *wire.State) {
	if !s.settings.NoAhead {
		s.simulation.takeAhead(tick, s.control.me, &st.Ahead)
	}
}

// startClock sets the clock of the present by what the network was measured to do. The late tail is the server's: the
// client's own is about the other direction, and long after this process has stood still. The STATE may be an interval
// old.
func (s *Session) startClock(now time.Time, tick netcode.Tick) {
	s.simulation.startClock(now, tick, s.channel.shortRTT(), s.measures.tailUp+s.interval*period)
}

// reconcile corrects the predicted present by a STATE, and the timing by its report on our inputs.
func (s *Session) reconcile(now time.Time, tick, before netcode.Tick, st *wire.State) {
	sim, me := &s.simulation, s.control.me
	s.measures.lead = float64(sim.predictor.Head()) - float64(tick)
	s.measures.missed += st.Margin.Missed
	s.learnNews(tick, st)
	sim.takeApplied(tick, before, st)
	s.takeAhead(tick, st)
	was := s.drawn.raw(me)
	s.correct(now, sim.confirm(tick, st.Game, s.settings), was)
	s.takeAhead(tick, st) // again, as a new start has forgotten them
	sim.log.Ack(st.Acked[me])
	if s.settings.NoTiming {
		return
	}
	flight := s.channel.rtt() + s.interval*period
	if s.settings.NoInFlight {
		flight = 0
	}
	sim.pacer.Report(now, netcode.InputReport{
		Min: s.margin(st), Valid: st.Margin.Valid, Late: st.Margin.Missed > 0,
		Tail: s.measures.tailUp,
	}, flight)
}

// learnNews has the drawing learn how old the news about the opponent is in a STATE, and whether it had been drawn
// otherwise.
func (s *Session) learnNews(tick netcode.Tick, st *wire.State) {
	sim, d := &s.simulation, &s.drawn
	ahead := int(st.Ahead.N)
	if s.settings.NoAhead {
		ahead = 0
	}
	known := max(sim.known, tick+netcode.Tick(ahead))
	d.apart.Arrive(d.times.Own - float64(known))
	d.plan.observe(st.Game)
	if t, ok := sim.unforeseen(tick, st, ahead, 1-s.control.me); ok && !s.settings.NoTeaching {
		d.apart.Learn(float64(t) < d.times.Remote)
	}
	sim.known = known
}

// margin returns the margin for which the timing steers.
func (s *Session) margin(st *wire.State) float64 {
	if s.settings.NoCalm {
		return st.Margin.Min
	}
	return baseMargin(st, s.control.me)
}

// baseMargin returns the base margin of a player's inputs. Where that is more than a STATE can have, it returns how
// far the inputs that have arrived reach beyond the STATE. Otherwise the clock of a client that is a second ahead would
// seem to be off by a few ticks only, and would not jump.
func baseMargin(st *wire.State, player int) float64 {
	if st.Margin.Base < wire.MostMargin {
		return st.Margin.Base
	}
	return max(st.Margin.Base, float64(st.Acked[player])-float64(st.Game.Tick))
}

// correct has the drawing hide what a STATE has changed in the predicted present, and counts it.
func (s *Session) correct(now time.Time, c netcode.Correction[game.State], was picture) {
	if c.Resync {
		s.measures.resyncs++
		s.simulation.explained = netcode.Tick(c.After.Tick)
		s.startClock(now, netcode.Tick(c.After.Tick))
		s.drawn.snap()
		return
	}
	if me := s.control.me; c.Before.Paddle[me] != c.After.Paddle[me] {
		s.measures.corrected(now)
		s.measures.correctedBy += math.Abs(pixels(c.After.Paddle[me] - c.Before.Paddle[me]))
	}
	is := s.drawn.raw(s.control.me)
	if was.rally != is.rally || c.Before.Round != c.After.Round {
		s.drawn.snap()
		return
	}
	s.drawn.keep(was, is)
}

// follow takes a STATE as a watcher. Nothing is predicted: the present is the newest tick of the server, every tick up
// to it is the server's or replayed from its inputs, and all things are drawn at one time, a little before it.
func (s *Session) follow(now time.Time, tick, before netcode.Tick, st *wire.State) {
	sim, me := &s.simulation, s.control.me
	stood := s.drawn.isLate(now, tick) && (wasAway(tick-before, st, 0) || wasAway(tick-before, st, 1))
	if st.Game.Phase == game.Waiting || !sim.predictor.Started() || tick-before >= netcode.History/2 || stood {
		sim.restart(tick, st.Game)
		s.drawn.restart(now, tick)
		return
	}
	if tick-before > wire.HistoryLen {
		sim.explained = tick
	}
	was := s.drawn.raw(me)
	if sim.follow(tick, st) {
		s.drawn.keep(was, s.drawn.raw(me))
	}
}
