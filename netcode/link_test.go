package netcode

import (
	"math"
	"testing"
	"time"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, within)
	}
}

// Two ends whose clocks are hours apart, one of them 200 ppm fast, send at their own rates over an asymmetric path. Both
// must find the round trip, and neither may notice when the stamps wrap after 71 minutes.
func TestLinkMeasuresWithoutComparingClocks(t *testing.T) {
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
	var links [2]Link
	var mail [2][]letter
	var numbers [2]uint32
	for at := time.Duration(0); at < end; at += 5 * ms {
		for to := range links {
			for len(mail[to]) > 0 && mail[to][0].arrives <= at {
				l := mail[to][0]
				links[to].Receive(clock[to](at), l.number, l.stamp)
				mail[to] = mail[to][1:]
			}
		}
		for from, rate := range []time.Duration{15 * ms, 50 * ms} {
			if at%rate == 0 {
				numbers[from]++
				arrives := at + [2]time.Duration{up, down}[from]
				mail[1-from] = append(mail[1-from], letter{arrives, numbers[from], links[from].Stamp(clock[from](at))})
			}
		}
		if at > time.Second && at%time.Second == 0 {
			for i := range links {
				near(t, "latency in ms", links[i].Latency(), 100, 0.1)
				near(t, "jitter in ms", links[i].Jitter(), 0, 0.02)
			}
		}
		if t.Failed() {
			t.Fatalf("after %v", at)
		}
	}
	for i := range links {
		near(t, "lateness in ms", float64(links[i].Tail.P99())/1e6, 0, 2.1) // drift over ten seconds
		near(t, "RFC 3550 jitter in ms", links[i].RFC3550Jitter(), 0, 0.02)
		if l := links[i].Loss; l.Lost() != 0 || l.Received() < 100_000 {
			t.Errorf("%d datagrams lost and %d received, want none lost of over 100000", l.Lost(), l.Received())
		}
	}
}

func TestLinkWithoutEcho(t *testing.T) {
	var l Link
	if s := l.Stamp(epoch); s != (Stamp{Hold: NoEcho}) {
		t.Errorf("the first stamp is %+v, want no echo", s)
	}
	if !l.Heard().IsZero() || l.Latency() != 0 || l.Jitter() != 0 {
		t.Error("a link that has heard nothing says that it has")
	}
	l.Receive(epoch.Add(100*ms), 1, Stamp{TS: 7, Hold: NoEcho})
	if l.Samples() != 0 || l.Heard() != epoch.Add(100*ms) {
		t.Errorf("%d round trips and heard at %v after a stamp without an echo, want none and 100 ms", l.Samples(), l.Heard())
	}
	if s, want := l.Stamp(epoch.Add(130*ms)), (Stamp{TS: 130_000, Echo: 7, Hold: 30_000}); s != want {
		t.Errorf("the stamp is %+v, want %+v", s, want)
	}
	if s := l.Stamp(epoch.Add(100*ms + time.Minute)); s.Hold != NoEcho {
		t.Errorf("the stamp is %+v, want no echo of what is a minute old", s)
	}
}

// What the other side claims must not make nonsense of the figures.
func TestLinkRefusesImpossibleRoundTrips(t *testing.T) {
	var l Link
	l.Stamp(epoch)
	for i, s := range []Stamp{
		{Echo: 0, Hold: 1_000_001}, // ended before it began
		{Echo: 2_000_000},          // echo of what is not sent yet
		{Echo: 0xf000_0000},        // four minutes ago
		{Echo: 1<<32 - 59_000_000}, // a minute ago
	} {
		l.Receive(epoch.Add(time.Second), uint32(i+1), s)
		if l.Samples() != 0 {
			t.Errorf("stamp %+v after a second gives a round trip of %v ms, want none", s, l.Latency())
		}
	}
	l.Receive(epoch.Add(time.Second), 9, Stamp{Echo: 0, Hold: 1_000_000})
	if l.Samples() != 1 || l.Latency() != 0 {
		t.Errorf("%d round trips of %v ms, want one of 0", l.Samples(), l.Latency())
	}
}

