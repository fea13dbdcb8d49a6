package netcode

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestPacer_OnSteadyLinks(t *testing.T) {
	for _, test := range []struct{ up, down time.Duration }{
		{0, 0}, {15 * ms, 15 * ms}, {125 * ms, 125 * ms}, {140 * ms, 10 * ms},
		{10 * ms, 140 * ms}, {250 * ms, 250 * ms},
	} {
		t.Run(fmt.Sprintf("%v up, %v down", test.up, test.down), func(t *testing.T) {
			l := newLoop(t, test.up, test.down).run(30 * time.Second)
			l.wantSettled(3*time.Second, 0, 30*time.Second).wantMissed(3*time.Second, 30*time.Second, 0).wantJumps(0)
		})
	}
}

// This is the laboratory's profile L10: the round trip goes from 40 ms to 140 ms and back. For some seconds after the
// step up the late tail adds three ticks to the wanted margin, until the new floor is known; the test compares with
// the wanted margin.
func TestPacer_SettlesAfterAStep(t *testing.T) {
	const up, down, end = 10 * time.Second, 30 * time.Second, 40 * time.Second
	l := newLoop(t, 20*ms, 20*ms)
	l.up, l.down = l.up.between(up, down, 70*ms), l.down.between(up, down, 70*ms)
	l.run(end)
	l.wantSettled(5*time.Second, 0, up).wantSettled(up, 1500*ms, up+8*time.Second).wantSettled(down, 1500*ms, end)
	l.wantJumps(0)
	for _, from := range []time.Duration{up + 200*ms, down + 200*ms} { // the step itself moves the margin to one side
		if got := l.overshoot(from, from+8*time.Second); got > 1 {
			t.Errorf("after %v the margin overshot by %.2f ticks, want at most 1", from, got)
		}
	}
	l.wantMissed(up+1500*ms, end, 0)
}

// A loop that does not subtract corrections in flight corrects the same error again for a whole round trip: at 250 ms
// it overshoots, at 500 ms it oscillates forever.
func TestPacer_NeedsTheInFlightTerm(t *testing.T) {
	const from, to = 20 * time.Second, 60 * time.Second
	step := func(way time.Duration, blind bool) *loop {
		l := newLoop(t, way+50*ms, way)
		l.blind = blind
		l.up = l.up.between(from, time.Hour, way)
		return l.run(to)
	}
	for _, way := range []time.Duration{125 * ms, 250 * ms} {
		l := step(way, false)
		l.wantSettled(from, 1500*ms, to).wantMissed(from, to, 0)
		if got := l.overshoot(from+200*ms, to); got > 0.1 {
			t.Errorf("%v each way: the margin overshot by %.2f ticks, want almost none", way, got)
		}
	}
	if got := step(125*ms, true).overshoot(from+200*ms, to); got < 0.5 {
		t.Errorf("without the term the margin overshot by %.2f ticks only, so the test shows nothing", got)
	}
	if got := step(250*ms, true).settled(from, to); got < 30*time.Second {
		t.Errorf("without the term the margin settled in %v, so the test shows nothing", got)
	}
}

func TestPacer_FollowsDrift(t *testing.T) {
	for _, drift := range []float64{-200e-6, 200e-6} {
		l := newLoop(t, 30*ms, 30*ms)
		l.drift = drift
		const from, to = 5 * time.Second, 5 * time.Minute
		l.run(to).wantSettled(from, 0, to).wantMissed(from, to, 0).wantJumps(0)
	}
}

func TestPacer_AfterAStall(t *testing.T) {
	for _, stall := range []time.Duration{100 * ms, 300 * ms, time.Second} {
		l := newLoop(t, 30*ms, 30*ms)
		const from = 10 * time.Second
		l.stalls = func(at time.Duration) bool { return from <= at && at < from+stall }
		l.run(30 * time.Second)
		l.wantSettled(from+stall, 100*ms, 30*time.Second).wantMissed(from+stall+200*ms, 30*time.Second, 0).wantJumps(0)
	}
}

