package netcode

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestWindow_ByHand(t *testing.T) {
	var w Window
	if w.Len() != 0 || w.Mean(20) != 0 || w.Successive(20) != 0 || w.Quantiles(0.5)[0] != 0 || w.high(0.99) != 0 {
		t.Error("an empty window has figures")
	}
	for _, x := range []float64{1, 2, 4, 8} {
		w.Add(x)
	}
	near(t, "mean of all", w.Mean(20), 15/4.0, 1e-12)
	near(t, "mean of two", w.Mean(2), 6, 1e-12)
	near(t, "successive difference of all", w.Successive(20), 7/3.0, 1e-12)
	near(t, "successive difference of two", w.Successive(2), 4, 1e-12)
	near(t, "successive difference of one", w.Successive(1), 0, 0)
	// Nearest rank: the smallest sample that is not below the share.
	got := w.Quantiles(0, 0.25, 0.26, 0.5, 0.75, 0.76, 1)
	if want := []float64{1, 1, 2, 2, 4, 8, 8}; !slices.Equal(got, want) {
		t.Errorf("the quantiles are %v, want %v", got, want)
	}
}

func TestWindow_Forgets(t *testing.T) {
	var w Window
	for i := range 3*WindowSize + 7 {
		w.Add(float64(i))
	}
	if w.Len() != WindowSize {
		t.Errorf("%d samples, want %d", w.Len(), WindowSize)
	}
	newest := float64(3*WindowSize + 6)
	near(t, "the newest", w.Mean(1), newest, 0)
	near(t, "the oldest", w.Quantiles(0)[0], newest-WindowSize+1, 0)
	near(t, "mean of all", w.Mean(10_000), newest-(WindowSize-1)/2.0, 1e-9)
}

// high must agree with the definition, which sorts.
func TestWindow_HighQuantiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	var w Window
	var all []float64
	for i := range 3000 {
		x := []float64{r.Float64(), r.ExpFloat64(), float64(r.IntN(4)), float64(i), -float64(i)}[i/40%5]
		w.Add(x)
		all = append(all, x)
		recent := slices.Clone(all[max(0, len(all)-WindowSize):])
		slices.Sort(recent)
		for _, share := range []float64{0.95, 0.97, 0.99, 1} {
			want := recent[int(math.Ceil(share*float64(len(recent))))-1]
			if got := w.high(share); got != want || w.Quantiles(share)[0] != want {
				t.Fatalf("the %v quantile of %d samples is %v, want %v", share, len(recent), got, want)
			}
		}
	}
}