// The clocks' difference may be any 32-bit number; where an int32 wraps is no place to measure at.
func TestLinkAtAnyDifferenceOfClocks(t *testing.T) {
	for _, offset := range []uint32{0, 1 << 31, 1<<31 - 25_000, 1<<32 - 25_000} {
		var l Link
		l.Stamp(epoch)
		for i := range uint32(100) {
			sent := time.Duration(i) * 50 * ms
			transit := time.Duration(20+i%2*10) * ms
			l.Receive(epoch.Add(sent+transit), i+1, Stamp{TS: micros(sent) - offset, Hold: NoEcho})
		}
		near(t, "the 99th percentile of lateness in ms", float64(l.Tail.P99())/1e6, 10, 1e-6)
		near(t, "RFC 3550 jitter in ms", l.RFC3550Jitter(), 10, 0.1)
	}
}

func TestLinkJitterIsTheMeanSuccessiveDifference(t *testing.T) {
	var l Link
	l.Stamp(epoch)
	at := epoch.Add(time.Second)
	number := uint32(0)
	trip := func(rtt time.Duration) {
		at = at.Add(50 * ms)
		number++
		l.Receive(at, number, Stamp{TS: number * 50_000, Echo: micros(at.Sub(epoch)) - micros(rtt)})
	}
	trip(100 * ms)
	near(t, "jitter of one", l.Jitter(), 0, 0)
	trip(110 * ms)
	trip(90 * ms)
	trip(95 * ms)
	near(t, "latency", l.Latency(), (100+110+90+95)/4.0, 1e-9)
	near(t, "jitter", l.Jitter(), (10+20+5)/3.0, 1e-9)
	for range 17 {
		trip(95 * ms)
	}
	near(t, "latency of the last 20", l.Latency(), (110+90+18*95)/20.0, 1e-9) // the 100 is forgotten
	near(t, "jitter of the last 20", l.Jitter(), (20+5)/19.0, 1e-9)
}

// The interarrival jitter by hand: J += (|D| - J) / 16.
func TestLinkRFC3550Jitter(t *testing.T) {
	var l Link
	l.Stamp(epoch)
	arrive := func(number uint32, transit time.Duration) {
		sent := time.Duration(number) * 50 * ms
		l.Receive(epoch.Add(time.Second+sent+transit), number, Stamp{TS: micros(sent), Hold: NoEcho})
	}
	arrive(1, 20*ms)
	arrive(2, 36*ms)
	near(t, "jitter after 16 ms", l.RFC3550Jitter(), 1, 1e-9)
	arrive(3, 28*ms)
	near(t, "jitter after 8 ms more", l.RFC3550Jitter(), 1+(8-1)/16.0, 1e-9)
	arrive(5, 60*ms)
	arrive(4, 300*ms)
	near(t, "jitter after one was overtaken", l.RFC3550Jitter(), 1+(8-1)/16.0, 1e-9)
	arrive(6, 60*ms)
	near(t, "jitter with neighbours again", l.RFC3550Jitter(), (1+(8-1)/16.0)*15/16, 1e-9)
}

// A datagram that was overtaken has a round trip, but does not become the newest.
func TestLinkEchoesTheNewest(t *testing.T) {
	var l Link
	l.Stamp(epoch)
	l.Receive(epoch.Add(100*ms), 2, Stamp{TS: 2000, Echo: 50_000})
	l.Receive(epoch.Add(110*ms), 1, Stamp{TS: 1000, Echo: 50_000})
	if s := l.Stamp(epoch.Add(120 * ms)); s.Echo != 2000 || s.Hold != 20_000 {
		t.Errorf("the stamp is %+v, want the echo of the newest, held for 20 ms", s)
	}
	near(t, "latency in ms", l.Latency(), 55, 1e-9)
}

// talk lets a datagram come and one go.
func talk() (*Link, func()) {
	l := &Link{}
	at, number := epoch, uint32(0)
	return l, func() {
		number++
		at = at.Add(16*ms + time.Duration(number*2654435761>>20)*time.Microsecond)
		s := l.Stamp(at)
		l.Receive(at, number, Stamp{TS: number * 16_000, Echo: s.TS - 30_000, Hold: 5_000})
	}
}

func TestLinkAllocatesNothing(t *testing.T) {
	l, once := talk()
	if n := testing.AllocsPerRun(1000, func() {
		once()
		l.Tail.P99()
		l.Tail.P95()
		l.Loss.Share()
		l.Latency()
		l.Jitter()
	}); n != 0 {
		t.Errorf("%v allocations for a datagram, want none", n)
	}
}

func BenchmarkLinkReceive(b *testing.B) {
	_, once := talk()
	b.ReportAllocs()
	for b.Loop() {
		once()
	}
}
