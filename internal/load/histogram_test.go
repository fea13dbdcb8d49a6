package load

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

func TestHistogram_QuantilesAreRightToTwoPercent(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		d := time.Duration(math.Exp(random.Float64()*math.Log(3.5e9))) * time.Microsecond
		var h histogram
		h.add(d)
		if got := h.quantile(0.5); math.Abs(float64(got-d)) > 0.016*float64(d)+1000 {
			t.Fatalf("the median of %v alone: got %v", d, got)
		}
	}
	var h histogram
	if h.quantile(0.5) != 0 {
		t.Error("the median of no values is not 0")
	}
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	h.add(-time.Second)
	h.add(math.MaxInt64)
	if q := h.quantiles(); math.Abs(q.P50-500) > 10 || math.Abs(q.P99-990) > 20 || math.Abs(q.P999-1000) > 20 {
		t.Errorf("quantiles of 1 to 1000 ms: got %v", q)
	}
}