// A client that gets hardly any processor time sends its inputs late again and again. That is not the network's doing,
// and the wanted margin is small again right after it.
func TestPacer_HitchesDoNotWidenTheMargin(t *testing.T) {
	for _, hitch := range []time.Duration{120 * ms, 200 * ms, 400 * ms} {
		l := newLoop(t, 5*ms, 5*ms)
		const from, to = 10 * time.Second, 20 * time.Second
		l.stalls = func(at time.Duration) bool { return from <= at && at < to && at%(hitch+100*ms) < hitch }
		l.run(30 * time.Second)
		if last := l.samples[len(l.samples)-1]; last.wanted > 1.5 {
			t.Errorf("hitches of %v: 10 s later a margin of %.2f ticks is wanted, want 1 as before", hitch, last.wanted)
		}
	}
}

// A burst of late reports widens the margin to the utmost. It is not remembered for minutes.
func TestPacer_ForgetsABurst(t *testing.T) {
	p, now := Pacer{Period: period}, epoch
	p.Start(now, 0, 0, 0)
	report := func(n int, late bool) {
		for range n {
			now = now.Add(50 * ms)
			p.Advance(now)
			p.Report(now, InputReport{Min: p.Wanted(), Valid: true, Late: late}, 0)
		}
	}
	report(60, true)
	if got := p.Wanted(); got != mostLead {
		t.Fatalf("after 60 late reports a margin of %.2f ticks is wanted, want %v", got, mostLead)
	}
	report(10*20, false)
	if got := p.Wanted(); got > mostUsual+0.5 {
		t.Errorf("10 s later a margin of %.2f ticks is wanted, want %v at most", got, mostUsual+0.5)
	}
}

// After an outage the inputs of a second arrive too late all at once. That must not move the clock forward, and the
// wanted margin must not have grown with every report of the outage.
func TestPacer_AfterAnOutage(t *testing.T) {
	for _, test := range []struct {
		name     string
		up, down bool
	}{{"up", true, false}, {"down", false, true}, {"both", true, true}} {
		t.Run(test.name, func(t *testing.T) {
			const from, to = 10 * time.Second, 11 * time.Second
			l := newLoop(t, 60*ms, 60*ms)
			if test.up {
				l.up = l.up.cut(from, to)
			}
			if test.down {
				l.down = l.down.cut(from, to)
			}
			l.run(20 * time.Second)
			l.wantSettled(from, 0, 20*time.Second).wantMissed(to+200*ms, 20*time.Second, 0).wantJumps(0)
			for _, s := range l.samples {
				if s.at > from && s.wanted > 1.5 {
					t.Fatalf("after %v a margin of %.2f ticks is wanted, want 1 as before", s.at, s.wanted)
				}
			}
		})
	}
}

func TestPacer_OnARoughLink(t *testing.T) {
	const from, to = 20 * time.Second, 120 * time.Second
	l := newLoop(t, 50*ms, 50*ms)
	l.up, l.down = l.up.rough(1, 6*ms, 0.05), l.down.rough(2, 6*ms, 0.05)
	l.run(to).wantJumps(0).wantMissed(from, to, int(float64((to-from)/period)*0.005))
	lead, n := 0.0, 0.0
	for _, s := range l.samples {
		if s.at >= from {
			lead, n = lead+s.margin, n+1
		}
	}
	if lead /= n; lead > 4 {
		t.Errorf("the inputs arrive %.1f ticks early on average, which is too early", lead)
	}
}

func TestPacer_JumpsOnlyWhenFarOff(t *testing.T) {
	start := func() *Pacer {
		p := &Pacer{Period: period}
		p.Start(epoch, 1000, 0, 0)
		return p
	}
	report := func(p *Pacer, after time.Duration, margin float64) {
		p.Report(epoch.Add(after), InputReport{Valid: true, Min: margin}, 100*ms)
	}
	for _, test := range []struct {
		name    string
		margins []float64
		jumps   int
		moved   float64
	}{
		{"11.9 too late", []float64{-10.9, -10.9, -10.9}, 0, 0},
		{"11.9 too early", []float64{12.9, 12.9, 12.9}, 0, 0},
		{"12.1 too late, once", []float64{-11.1, 1, -11.1}, 0, 0},
		{"12.1 too late", []float64{1, -11.1, -11.1}, 1, 12.1},
		{"12.1 too late, still seen until the jump shows", []float64{-11.1, -11.1, -11.1, -11.1}, 1, 12.1},
		{"40 too early", []float64{41, 41}, 1, -40},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := start()
			before := p.Present()
			for i, m := range test.margins {
				report(p, time.Duration(i)*50*ms, m)
			}
			if moved := p.Present() - before; p.Jumps() != test.jumps || math.Abs(moved-test.moved) > 1e-9 {
				t.Errorf("%d jumps of %v ticks in all, want %d of %v", p.Jumps(), moved, test.jumps, test.moved)
			}
		})
	}
}

