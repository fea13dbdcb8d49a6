package netcode

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func lateness(t *testing.T, what string, got, want, within time.Duration) {
	t.Helper()
	if (got - want).Abs() > within {
		t.Errorf("%s is %v, want %v within %v", what, got, want, within)
	}
}

// With a long-tailed delay and a clock that is hours off, the percentiles must be those of the true delays less the
// smallest one.
func TestLateness_AgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	var tail Lateness
	var delays []time.Duration
	for i := range 2000 {
		delay := 20*ms + time.Duration(r.ExpFloat64()*float64(8*ms))
		if i%64 == 0 {
			delay = 20 * ms // the floor is there in every window
		}
		tail.Add(time.Duration(i)*16*ms+delay, delay-3*time.Hour)
		delays = append(delays, delay-20*ms)
		recent := slices.Sorted(slices.Values(delays[max(0, len(delays)-WindowSize):]))
		n := len(recent)
		lateness(t, "P99", tail.P99(), recent[(99*n+99)/100-1], time.Microsecond)
		lateness(t, "P95", tail.P95(), recent[(95*n+99)/100-1], time.Microsecond)
		if t.Failed() {
			t.Fatalf("after %d datagrams", i+1)
		}
	}
}

func TestLateness_IsZeroAtFirst(t *testing.T) {
	var tail Lateness
	lateness(t, "P99 of nothing", tail.P99(), 0, 0)
	tail.Add(0, -time.Hour)
	lateness(t, "P99 of one", tail.P99(), 0, 0)
}

// A drift of 200 ppm moves the floor by 2 ms in ten seconds, either way; no more of it may count as lateness.
func TestLateness_IgnoresClockDrift(t *testing.T) {
	for _, drift := range []float64{-200e-6, 200e-6} {
		var tail Lateness
		for at := time.Duration(0); at < 10*time.Minute; at += 16 * ms {
			tail.Add(at, 30*ms+time.Duration(float64(at)*drift))
			if p99 := tail.P99(); p99 > 2*ms+ms/10 {
				t.Fatalf("drift %v: P99 is %v after %v, want at most 2 ms", drift, p99, at)
			}
		}
	}
}

// If the path becomes slower for good, the old floor counts for ten seconds and no longer.
func TestLateness_ForgetsTheOldFloor(t *testing.T) {
	var tail Lateness
	at := time.Duration(0)
	run := func(until, transit time.Duration) {
		for ; at < until; at += 16 * ms {
			tail.Add(at, transit)
		}
	}
	run(20*time.Second, 20*ms)
	run(25*time.Second-16*ms, 70*ms)
	lateness(t, "P99 five seconds after the step", tail.P99(), 50*ms, 0)
	run(31*time.Second+WindowSize*16*ms, 70*ms)
	lateness(t, "P99 when the floor and the samples over it are forgotten", tail.P99(), 0, 0)
	run(60*time.Second, 20*ms)
	lateness(t, "P99 after the path has become faster", tail.P99(), 0, 0)

	at += time.Minute // nothing arrives, and then everything is slower
	run(at+time.Second, 90*ms)
	lateness(t, "P99 after an outage longer than the memory", tail.P99(), 0, 0)
}

func BenchmarkLateness_P99(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 0))
	var tail Lateness
	for i := range WindowSize {
		tail.Add(time.Duration(i)*16*ms, time.Duration(r.ExpFloat64()*float64(8*ms)))
	}
	b.ReportAllocs()
	for b.Loop() {
		tail.P99()
	}
}

// The cost of a percentile by sorting.
func BenchmarkWindow_Quantiles(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 0))
	var w Window
	for range WindowSize {
		w.Add(r.ExpFloat64())
	}
	b.ReportAllocs()
	for b.Loop() {
		w.Quantiles(0.99)
	}
}

// Asks at random times, so that a remembered percentile must be dropped when a sample changes it.
func TestLateness_P99IsThatOfItsWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var tail Lateness
	for i := range 30_000 {
		now := time.Duration(i) * 16 * ms
		transit := []float64{r.ExpFloat64(), float64(r.IntN(3)), 1, float64(i % 700), -float64(i % 900)}[i/500%5]
		tail.Add(now, time.Duration(transit*float64(time.Millisecond)))
		if r.IntN(3) > 0 {
			continue
		}
		want := time.Duration(tail.excess.Quantiles(0.99)[0] * float64(time.Millisecond))
		if got := tail.P99(); got != want {
			t.Fatalf("after %d samples the percentile is %v, want %v", i+1, got, want)
		}
	}
}
