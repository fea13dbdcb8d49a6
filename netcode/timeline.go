package netcode

import "time"

// A Timeline is the clock by which the things of others are drawn: as late as the network demands and no later. It
// follows the newest tick that the server can have reached, minus a delay that covers the interval between states and
// the late tail. It runs at most 8 % faster or slower than real time and never backwards, and it stands still only if
// there is nothing newer to draw.
//
// Set Period in a zero Timeline. A match whose ticks start again needs a new Timeline.
type Timeline struct {
	Period time.Duration // of a tick

	epoch    time.Time // when the first state arrived
	observed bool
	late     floor // the shortest time from a state's tick to its arrival, in ticks, plus a constant

	last     time.Time
	position float64
	running  bool
}

// slew is by how much a Timeline may run faster or slower than real time.
const slew = 0.08

// snap is the error in ticks from which on a Timeline jumps forward: after a stall or an outage, running faster would
// take seconds.
const snap = 15

// Observe takes the tick of a state that arrived at now.
func (l *Timeline) Observe(now time.Time, t Tick) {
	if !l.observed {
		l.epoch, l.observed = now, true
	}
	l.late.add(now.Sub(l.epoch), l.elapsed(now)-float64(t))
}

// Server returns the tick of a state that arrives at now as fast as the fastest recent one.
func (l *Timeline) Server(now time.Time) float64 {
	if !l.observed {
		return 0
	}
	return l.elapsed(now) - l.late.least()
}

func (l *Timeline) elapsed(now time.Time) float64 { return ticks(now.Sub(l.epoch), l.Period) }

// Advance moves the clock to now, towards delay ticks behind Server, and returns its position in ticks. It does not
// pass limit, the newest tick that can be drawn.
func (l *Timeline) Advance(now time.Time, delay, limit float64) float64 {
	if !l.observed {
		return 0
	}
	target := min(l.Server(now)-delay, limit)
	if !l.running || target-l.position > snap {
		l.position, l.last, l.running = max(target, l.position), now, true
		return l.position
	}
	t := ticks(now.Sub(l.last), l.Period)
	l.last = now
	next := l.position + min(max(target-l.position, t*(1-slew)), t*(1+slew))
	l.position = max(l.position, min(next, limit))
	return l.position
}

// Restart lets the next Advance jump to where the clock should be. Call it after a serve or a reset, when nothing on
// the screen connects the two times.
func (l *Timeline) Restart() { l.running, l.position = false, 0 }

// Position returns the position in ticks that Advance returned last.
func (l *Timeline) Position() float64 { return l.position }
