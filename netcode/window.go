package netcode

import (
	"math"
	"slices"
)

// WindowSize is how many samples a Window keeps: at 20 a second, 13 seconds.
const WindowSize = 256

// A Window keeps the newest WindowSize samples of a figure. The zero value is ready.
type Window struct {
	n       int // samples ever added
	samples [WindowSize]float64
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
			q[i] = s[rank(share, len(s))-1]
		}
	}
	return q
}

// high returns what Quantiles does for one share from 0.95 on, at a twentieth of the cost: so few samples lie above it
// that one pass can collect them.
func (w *Window) high(share float64) float64 {
	n := w.Len()
	if n == 0 {
		return 0
	}
	var largest [WindowSize/20 + 2]float64 // in descending order
	top := largest[:n-rank(share, n)+1]
	for i := range top {
		top[i] = math.Inf(-1)
	}
	for _, x := range w.samples[:n] {
		i := len(top) - 1
		if x <= top[i] {
			continue
		}
		for ; i > 0 && top[i-1] < x; i-- {
			top[i] = top[i-1]
		}
		top[i] = x
	}
	return top[len(top)-1]
}

// rank is how many of n samples lie at or below the quantile, which is one of them.
func rank(share float64, n int) int { return min(max(int(math.Ceil(share*float64(n))), 1), n) }

// oldest returns the sample that the next one displaces, once the window is full.
func (w *Window) oldest() float64 { return w.samples[w.n%WindowSize] }

func (w *Window) back(i int) float64 { return w.samples[(w.n-1-i)%WindowSize] }
