package netcode

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A wayUp sends the datagrams of a client, one for each tick, and adds those that arrive to an InputLateness.
type wayUp struct {
	late   InputLateness
	number uint32
	fresh  int // inputs that no datagram has brought yet
}

// send sends a datagram that has so many new inputs, and returns the result of Add.
func (w *wayUp) send(inputs int, delay time.Duration, lost bool) (slower float64) {
	w.late.Period = period
	w.number++
	w.fresh += inputs
	if lost {
		return 0
	}
	at := time.Duration(w.number)*period + delay
	slower = w.late.Add(Arrival{At: at, Transit: delay - time.Hour}, w.number, w.fresh)
	w.fresh = 0
	return slower
}

func wantTicks(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1.0/8 {
		t.Errorf("%s is %.3f ticks, want %v within an eighth", what, got, want)
	}
}

// An input whose datagram is lost waits for the next that arrives. Of 100 datagrams, every 20th and the two after it
// are lost: three of 20 inputs are late, by 3, 2 and 1 ticks.
func TestInputLateness_CountsTheWaitForLostDatagrams(t *testing.T) {
	var w wayUp
	for i := range 2000 {
		if slower := w.send(1, 30*ms, i%20 >= 17); slower != 0 {
			t.Fatalf("datagram %d is slower than the fastest by %v ticks, want 0", i, slower)
		}
	}
	wantTicks(t, "the tail", ticks(w.late.Tail(), period), 3)
}

func TestInputLateness_CountsLateDatagrams(t *testing.T) {
	var w wayUp
	for i := range 2000 {
		delay, want := 30*ms, 0.0
		if i%100 == 99 {
			delay, want = 80*ms, 3
		}
		if slower := w.send(1, delay, false); math.Abs(slower-want) > 0.001 {
			t.Fatalf("datagram %d is slower than the fastest by %v ticks, want %v", i, slower, want)
		}
	}
	wantTicks(t, "the tail", ticks(w.late.Tail(), period), 3)
}

// After a step of the delay the tail has the size of the step until the fastest transit time is another: ten seconds at
// most. Then it is what it was, and not when the last of the newest 1024 inputs from before it is gone. The margin of
// an input and what Add returns change by the same, so the sum of both never shows the step.
func TestInputLateness_ForgetsAStep(t *testing.T) {
	var w wayUp
	r := rand.New(rand.NewPCG(1, 0))
	run := func(long, delay time.Duration) (slower float64) {
		for range int(long / period) {
			slower = w.send(1, delay+time.Duration(r.Float64()*float64(8*ms)), false)
		}
		return slower
	}
	tail := func() float64 { return ticks(w.late.Tail(), period) }
	run(20*time.Second, 20*ms)
	before := tail()
	wantTicks(t, "the tail of 8 ms of jitter", before, 0.5)
	if slower := run(time.Second, 120*ms); slower < 5.9 {
		t.Errorf("a second after a step of 100 ms a datagram is %.2f ticks slower, want 6", slower)
	}
	if got := tail(); got < 6 {
		t.Errorf("a second after a step of 100 ms the tail is %.2f ticks, want 6 or more", got)
	}
	run(10*time.Second, 120*ms)
	wantTicks(t, "the tail 11 s after the step", tail(), before)
	run(time.Second, 20*ms)
	wantTicks(t, "the tail a second after the step back", tail(), before)
}

// No margin covers an outage, so that the inputs that waited for its end do not count.
func TestInputLateness_IgnoresOutages(t *testing.T) {
	var w wayUp
	for i := range 1000 {
		w.send(1, 30*ms, i >= 500 && i < 500+longest)
	}
	wantTicks(t, "the tail after an outage", ticks(w.late.Tail(), period), 0)
	for i := range 1000 {
		w.send(1, 30*ms, i >= 500 && i < 500+longest-1)
	}
	wantTicks(t, "the tail after a shorter one", ticks(w.late.Tail(), period), longest-3)
}

// A client that sends after every second tick, or draws 30 frames a second, makes two inputs at once. The older one is
// not late, but it has a tick less of margin.
func TestInputLateness_InputsThatAreMadeTogether(t *testing.T) {
	for _, each := range []int{2, 3} {
		var w wayUp
		for i := range 1000 {
			if slower, want := w.send(each, 30*ms, i%10 == 9), float64(1-each); slower != want && slower != 0 {
				t.Fatalf("%d inputs at once: the margin of the newest is %v ticks greater without the network, want %v",
					each, slower, want)
			}
		}
		wantTicks(t, "the tail", ticks(w.late.Tail(), period), float64(each)) // a datagram is lost now and then
	}
}

func TestInputLateness_Reordered(t *testing.T) {
	late := InputLateness{Period: period}
	at := time.Second
	for n := uint32(1); n <= 1000; n += 2 { // each second datagram overtakes the one before
		late.Add(Arrival{At: at, Transit: 30 * ms}, n+1, 2)
		late.Add(Arrival{At: at + 5*ms, Transit: 30*ms + 2*period}, n, 0)
		at += 2 * period
	}
	wantTicks(t, "the tail", ticks(late.Tail(), period), 1) // the older input waited for the newer datagram
}

// Clocks that differ by 200 ppm drift apart by 2 ms in ten seconds. That is neither late nor another path.
func TestInputLateness_IgnoresClockDrift(t *testing.T) {
	for _, drift := range []float64{-200e-6, 200e-6} {
		late := InputLateness{Period: period}
		for n := range uint32(36000) {
			at := time.Duration(n) * period
			late.Add(Arrival{At: at, Transit: 30*ms + time.Duration(float64(at)*drift)}, n, 1)
			if tail := late.Tail(); tail > 4*ms+ms/5 {
				t.Fatalf("drift %v: the tail is %v after %v, want at most 2 ms and a class", drift, tail, at)
			}
		}
	}
}

func TestInputLateness_AllocatesNothing(t *testing.T) {
	var w wayUp
	if n := testing.AllocsPerRun(1000, func() { w.send(1, 30*ms, w.number%7 == 0) }); n != 0 {
		t.Errorf("%v allocations for a datagram, want none", n)
	}
}