func TestPacer_StartsAgain(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 1000, 0, 0)
	p.Report(epoch, InputReport{Valid: true, Min: -20}, 0)
	p.Start(epoch, 2000, 0, 0)
	p.Report(epoch, InputReport{Valid: true, Min: -20}, 0)
	if p.Jumps() != 0 || p.Present() != 2002 {
		t.Errorf("%d jumps to %v, want none from 2002: the first far report was about another start", p.Jumps(),
			p.Present())
	}
}

func TestPacer_ChangesItsSpeed(t *testing.T) {
	p := &Pacer{Period: period}
	if p.Started() {
		t.Error("a Pacer runs before its start")
	}
	p.Start(epoch, 1000, 49*ms, 20*ms)
	if got := p.Present(); !p.Started() || got != 1000+3+2+2 {
		t.Errorf("present is %v after the start, want 1007: 3 ticks of round trip, 2 of tail, 2 more", got)
	}
	p.Start(epoch, 1000, 49*ms, time.Minute)
	if got := p.Present(); got != 1000+3+2+mostLead {
		t.Errorf("present is %v after a start with a tail of a minute, want 1017: no more than can be wanted", got)
	}
	for _, test := range []struct{ margin, speed float64 }{
		{1.7, 1}, {1.1, 1}, {2.3, 1}, // off 0.5 + 20 ms by less than 0.65
		{2.7, 0.95}, {1, 1.07}, {9, 0.92}, {-9, 1.08},
	} {
		p.Start(epoch, 1000, 49*ms, 20*ms)
		p.Report(epoch, InputReport{Valid: true, Min: test.margin, Tail: 20 * ms}, 100*ms)
		if math.Abs(p.Speed()-test.speed) > 1e-6 || math.Abs(p.Wanted()-1.7) > 1e-6 {
			t.Errorf("margin %v: speed is %v and %v is wanted, want %v and 1.7", test.margin, p.Speed(), p.Wanted(),
				test.speed)
		}
		p.Advance(epoch.Add(200 * ms))
		if got, want := p.Present(), 1007+12*test.speed; math.Abs(got-want) > 1e-5 {
			t.Errorf("margin %v: present is %v after 200 ms, want %v", test.margin, got, want)
		}
		p.Report(epoch.Add(200*ms), InputReport{}, 100*ms)
		if p.Speed() != 1 {
			t.Errorf("margin %v: speed is %v without a margin to go by, want 1", test.margin, p.Speed())
		}
	}
}

// A correction begins only at 0.65 ticks of error and goes on until there are less than 0.22. So the clock runs at its
// normal speed nearly always.
func TestPacer_IsCalm(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 1000, 0, 0)
	for i, test := range []struct {
		off     float64
		correct bool
	}{
		{0, false}, {0.6, false}, {-0.6, false}, {0.7, true}, {0.6, true}, {0.3, true}, {0.2, false}, {0.6, false},
		{-0.7, true}, {-0.3, true}, {-0.2, false}, {-0.6, false},
	} {
		p.Report(epoch.Add(time.Duration(i)*ms), InputReport{Valid: true, Min: p.Wanted() + test.off}, 0)
		if got := p.Speed() != 1; got != test.correct {
			t.Errorf("report %d, %v ticks off: the speed is %v, want a correction: %v", i, test.off, p.Speed(),
				test.correct)
		}
	}
}

// After a stall of more than 250 ms the clock goes on at the right time, and the caller is told of the stall.
func TestPacer_ReportsStalls(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 1000, 0, 0)
	p.Report(epoch, InputReport{Valid: true, Min: -9}, 100*ms)
	if _, stalled := p.Advance(epoch.Add(250 * ms)); stalled {
		t.Error("250 ms count as a stall")
	}
	before := p.Present()
	present, stalled := p.Advance(epoch.Add(1250 * ms))
	if got := p.Present() - before; !stalled || math.Abs(got-60) > 1e-3 || present != Tick(p.Present()) {
		t.Errorf("a second without frames moved the clock by %v ticks (stalled: %v), want 60 and true", got, stalled)
	}
}

