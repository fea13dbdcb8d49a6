package netcode

import (
	"math"
	"time"
)

// The constants of the timing loop.
const (
	gain      = 0.05 // speed per tick of error: a third of what a listener or a player would notice
	slowest   = 0.92 // 8 % is invisible for the second or two that a correction lasts
	fastest   = 1.08
	deadBand  = 0.5 // ticks; below it the clock runs true, or the loop would chase its own noise
	farOff    = 12  // ticks; beyond it no slewing: jump
	leastLead = 1   // the smallest wanted margin, in ticks
	mostLead  = 12  // the largest
	late      = 0.35
	clean     = 0.012 // 29 clean reports forgive one late one: bursts are remembered for seconds
	stall     = 250 * time.Millisecond
)

// A Pacer decides which tick a client is at: ahead of the server by just so much that its inputs arrive in time. The
// server says how early they come (the margin); the Pacer turns the client's clock a few per cent until that is what
// it should be. No clocks are compared and no path is assumed to be symmetric.
//
// A correction shows in the margin only a round trip later. The Pacer therefore counts what it has already
// done but not yet seen the effect of, and corrects only the rest: a Smith predictor, which lets the loop settle
// without overshoot however long the round trip is. The idea is that of Unity's NetworkTimeSystem.
//
// The zero value wants its Period; Start sets it going.
type Pacer struct {
	Period time.Duration // of a tick

	last     time.Time
	position float64 // the client's present, in ticks
	speed    float64 // relative to real time
	extra    float64 // what late inputs have taught: ticks on top of the wanted margin
	wanted   float64
	moved    float64 // the sum of all corrections so far, in ticks
	past     [256]correction
	marks    int
	jumps    int
}

// correction is how far the clock had been corrected at a time.
type correction struct {
	at    time.Time
	moved float64
}

// Start sets the present to the tick at which an input sent now should arrive in time: newest is the newest tick
// heard of, rtt and tail the round trip and late tail (Link) so far.
func (p *Pacer) Start(now time.Time, newest Tick, rtt, tail time.Duration) {
	ahead := math.Ceil(ticks(rtt, p.Period)) + 2 + math.Ceil(ticks(tail, p.Period))
	p.last, p.position, p.speed = now, float64(newest)+ahead, 1
	p.wanted = p.target(tail)
	p.marks, p.moved = 0, 0
}

// Started reports whether the clock runs.
func (p *Pacer) Started() bool { return !p.last.IsZero() }

// Advance moves the clock to now and returns the client's present: the tick to have simulated up to. After a stall
// it is simply further on; Stalled tells that the time in between was not lived through.
func (p *Pacer) Advance(now time.Time) (present Tick, stalled bool) {
	dt := max(now.Sub(p.last), 0)
	p.last = now
	t := ticks(dt, p.Period)
	if dt > stall {
		p.position += t
		return Tick(p.position), true
	}
	p.position += t * p.speed
	p.shift(now, t*(p.speed-1))
	return Tick(p.position), false
}

// Present returns the client's present with its fraction of a tick: what to draw is as far between the two newest
// states as that fraction says.
func (p *Pacer) Present() float64 { return p.position }

// Margin is what a server reports about the inputs of a client since its last report, in ticks between an input's
// arrival and its use.
type Margin struct {
	Min   float64       // the smallest; negative is late
	Valid bool          // false: none arrived
	Late  bool          // a tick was played without its input
	Tail  time.Duration // the 99th percentile of the lateness on the way up (Link.Tail of the server)
}

// Report takes the server's report, which arrived now; flight is how long a correction takes to show in such a
// report: a round trip and the interval between two reports.
func (p *Pacer) Report(now time.Time, m Margin, flight time.Duration) {
	if m.Late {
		p.extra = min(p.extra+late, mostLead)
	} else {
		p.extra = max(p.extra-clean, 0)
	}
	p.wanted = p.target(m.Tail)
	if !m.Valid {
		p.speed = 1
		return
	}
	inFlight := p.moved - p.movedAt(now.Add(-flight))
	err := m.Min + inFlight - p.wanted
	switch {
	case math.Abs(err) > farOff:
		p.position -= err
		p.shift(now, -err)
		p.speed = 1
		p.jumps++
	case math.Abs(err) < deadBand:
		p.speed = 1
	default:
		p.speed = min(max(1-gain*err, slowest), fastest)
	}
}

// Wanted returns the margin that the Pacer steers for, in ticks.
func (p *Pacer) Wanted() float64 { return p.wanted }

// Speed returns the clock's speed relative to real time.
func (p *Pacer) Speed() float64 { return p.speed }

// Jumps returns how often the clock was too far off to slew.
func (p *Pacer) Jumps() int { return p.jumps }

func (p *Pacer) target(tail time.Duration) float64 {
	return min(max(0.5+ticks(tail, p.Period)+p.extra, leastLead), mostLead)
}

// shift books a correction of the clock. The marks are kept apart by at least a quarter of a tick so that they reach
// back over a second.
func (p *Pacer) shift(now time.Time, by float64) {
	p.moved += by
	newest := &p.past[(p.marks+len(p.past)-1)%len(p.past)]
	if p.marks > 0 && now.Sub(newest.at) < p.Period/4 {
		newest.moved = p.moved
		return
	}
	p.past[p.marks%len(p.past)] = correction{now, p.moved}
	p.marks++
}

// movedAt returns how far the clock had been corrected by a time.
func (p *Pacer) movedAt(at time.Time) float64 {
	moved := 0.0
	for i := p.marks - 1; i >= 0 && i > p.marks-1-len(p.past); i-- {
		c := p.past[i%len(p.past)]
		if !c.at.After(at) {
			return c.moved
		}
		moved = c.moved
		if i == 0 {
			return 0
		}
	}
	return moved
}
