package netcode

import (
	"math"
	"testing"
	"time"
)

func near(t *testing.T, name string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %v, want %v within %v", name, got, want, within)
	}
}

// An estimates is what one end measures of its path: all three estimators on the same datagrams.
type estimates struct {
	echo     Echo
	loss     Loss
	lateness Lateness
}

func (e *estimates) receive(now time.Time, number uint32, s Stamp) Arrival {
	a := e.echo.Receive(now, number, s)
	e.lateness.Add(a.At, a.Transit)
	e.loss.Add(number)
	return a
}

// inMS is a duration in milliseconds.
func inMS(d time.Duration) float64 { return float64(d) / float64(ms) }

// Two ends whose clocks are hours apart, one of them 200 ppm fast, send at their own rates over an asymmetric path.
// Both must find the round trip, and neither may notice when the stamps wrap after 71 minutes.
func TestEcho_ComparesNoClocks(t *testing.T) {
	const up, down, end = 70 * ms, 30 * ms, 90 * time.Minute
	clock := [2]func(at time.Duration) time.Time{
		func(at time.Duration) time.Time { return epoch.Add(time.Duration(float64(at) * (1 + 200e-6))) },
		func(at time.Duration) time.Time { return epoch.Add(-5*time.Hour + at) },
	}
	type letter struct {
		arrives time.Duration
		number  uint32
		stamp   Stamp
	}
	var ends [2]estimates
	var mail [2][]letter
	var numbers [2]uint32
	for at := time.Duration(0); at < end; at += 5 * ms {
		for to := range ends {
			for len(mail[to]) > 0 && mail[to][0].arrives <= at {
				l := mail[to][0]
				ends[to].receive(clock[to](at), l.number, l.stamp)
				mail[to] = mail[to][1:]
			}
		}
		for from, rate := range []time.Duration{15 * ms, 50 * ms} {
			if at%rate == 0 {
				numbers[from]++
				arrives := at + [2]time.Duration{up, down}[from]
				mail[1-from] = append(mail[1-from],
					letter{arrives, numbers[from], ends[from].echo.Stamp(clock[from](at))})
			}
		}
		if at > time.Second && at%time.Second == 0 {
			for i := range ends {
				near(t, "round trip in ms", inMS(ends[i].echo.RTT()), 100, 0.1)
				near(t, "jitter in ms", inMS(ends[i].echo.Jitter()), 0, 0.02)
			}
		}
		if t.Failed() {
			t.Fatalf("after %v", at)
		}
	}
	for i := range ends {
		near(t, "lateness in ms", inMS(ends[i].lateness.P99()), 0, 2.1) // drift over ten seconds
		if l := ends[i].loss; l.Lost() != 0 || l.Received() < 100_000 {
			t.Errorf("%d datagrams lost and %d received, want none lost of over 100000", l.Lost(), l.Received())
		}
	}
}

func TestEcho_StampsBeforeAnythingIsReceived(t *testing.T) {
	var e Echo
	if s := e.Stamp(epoch); s != (Stamp{Hold: NoEcho}) {
		t.Errorf("the first stamp is %+v, want no echo", s)
	}
	if !e.Received().IsZero() || e.RTT() != 0 || e.Newest() != 0 || e.Jitter() != 0 || e.Number() != 0 {
		t.Errorf("an Echo that has received nothing has figures: %+v", e)
	}
	a := e.Receive(epoch.Add(100*ms), 1, Stamp{TS: 7, Hold: NoEcho})
	if want := (Arrival{At: 100 * ms}); a != want || e.Samples() != 0 {
		t.Errorf("a stamp without an echo gives %+v and %d round trips, want %+v and none", a, e.Samples(), want)
	}
	if e.Received() != epoch.Add(100*ms) || e.Number() != 1 {
		t.Errorf("received number %d at %v, want 1 after 100 ms", e.Number(), e.Received())
	}
	if s, want := e.Stamp(epoch.Add(130*ms)), (Stamp{TS: 130_000, Echo: 7, Hold: 30_000}); s != want {
		t.Errorf("the stamp is %+v, want %+v", s, want)
	}
	if s := e.Stamp(epoch.Add(100*ms + time.Minute)); s.Hold != NoEcho {
		t.Errorf("the stamp is %+v, want no echo of a datagram that is a minute old", s)
	}
}

