package netcode

import (
	"math"
	"time"
)

// The constants of the timing loop. They are chosen for 60 ticks and 20 reports a second.
const (
	gain     = 0.05 // speed per tick of error while inputs are early: a third of what a player would notice
	lateGain = 0.1  // the same while they are late: each that comes too late is lost
	slowest  = 0.92 // 8 % is invisible for the second or two that a correction lasts
	fastest  = 1.08

	// The clock is corrected from startOff ticks of error on, until there are less than stopOff. A clock that runs at
	// its normal speed nearly always is steadier than one that is always a little better.
	startOff = 0.65
	stopOff  = 0.22

	farOff    = 12 // ticks; beyond it the clock jumps
	leastLead = 1  // the smallest wanted margin, in ticks
	mostLead  = 12 // the largest

	// late is how many ticks a late report adds to the wanted margin, and clean how many any other report takes off it
	// again: in balance 1 report in 60 is late (docs/decisions/0006).
	late  = 0.35
	clean = 0.006

	// A burst of late reports can add more than mostUsual ticks. After calmAfter reports without a late one, each takes
	// calm off what is above.
	mostUsual = 6
	calmAfter = 60 // 3 s
	calm      = 0.06

	stall     = 250 * time.Millisecond // between two Advances: the process stood still
	hitch     = 100 * time.Millisecond // between two Advances: late inputs are this process's doing
	markEvery = 4                      // marks per tick
	marks     = 256                    // over a second of them at 60 Hz
)

// A Pacer decides which tick a client is at: ahead of the server by just enough for its inputs to arrive in time. The
// server reports how early they arrive (the margin), and the Pacer runs the client's clock up to 8 % faster or slower
// until the margin is as wanted. It compares no clocks and does not assume that both directions take the same time.
//
// The margin that it steers is the one that the inputs would have had over the path at its fastest, without losses, and
// the wanted one is how late inputs are ([InputLateness]). A late or lost datagram changes neither by much, so the
// clock is calm. Where a path becomes slower, inputs are as much later as their margins are smaller: the clock makes up
// for it once.
//
// A correction shows in the margin only a round trip later. The Pacer therefore subtracts the corrections whose
// effect it has not seen yet and corrects only the rest. This is a Smith predictor, as in Unity's NetworkTimeSystem:
// the loop settles without overshoot, however long the round trip is.
//
// Set Period in a zero Pacer; Start makes it run.
type Pacer struct {
	Period time.Duration // of a tick

	last     time.Time
	position float64   // the client's present, in ticks
	speed    float64   // relative to real time
	extra    float64   // ticks that late inputs have added to the wanted margin
	before   float64   // extra at the last Advance
	inTime   int       // reports since the last late one
	hitched  time.Time // the end of the newest hitch
	wanted   float64
	silent   bool    // no input had arrived at the last report
	astray   bool    // the clock was far off at the last report
	moved    float64 // the sum of all corrections so far, in ticks
	past     [marks]correction
	marked   int // how many corrections were ever put into past
	jumps    int
}

// A correction is the sum of all corrections up to a time.
type correction struct {
	at    time.Time
	moved float64
}

// Start sets the present to the tick at which an input that is sent now should arrive in time. newest is the newest
// tick whose state has arrived, rtt the round trip (Echo.RTT) and tail the late tail measured so far
// (InputLateness.Tail).
func (p *Pacer) Start(now time.Time, newest Tick, rtt, tail time.Duration) {
	ahead := math.Ceil(ticks(rtt, p.Period)) + 2 + math.Ceil(min(ticks(tail, p.Period), mostLead))
	p.elapse(now)
	p.position, p.speed = float64(newest)+ahead, 1
	p.wanted = p.target(tail)
	p.silent, p.astray = false, false
	p.marked, p.moved = 0, 0
}

// Started reports whether Start was called.
func (p *Pacer) Started() bool { return !p.last.IsZero() }

// Advance moves the clock to now and returns the client's present: the tick up to which to simulate. It is lower than
// before only after a jump back (see Jumps); then simulate nothing until it has caught up. After more than 250 ms
// without a call it is simply further on, and stalled says that no player acted in the ticks between.
func (p *Pacer) Advance(now time.Time) (present Tick, stalled bool) {
	dt := p.elapse(now)
	t := ticks(dt, p.Period)
	p.position += t
	if dt > stall {
		return Tick(p.position), true
	}
	p.shift(now, t*(p.speed-1))
	return Tick(p.position), false
}

