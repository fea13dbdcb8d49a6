package lab

import "math"

// A Distribution counts samples in classes of equal width, over all seeds. The classes begin at whole multiples of
// their width, so that those of several matches can be added.
type Distribution struct {
	From   float64 `json:"from"` // the lower end of the first class
	Step   float64 `json:"step"`
	Counts []int   `json:"counts"`
	N      int     `json:"n"`
}

// outermost is the greatest distance of a class from 0, in classes; samples beyond it count in it.
const outermost = 400

// distribute counts samples in classes of a width. It returns nil if there are no samples or step is 0.
func distribute(samples []float64, step float64) *Distribution {
	if step == 0 || len(samples) == 0 {
		return nil
	}
	var counts [2*outermost + 1]int
	low, high := len(counts), 0
	for _, x := range samples {
		i := outermost + int(math.Max(-outermost, math.Min(outermost, math.Floor(x/step))))
		counts[i]++
		low, high = min(low, i), max(high, i)
	}
	return &Distribution{
		From: float64(low-outermost) * step, Step: step, Counts: append([]int(nil), counts[low:high+1]...),
		N: len(samples),
	}
}

// merge returns the sum of both; either may be nil.
func (d *Distribution) merge(e *Distribution) *Distribution {
	switch {
	case d == nil:
		return e
	case e == nil:
		return d
	}
	first := min(d.first(), e.first())
	sum := &Distribution{From: float64(first) * d.Step, Step: d.Step, N: d.N + e.N}
	sum.Counts = make([]int, max(d.first()+len(d.Counts), e.first()+len(e.Counts))-first)
	for _, part := range []*Distribution{d, e} {
		for i, n := range part.Counts {
			sum.Counts[part.first()-first+i] += n
		}
	}
	return sum
}

// first returns the number of the first class; class 0 begins at 0.
func (d *Distribution) first() int { return int(math.Round(d.From / d.Step)) }
