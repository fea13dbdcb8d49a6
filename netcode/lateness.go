package netcode

import (
	"time"
)

// A Lateness measures how late the late datagrams of one direction are. The transit time of a datagram is known but for a
// constant, the difference of two clocks; its excess over the smallest one of the last ten seconds is not. The high
// quantile of that excess is what buffers must cover: a standard deviation would under-size them, because delays on
// Wi-Fi have a long tail. The zero value is ready.
type Lateness struct {
	floor floor   // of the transit time, in milliseconds
	p99   float64 // of excess, if it is known
	known bool

	excess Window // milliseconds
}

// Add takes when a datagram arrived, since any fixed moment, and its transit time, off by a constant.
func (l *Lateness) Add(now, transit time.Duration) {
	ms := float64(transit) / float64(time.Millisecond)
	come, gone := ms-l.floor.add(now, ms), l.excess.oldest()
	// Few samples move the percentile: what comes at or below it instead of one from below it does not. A server asks after
	// every third one, for thousands of links.
	l.known = l.known && l.excess.Len() == WindowSize && come <= l.p99 && (gone < l.p99 || gone == come)
	l.excess.Add(come)
}

// P95 returns how late the 95th of 100 datagrams is: the 95th percentile of the newest 256.
func (l *Lateness) P95() time.Duration {
	return time.Duration(l.excess.high(0.95) * float64(time.Millisecond))
}

// P99 returns the 99th percentile; otherwise it is as P95.
func (l *Lateness) P99() time.Duration {
	if !l.known {
		l.p99, l.known = l.excess.high(0.99), true
	}
	return time.Duration(l.p99 * float64(time.Millisecond))
}

// floorMemory is for how long the smallest sample counts. It is a compromise: a longer one would take drift for
// lateness (clocks that differ by 200 ppm part by 2 ms in it), a shorter one would forget what the link can do.
const floorMemory = 10 * time.Second

// A floor is the smallest sample of the last ten seconds, or of five at least: it is kept for this half of the memory
// and for the last, and each half is forgotten as a whole. The zero value is ready.
type floor struct {
	begun        bool
	since        time.Duration // the beginning of this half
	this, before float64
}

// add takes a sample and returns the floor.
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
