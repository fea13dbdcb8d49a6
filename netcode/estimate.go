package netcode

import (
	"math/bits"
	"slices"
	"time"
)

// WindowSize is how many samples a Window keeps: at 20 a second, 13 seconds.
const WindowSize = 256

// A Window keeps the newest WindowSize samples of a figure. The zero value is ready.
type Window struct {
	samples [WindowSize]float64
	n       int // samples ever added
}

// Add adds a sample.
func (w *Window) Add(x float64) {
	w.samples[w.n%WindowSize] = x
	w.n++
}

// Len returns how many samples are kept.
func (w *Window) Len() int { return min(w.n, WindowSize) }

// Mean returns the mean of the newest n samples; 0 without any.
func (w *Window) Mean(n int) float64 {
	n = min(n, w.Len())
	if n == 0 {
		return 0
	}
	sum := 0.0
	for i := range n {
		sum += w.back(i)
	}
	return sum / float64(n)
}

// Successive returns the mean absolute difference between neighbours among the newest n samples; 0 below two.
func (w *Window) Successive(n int) float64 {
	n = min(n, w.Len())
	if n < 2 {
		return 0
	}
	sum := 0.0
	for i := range n - 1 {
		sum += max(w.back(i)-w.back(i+1), w.back(i+1)-w.back(i))
	}
	return sum / float64(n-1)
}

// Quantiles fills q with the values below which the shares in q lie (nearest rank), in place: a share of 0.99 becomes
// the 99th percentile. Without samples all are 0.
func (w *Window) Quantiles(q ...float64) []float64 {
	sorted := w.samples
	s := sorted[:w.Len()]
	slices.Sort(s)
	for i, share := range q {
		q[i] = 0
		if len(s) > 0 {
			q[i] = s[min(len(s)-1, int(share*float64(len(s))))]
		}
	}
	return q
}

func (w *Window) back(i int) float64 { return w.samples[(w.n-1-i)%WindowSize] }

// A Tail measures how late the late datagrams of one direction are. The transit time of a datagram is known but for a
// constant, the difference of two clocks; its excess over the smallest one of the last ten seconds is not. The high
// quantile of that excess is what buffers must cover: a standard deviation would under-size them, because delays on
// Wi-Fi have a long tail. The zero value is ready.
type Tail struct {
	excess Window   // milliseconds
	floors [2]floor // the smallest transit of this and the last half window
	cached struct {
		n        int
		p95, p99 float64
	}
}

type floor struct {
	since time.Time
	least time.Duration
}

// tailMemory is for how long the smallest transit counts: clocks that differ by 200 ppm drift apart by 2 ms in it.
const tailMemory = 10 * time.Second

// Add takes the transit time of a datagram that arrived at now, off by a constant.
func (t *Tail) Add(now time.Time, transit time.Duration) {
	current := &t.floors[0]
	switch {
	case current.since.IsZero():
		t.floors = [2]floor{{now, transit}, {now, transit}}
	case now.Sub(current.since) > tailMemory/2:
		t.floors = [2]floor{{now, transit}, *current}
	}
	current.least = min(current.least, transit)
	least := min(current.least, t.floors[1].least)
	t.excess.Add(float64(transit-least) / float64(time.Millisecond))
}

// P95 and P99 return the quantiles of the excess; they are computed anew every sixteenth datagram.
func (t *Tail) P95() time.Duration { t.refresh(); return milliseconds(t.cached.p95) }

// P99 is documented with P95.
func (t *Tail) P99() time.Duration { t.refresh(); return milliseconds(t.cached.p99) }

func (t *Tail) refresh() {
	if t.excess.n == t.cached.n || t.excess.n > WindowSize/4 && t.excess.n-t.cached.n < 16 {
		return
	}
	q := [2]float64{0.95, 0.99}
	t.excess.Quantiles(q[:]...)
	t.cached.n, t.cached.p95, t.cached.p99 = t.excess.n, q[0], q[1]
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// lossGrace is by how many packet numbers a datagram may be overtaken and still count as reordered, not lost.
const lossGrace = 32

// A Loss counts the datagrams of one direction that never came, by the gaps in their packet numbers. The newest 32
// are not judged yet: they may be on their way. The zero value is ready.
type Loss struct {
	newest   uint32
	first    uint32
	seen     [lossWords]uint64 // by packet number modulo its size
	received int
	lost     int // judged and missing
	run      int
	burst    int
	recent   [lossWords]uint64 // judged and missing, by packet number modulo its size
}

const (
	lossWords = 8
	lossBits  = 64 * lossWords
)

// Add takes the number of an authentic datagram; the numbers of one direction start at 1 and never repeat.
func (l *Loss) Add(number uint32) {
	if l.received == 0 {
		l.first, l.newest = number, number
	}
	l.received++
	if l.newest > number && l.newest-number >= lossGrace {
		return // judged already
	}
	if number > l.newest && number-l.newest > lossBits {
		skipped := number - l.newest - lossBits // too large a gap to walk through: an outage
		l.lost += int(skipped)
		l.run += int(skipped)
		l.newest += skipped
		clear(l.seen[:])
	}
	for l.newest < number {
		l.newest++
		l.judge(l.newest - lossGrace)
		clearBit(&l.seen, l.newest)
	}
	setBit(&l.seen, number)
}

// judge decides about the packet number n, which can no longer come.
func (l *Loss) judge(n uint32) {
	if n > l.newest || n < l.first {
		return // before the first one
	}
	clearBit(&l.recent, n)
	if l.seen[n/64%lossWords]>>(n%64)&1 == 1 {
		l.run = 0
		return
	}
	l.lost++
	l.run++
	l.burst = max(l.burst, l.run)
	setBit(&l.recent, n)
}

// Lost returns how many datagrams have been lost since the start.
func (l *Loss) Lost() int { return l.lost }

// Received returns how many have been received.
func (l *Loss) Received() int { return l.received }

// Burst returns the longest run of lost datagrams.
func (l *Loss) Burst() int { return l.burst }

// Share returns the share of the newest 512 datagrams (or of all, if fewer) that was lost, from 0 to 1.
func (l *Loss) Share() float64 {
	judged := min(int(l.newest-l.first)-lossGrace+1, lossBits)
	if judged <= 0 {
		return 0
	}
	n := 0
	for _, w := range l.recent {
		n += bits.OnesCount64(w)
	}
	return float64(n) / float64(judged)
}

func setBit(b *[lossWords]uint64, n uint32)   { b[n/64%lossWords] |= 1 << (n % 64) }
func clearBit(b *[lossWords]uint64, n uint32) { b[n/64%lossWords] &^= 1 << (n % 64) }
