package netcode

import (
	"time"
)

// A Lateness measures how late the datagrams of one direction are. A transit time is known only up to a constant, the
// difference of two clocks, but its excess over the smallest one of the last ten seconds is exact. A high quantile of
// that excess, the late tail, is what a buffer must cover. A standard deviation would make buffers too small, because
// delays on Wi-Fi have a long tail. The zero value is ready.
type Lateness struct {
	floor floor   // of the transit time, in milliseconds
	p99   float64 // of excess, if known is true
	known bool

	excess Window // milliseconds
}

// Add takes the time at which a datagram arrived, since any fixed moment, and its transit time plus any constant: At
// and Transit of its [Arrival].
func (l *Lateness) Add(now, transit time.Duration) {
	ms := float64(transit) / float64(time.Millisecond)
	come, gone := ms-l.floor.add(now, ms), l.excess.oldest()
	// Few samples move the percentile: one at or below it that replaces one below it does not. A server asks for it
	// after every third sample, for thousands of players.
	l.known = l.known && l.excess.Len() == WindowSize && come <= l.p99 && (gone < l.p99 || gone == come)
	l.excess.Add(come)
}

// P95 returns the 95th percentile of the lateness of the newest 256 datagrams: 13 s at 20 a second.
func (l *Lateness) P95() time.Duration {
	return time.Duration(l.excess.high(0.95) * float64(time.Millisecond))
}

// P99 returns the 99th percentile of the lateness of the newest 256 datagrams: the late tail.
func (l *Lateness) P99() time.Duration {
	if !l.known {
		l.p99, l.known = l.excess.high(0.99), true
	}
	return time.Duration(l.p99 * float64(time.Millisecond))
}

// floorMemory is how long the smallest sample counts. A longer memory would take clock drift for lateness (clocks
// that differ by 200 ppm drift apart by 2 ms in 10 s); a shorter one would forget how fast the path can be.
const floorMemory = 10 * time.Second

// A floor is the smallest sample of the last five to ten seconds: it keeps one for this half of floorMemory and one
// for the half before, and forgets each half as a whole. The zero value is ready.
type floor struct {
	begun        bool
	since        time.Duration // when this half began
	this, before float64
}

// add takes a sample and returns the smallest one.
func (f *floor) add(now time.Duration, x float64) float64 {
	switch age := now - f.since; {
	case !f.begun || age > floorMemory:
		*f = floor{begun: true, since: now, this: x, before: x}
	case age > floorMemory/2:
		*f = floor{begun: true, since: now, this: x, before: f.this}
	}
	f.this = min(f.this, x)
	return f.least()
}

func (f *floor) least() float64 { return min(f.this, f.before) }
