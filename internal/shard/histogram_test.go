package shard

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestHistogram_DurationsFallIntoTheirBuckets compares durationBucket with a search through DurationBounds.
func TestHistogram_DurationsFallIntoTheirBuckets(t *testing.T) {
	bounds := DurationBounds()
	if len(bounds) != buckets-1 {
		t.Fatalf("%d bounds for %d buckets", len(bounds), buckets)
	}
	random := rand.New(rand.NewPCG(1, 2))
	durations := []time.Duration{-time.Second, 0, time.Nanosecond, time.Hour, math.MaxInt64}
	for _, b := range bounds {
		at := time.Duration(math.Round(b * 1e9))
		durations = append(durations, at-time.Microsecond, at, at+time.Microsecond)
	}
	for range 10_000 {
		durations = append(durations, time.Duration(math.Exp(random.Float64()*math.Log(1e9))))
	}
	for _, d := range durations {
		want := 0
		for want < len(bounds) && d.Seconds() > bounds[want]+1e-12 {
			want++
		}
		// durationBucket counts whole microseconds, so that either bucket is right near a bound.
		if got := durationBucket(d); got != want && durationBucket(d+time.Microsecond) != want {
			t.Errorf("durationBucket(%v) = %d, want %d", d, got, want)
		}
	}
}

func TestHistogram_MarginsFallIntoTheirBuckets(t *testing.T) {
	bounds := MarginBounds()
	if len(bounds) != buckets-1 {
		t.Fatalf("%d bounds for %d buckets", len(bounds), buckets)
	}
	for ticks := -6.05; ticks < 60; ticks += 0.1 {
		var h Histogram
		h.observeTicks(ticks)
		want := 0
		for want < len(bounds) && ticks > bounds[want] {
			want++
		}
		if h.Buckets[want] != 1 || h.Sum != ticks {
			t.Errorf("observeTicks(%.2f) gives %+v, want a count in bucket %d", ticks, h, want)
		}
	}
}

func TestHistogram_Quantile(t *testing.T) {
	var h, other Histogram
	bounds := DurationBounds()
	if q := h.Quantile(0.99, bounds); q != 0 {
		t.Errorf("Quantile(0.99) = %v without values, want 0", q)
	}
	for range 98 {
		h.observe(100 * time.Microsecond)
	}
	other.observe(10 * time.Millisecond)
	other.observe(time.Hour)
	h.Add(&other)
	for share, want := range map[float64][2]float64{
		0.5: {100e-6, 125e-6}, 0.98: {100e-6, 125e-6}, 0.99: {0.010, 0.0125}, 1: {0.26, 0.27},
	} {
		if q := h.Quantile(share, bounds); q < want[0] || q > want[1] {
			t.Errorf("Quantile(%v) = %v, want between %v and %v", share, q, want[0], want[1])
		}
	}
	if n := h.Count(); n != 100 {
		t.Errorf("Count() = %d, want 100", n)
	}
}
