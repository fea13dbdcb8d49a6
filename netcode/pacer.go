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
	clean     = 0.006 // 58 clean reports forgive one late one: in balance 1 report in 60 is late (docs/decisions/0006)
	stall     = 250 * time.Millisecond
	markEvery = 4   // marks to a tick
	marks     = 256 // over a second of them at 60 Hz
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
	silent   bool    // nothing had arrived at the last report
	astray   bool    // the clock was far off at the last report
	moved    float64 // the sum of all corrections so far, in ticks
	past     [marks]correction
	marked   int // corrections ever put into past
	jumps    int
}

// correction is how far the clock had been corrected at a time.
type correction struct {
	at    time.Time
	moved float64
}

// Start sets the present to the tick at which an input sent now should arrive in time: newest is the newest tick
// heard of, rtt and tail the round trip (Echo.RTT) and late tail (Lateness.P95) so far.
func (p *Pacer) Start(now time.Time, newest Tick, rtt, tail time.Duration) {
	ahead := math.Ceil(ticks(rtt, p.Period)) + 2 + math.Ceil(min(ticks(tail, p.Period), mostLead))
	p.last, p.position, p.speed = now, float64(newest)+ahead, 1
	p.wanted = p.target(tail)
	p.silent, p.astray = false, false
	p.marked, p.moved = 0, 0
}

// Started reports whether the clock runs.
func (p *Pacer) Started() bool { return !p.last.IsZero() }

// Advance moves the clock to now and returns the client's present: the tick to have simulated up to. It is lower than
// before only after a jump back (Jumps); then nothing is to be simulated until it has caught up. After a stall it is
// simply further on; stalled tells that the time in between was not lived through.
func (p *Pacer) Advance(now time.Time) (present Tick, stalled bool) {
	dt := max(now.Sub(p.last), 0)
	p.last = now
	t := ticks(dt, p.Period)
	p.position += t
	if dt > stall {
		return Tick(p.position), true
	}
	p.shift(now, t*(p.speed-1))
	return Tick(p.position), false
}

// Present returns the client's present with its fraction of a tick: what to draw is as far between the two newest
// states as that fraction says.
func (p *Pacer) Present() float64 { return p.position }

// InputReport is what a server reports about the inputs of a client since its last report, in ticks between an input's
// arrival and its use.
type InputReport struct {
	Min   float64       // the smallest of all but those known already (Again); negative is late
	Valid bool          // false: none arrived
	Late  bool          // a tick was played without its input
	Tail  time.Duration // the 99th percentile of the lateness on the way up (the server's Lateness.P99)
}

// Report takes the server's report, which arrived now; flight is how long a correction takes to show in such a
// report: a round trip and the interval between two reports.
func (p *Pacer) Report(now time.Time, m InputReport, flight time.Duration) {
	inFlight := p.moved - p.movedAt(now.Add(-flight))
	p.learn(m, inFlight)
	p.wanted = p.target(m.Tail)
	if !m.Valid {
		p.speed = 1
		return
	}
	err := m.Min + inFlight - p.wanted
	far := math.Abs(err) > farOff
	switch {
	case far && p.astray:
		p.shift(now, -err)
		p.speed = 1
		p.jumps++
		far = false
	case math.Abs(err) < deadBand:
		p.speed = 1
	default:
		p.speed = min(max(1-gain*err, slowest), fastest)
	}
	// One report is no proof: the first after an outage tells of inputs that were sent again and again until they came.
	p.astray = far
}

// learn widens the wanted margin when inputs were late and narrows it, much slower, when none was. Lateness that wider
// margins do not cure teaches nothing, or it would be paid for with seconds of a needlessly early clock: an outage,
// where nothing arrives at all, counts once; and while the clock is on its way forward the cure is on its way, too.
func (p *Pacer) learn(m InputReport, inFlight float64) {
	switch {
	case !m.Late:
		p.extra = max(p.extra-clean, 0)
	case !p.silent && inFlight < deadBand:
		p.extra = min(p.extra+late, mostLead)
	}
	p.silent = !m.Valid
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

// shift corrects the clock and books it. Small corrections share a mark for a quarter of a tick, so that the marks
// reach back over a second however often the clock is read.
func (p *Pacer) shift(now time.Time, by float64) {
	p.position = max(p.position+by, 0)
	p.moved += by
	if p.marked > 0 && math.Abs(by) < 1 {
		newest := &p.past[(p.marked-1)%marks]
		if now.Sub(newest.at) < p.Period/markEvery {
			newest.moved = p.moved
			return
		}
	}
	p.past[p.marked%marks] = correction{now, p.moved}
	p.marked++
}

// movedAt returns how far the clock had been corrected by a time; if that is too long ago, by the oldest mark.
func (p *Pacer) movedAt(at time.Time) float64 {
	moved := 0.0
	for i := p.marked - 1; i >= max(p.marked-marks, 0); i-- {
		c := p.past[i%marks]
		moved = c.moved
		if !c.at.After(at) {
			return moved
		}
	}
	if p.marked <= marks {
		return 0 // before the first mark
	}
	return moved
}
