package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// A player who is nearer to the server than the opponent sees each move sooner. With a Fairness, the server asks the
// nearer one for earlier inputs, by the shared lead: it reports margins that count from that long before the ticks, and
// the client's clock goes ahead until they are as wanted. Inputs that come later than asked for, but before their
// ticks, count as ever.
//
// The nearer player is then as far ahead of the server as one whose way is longer, and so sees the opponent later. The
// server also has the nearer player's inputs earlier, and can reveal them to the other one.
const (
	mostShared = 6  // ticks of shared lead with wire.FairnessShare: all that a lie about the round trip can gain
	mostEqual  = 24 // with wire.FairnessEqual

	// balanceEvery is how many ticks lie between two changes of the shared leads of a match. balanceStep is the
	// greatest change, in ticks: a client's clock follows by running 1.6 % fast or slow, which nobody notices.
	balanceEvery = 15
	balanceStep  = balanceEvery / 64.0
)

// balance moves the shared leads of a match towards what they should be.
func (s *Shard) balance(m *match) {
	for i := range m.seats {
		if p := m.seats[i].session; p != nil {
			p.trips.add(m.tick(), p.echo.Least())
		}
	}
	wanted := m.sharedLeads(s.cfg.Fairness)
	for i := range m.seats {
		lead := &m.seats[i].sharedLead
		change := wanted[i] - *lead
		if m.begun { // before, no clock runs that could be seen to change its speed
			change = min(max(change, -balanceStep), balanceStep)
		}
		*lead += change
	}
}

// sharedLeads returns what the shared leads of a match should be, in ticks. One of them is 0 at least.
func (m *match) sharedLeads(f wire.Fairness) (leads [2]float64) {
	left, right := m.seats[0].session, m.seats[1].session
	if f == wire.FairnessOff || left == nil || right == nil || min(left.echo.Samples(), right.echo.Samples()) == 0 {
		return leads
	}
	further, most := inTicks(right.trips.least()-left.trips.least())/2, mostShared
	if f == wire.FairnessEqual {
		further, most = right.behind()-left.behind(), mostEqual
	}
	near := 0
	if further < 0 {
		near, further = 1, -further
	}
	// Two players who are equally far away are measured to differ by a fraction of a tick, now in favour of one and now
	// of the other. Up to a tick counts for nothing, and from two on all.
	leads[near] = min(further, max(2*(further-1), 0), float64(most))
	return leads
}

// behind returns, up to a constant, by how many ticks a client without a shared lead plays later than it sees the
// opponent: its lead over the server, and the age of what it knows. How late STATEs are is known to the client alone,
// and taken to be as INPUTs are.
func (p *session) behind() float64 {
	return inTicks(p.trips.least()+p.lateness.Tail()) + p.early - p.seat.sharedLead
}

// A leastTrip is the shortest round trip of a player in the last 5 to 10 s. A mean would be longer now for one and now
// for the other of two players with the same bad network. The zero value is ready.
type leastTrip struct {
	since        netcode.Tick // when this half of the time began
	this, before time.Duration
}

// tripMemory is the half of the time, in ticks.
const tripMemory = 5 * game.TickRate

// add takes the shortest of the round trips measured lately, at a tick of the match.
func (l *leastTrip) add(now netcode.Tick, trip time.Duration) {
	switch {
	case trip == 0: // none was measured
		return
	case l.this == 0:
		l.since, l.this, l.before = now, trip, trip
	case now-l.since >= tripMemory:
		l.since, l.before, l.this = now, l.this, trip
	}
	l.this = min(l.this, trip)
}

func (l *leastTrip) least() time.Duration { return min(l.this, l.before) }

func inTicks(d time.Duration) float64 { return float64(d) / float64(Period) }