func TestPacer_WantedMargin(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 0, 0, 0)
	want := func(what string, want float64) {
		t.Helper()
		if math.Abs(p.Wanted()-want) > 1e-3 {
			t.Errorf("%s a margin of %.3f ticks is wanted, want %.3f", what, p.Wanted(), want)
		}
	}
	at := epoch
	report := func(late bool, tail time.Duration) {
		at = at.Add(50 * ms)
		p.Report(at, InputReport{Valid: true, Min: p.Wanted(), Late: late, Tail: tail}, 100*ms)
	}
	want("without a tail", 1)
	report(false, 50*ms)
	want("with a tail of 50 ms", 3.5)
	report(false, time.Second)
	want("with a tail of a second", 12)
	report(true, 50*ms)
	want("after a late input", 3.85)
	for range 58 {
		report(false, 50*ms)
	}
	want("58 clean reports later", 3.502)
	for range 100 {
		report(true, 50*ms)
	}
	want("with nothing but late inputs", 12)
}

// The marks must reach back for the flight time of any network, at any frame rate.
func TestPacer_RemembersItsCorrections(t *testing.T) {
	for _, rate := range []int{30, 60, 144, 240, 1000} {
		p := &Pacer{Period: period}
		p.Start(epoch, 0, 0, 0)
		frame := time.Second / time.Duration(rate)
		var moved []float64 // after each frame; nothing is dropped
		speeds := []float64{1, 1.08, 0.92, 1.03}
		for i := range 5 * rate {
			p.speed = speeds[i*4/(5*rate)]
			now := epoch.Add(time.Duration(i+1) * frame)
			p.Advance(now)
			moved = append(moved, p.moved)
			for _, back := range []time.Duration{0, 50 * ms, 300 * ms, time.Second} {
				want := 0.0
				if j := i - int((back+frame-1)/frame); j >= 0 {
					want = moved[j]
				}
				if got := p.movedAt(now.Add(-back)); math.Abs(got-want) > 0.05 {
					t.Fatalf("%d Hz, frame %d: corrected by %.3f ticks %v before, want %.3f", rate, i, got, back, want)
				}
			}
		}
	}
}

// A jump must not share a mark with earlier corrections, or reports from before it would be misread by the whole
// jump.
func TestPacer_RemembersItsJumps(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 1000, 0, 0)
	p.Advance(epoch.Add(10 * ms))
	p.shift(epoch.Add(11*ms), 20)
	if before, after := p.movedAt(epoch.Add(10*ms)), p.movedAt(epoch.Add(11*ms)); before != 0 || after != 20 {
		t.Errorf("the clock had been corrected by %v ticks before the jump and %v after it, want 0 and 20", before,
			after)
	}
}

func TestPacer_AllocatesNothing(t *testing.T) {
	p := &Pacer{Period: period}
	p.Start(epoch, 1000, 0, 0)
	at := epoch
	if n := testing.AllocsPerRun(1000, func() {
		at = at.Add(10 * ms)
		p.Advance(at)
		p.Report(at, InputReport{Valid: true, Min: 3}, 100*ms)
	}); n != 0 {
		t.Errorf("%v allocations in a frame, want none", n)
	}
}

func TestPacer_HastensToANearTick(t *testing.T) {
	for _, test := range []struct{ into, want float64 }{{0.85, 10.85}, {0.89, 11.02}, {0.999, 11.02}, {0, 10}} {
		p := Pacer{Period: period}
		now := time.Unix(0, 0)
		p.Start(now, 8, 0, 0) // two ticks ahead
		now = now.Add(time.Duration(test.into * float64(period)))
		p.Advance(now)
		if present := p.Hasten(now); math.Abs(p.Present()-test.want) > 1e-6 || present != Tick(test.want) {
			t.Errorf("%v ticks into a tick the clock moves to tick %d, %v, want %v", test.into, present, p.Present(),
				test.want)
		}
	}
}