// nudge is by how many ticks Hasten moves the clock at most: as much as the slowest clock loses in a tick, and half as
// much again. intoTick is how far into the tick it moves it, so that the effect of the input can be seen.
const (
	nudge    = 1.5 * (1 - slowest)
	intoTick = 0.02
)

// Hasten returns the present that Advance has returned, or the next tick, if it is less than an eighth of a tick ahead:
// then it moves the clock there. Call it at an input that should count at once. A clock that runs a little slower than
// the screen's would otherwise have no tick for it in one frame of some fifty, and the input would wait for the next.
func (p *Pacer) Hasten(now time.Time) (present Tick) {
	whole := math.Floor(p.position)
	if missing := whole + 1 - p.position; missing <= nudge {
		p.shift(now, missing+intoTick)
	}
	return Tick(p.position)
}

// elapse moves last to now and returns the time between. After a hitch it forgets what was learned meanwhile.
func (p *Pacer) elapse(now time.Time) time.Duration {
	dt := max(now.Sub(p.last), 0)
	if p.Started() && dt > hitch {
		p.extra, p.hitched = p.before, now
	}
	p.last, p.before = now, p.extra
	return dt
}

// Present returns the client's present with its fraction of a tick. Draw things that far between the two newest
// states.
func (p *Pacer) Present() float64 { return p.position }

// An InputReport is a server's report to a client about its inputs since the last report. A margin is the time in
// ticks from an input's arrival to its tick.
type InputReport struct {
	Min   float64       // the smallest margin over the path at its fastest, without losses: see InputLateness
	Valid bool          // an input arrived, so Min has a meaning
	Late  bool          // a tick was played without its input
	Tail  time.Duration // how late inputs are: the server's InputLateness.Tail
}

// Report takes a report that arrived now. flight is how long a correction takes to show in a report: a round trip and
// the interval between two reports.
func (p *Pacer) Report(now time.Time, m InputReport, flight time.Duration) {
	inFlight := p.moved - p.movedAt(now.Add(-flight))
	p.learn(m, inFlight, now.Sub(p.hitched) < flight)
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
	case math.Abs(err) < stopOff || math.Abs(err) < startOff && p.speed == 1:
		p.speed = 1
	case err < 0:
		p.speed = min(1-lateGain*err, fastest)
	default:
		p.speed = max(1-gain*err, slowest)
	}
	// The clock jumps only after two such reports: the first one after an outage is about inputs that were sent again
	// and again until they arrived.
	p.astray = far
}

// learn widens the wanted margin if inputs were late and narrows it, much more slowly, if none was. Lateness that a
// wider margin cannot cure does not count, or the clock would be too early for seconds afterwards: an outage, in
// which nothing arrives, counts once, and nothing counts while a correction forward is still in flight. Nor does a
// report count that is about a hitch of this process: one since the last Advance before it, or so soon after it that it
// may be about the time before.
func (p *Pacer) learn(m InputReport, inFlight float64, hitched bool) {
	switch {
	case !m.Late && p.extra > mostUsual && p.inTime >= calmAfter:
		p.extra -= calm
	case !m.Late:
		p.extra = max(p.extra-clean, 0)
	case !p.silent && inFlight < startOff && !hitched:
		p.extra = min(p.extra+late, mostLead)
	}
	if p.inTime++; m.Late {
		p.inTime = 0
	}
	p.silent = !m.Valid
}

// Wanted returns the wanted margin, in ticks.
func (p *Pacer) Wanted() float64 { return p.wanted }

// Speed returns the clock's speed relative to real time.
func (p *Pacer) Speed() float64 { return p.speed }

// Jumps returns how often the clock has jumped because it was too far off.
func (p *Pacer) Jumps() int { return p.jumps }

func (p *Pacer) target(tail time.Duration) float64 {
	return min(max(0.5+ticks(tail, p.Period)+p.extra, leastLead), mostLead)
}

// shift corrects the clock and records the correction. Small corrections within a quarter of a tick share a mark, so
// that the marks reach back for over a second, however often Advance is called.
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

// movedAt returns the sum of all corrections up to a time; up to the oldest mark, if the time is before it.
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
