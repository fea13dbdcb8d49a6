package netcode

import (
	"math"
	"slices"
)

// WindowSize is the number of samples that a Window keeps: 13 s at 20 a second.
const WindowSize = 256

// A Window keeps the newest WindowSize samples of a measured value. The zero value is ready.
type Window struct {
	n       int // number of samples ever added
	samples [WindowSize]float64
}

// Add adds a sample.
func (w *Window) Add(x float64) {
	w.samples[w.n%WindowSize] = x
	w.n++
}

// Len returns the number of samples that it keeps now.
func (w *Window) Len() int { return min(w.n, WindowSize) }

// Mean returns the mean of the newest n samples; 0 if there are none.
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

// Successive returns the mean absolute difference between one sample and the next among the newest n; 0 if there are
// fewer than two.
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

// Quantiles replaces each share in q by the quantile of the samples (nearest rank) and returns q: 0.99 becomes the
// 99th percentile. If there are no samples, all are 0.
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

// high returns the quantile of one share of 0.95 or more, at a twentieth of the cost of Quantiles: so few samples lie
// above it that one pass can collect them.
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

// rank returns how many of n samples lie at or below the quantile, which is one of them.
func rank(share float64, n int) int { return min(max(int(math.Ceil(share*float64(n))), 1), n) }

// oldest returns the sample that the next one replaces, once the window is full.
func (w *Window) oldest() float64 { return w.samples[w.n%WindowSize] }

func (w *Window) back(i int) float64 { return w.samples[(w.n-1-i)%WindowSize] }