// A peer must not be able to put nonsense into the figures.
func TestEcho_RefusesImpossibleRoundTrips(t *testing.T) {
	var e Echo
	e.Stamp(epoch)
	for i, s := range []Stamp{
		{Echo: 0, Hold: 1_000_001}, // ended before it began
		{Echo: 2_000_000},          // echo of a stamp that is not sent yet
		{Echo: 0xf000_0000},        // four minutes ago
		{Echo: 1<<32 - 59_000_000}, // a minute ago
	} {
		if a := e.Receive(epoch.Add(time.Second), uint32(i+1), s); a.HasRTT || e.Samples() != 0 {
			t.Errorf("stamp %+v after a second gives a round trip of %v, want none", s, a.RTT)
		}
	}
	a := e.Receive(epoch.Add(time.Second), 9, Stamp{Echo: 0, Hold: 1_000_000})
	if !a.HasRTT || a.RTT != 0 || e.Samples() != 1 || e.RTT() != 0 {
		t.Errorf("%d round trips of %v, want one of 0", e.Samples(), e.RTT())
	}
}

// The clocks' difference may be any 32-bit number; transit times must not wrap in the middle of an int32.
func TestEcho_TransitAtAnyDifferenceOfClocks(t *testing.T) {
	for _, offset := range []uint32{0, 1 << 31, 1<<31 - 25_000, 1<<32 - 25_000} {
		var e estimates
		e.echo.Stamp(epoch)
		for i := range uint32(100) {
			sent := time.Duration(i) * 50 * ms
			transit := time.Duration(20+i%2*10) * ms
			e.receive(epoch.Add(sent+transit), i+1, Stamp{TS: micros(sent) - offset, Hold: NoEcho})
		}
		near(t, "the 99th percentile of lateness in ms", inMS(e.lateness.P99()), 10, 1e-6)
	}
}

func TestEcho_JitterIsTheMeanSuccessiveDifference(t *testing.T) {
	var e Echo
	e.Stamp(epoch)
	at := epoch.Add(time.Second)
	number := uint32(0)
	trip := func(rtt time.Duration) {
		t.Helper()
		at = at.Add(50 * ms)
		number++
		a := e.Receive(at, number, Stamp{TS: number * 50_000, Echo: micros(at.Sub(epoch)) - micros(rtt)})
		if !a.HasRTT || a.RTT != rtt || e.Newest() != rtt {
			t.Errorf("a round trip of %v is measured as %v and %v", rtt, a.RTT, e.Newest())
		}
	}
	trip(100 * ms)
	near(t, "jitter of one", inMS(e.Jitter()), 0, 0)
	trip(110 * ms)
	trip(90 * ms)
	trip(95 * ms)
	near(t, "round trip", inMS(e.RTT()), (100+110+90+95)/4.0, 1e-6)
	near(t, "jitter", inMS(e.Jitter()), (10+20+5)/3.0, 1e-6)
	for range 17 {
		trip(95 * ms)
	}
	near(t, "mean of the last 20", inMS(e.RTT()), (110+90+18*95)/20.0, 1e-6) // the 100 is forgotten
	near(t, "jitter of the last 20", inMS(e.Jitter()), (20+5)/19.0, 1e-6)
	if e.Samples() != 21 {
		t.Errorf("%d round trips, want 21", e.Samples())
	}
}

// A datagram that was overtaken has a round trip, but does not become the newest.
func TestEcho_EchoesTheNewest(t *testing.T) {
	var e Echo
	e.Stamp(epoch)
	e.Receive(epoch.Add(100*ms), 2, Stamp{TS: 2000, Echo: 50_000})
	e.Receive(epoch.Add(110*ms), 1, Stamp{TS: 1000, Echo: 50_000})
	if s := e.Stamp(epoch.Add(120 * ms)); s.Echo != 2000 || s.Hold != 20_000 || e.Number() != 2 {
		t.Errorf("the stamp is %+v after number %d, want the echo of number 2, held for 20 ms", s, e.Number())
	}
	near(t, "round trip in ms", inMS(e.RTT()), 55, 1e-6)
}

// talk returns a function that receives a datagram and sends one.
func talk() (*estimates, func()) {
	e := &estimates{}
	at, number := epoch, uint32(0)
	return e, func() {
		number++
		at = at.Add(16*ms + time.Duration(number*2654435761>>20)*time.Microsecond)
		s := e.echo.Stamp(at)
		e.receive(at, number, Stamp{TS: number * 16_000, Echo: s.TS - 30_000, Hold: 5_000})
	}
}

func TestEcho_AllocatesNothing(t *testing.T) {
	e, once := talk()
	if n := testing.AllocsPerRun(1000, func() {
		once()
		e.lateness.P99()
		e.lateness.P95()
		e.loss.Share()
		e.echo.RTT()
		e.echo.Jitter()
	}); n != 0 {
		t.Errorf("%v allocations for a datagram, want none", n)
	}
}

func BenchmarkEcho_Receive(b *testing.B) {
	_, once := talk()
	b.ReportAllocs()
	for b.Loop() {
		once()
	}
}
