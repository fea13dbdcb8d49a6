package netcode

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// A testTimeline is a Timeline with a server that sends a state every three ticks and a screen of 62.5 Hz.
type testTimeline struct {
	t      *testing.T
	line   Timeline
	way    way
	delay  float64
	at     time.Duration
	frame  time.Duration
	sent   Tick
	under  []parcel
	newest Tick
	jumps  int
	least  float64 // speeds, while there is something newer to draw
	most   float64
}

func newTestTimeline(t *testing.T, way way) *testTimeline {
	return &testTimeline{t: t, line: Timeline{Period: period}, way: way, delay: 4, frame: 16 * ms, least: 1, most: 1}
}

// run plays until the given time and checks the invariants at every frame.
func (c *testTimeline) run(until time.Duration) *testTimeline {
	for ; c.at < until; c.at += ms {
		now := epoch.Add(c.at)
		for used(c.sent+3) <= c.at {
			c.sent += 3
			if delay, lost := c.way(c.at); !lost {
				c.under = append(c.under, parcel{arrives: c.at + delay, newest: c.sent})
			}
		}
		for len(c.under) > 0 && c.under[0].arrives <= c.at {
			c.line.Observe(now, c.under[0].newest)
			c.newest = max(c.newest, c.under[0].newest)
			c.under = c.under[1:]
		}
		if c.at%c.frame == 0 && c.newest > 0 {
			c.draw(now)
		}
	}
	return c
}

func (c *testTimeline) draw(now time.Time) {
	before, starved := c.line.Position(), c.line.Position() >= float64(c.newest)-1
	got := c.line.Advance(now, c.delay, float64(c.newest))
	moved := (got - before) / ticks(c.frame, period)
	switch {
	case got != c.line.Position() || got < before || got > float64(c.newest):
		c.t.Fatalf("after %v the clock went from %v to %v, and the newest state is of tick %d", c.at, before, got,
			c.newest)
	case moved > 1+slew+1e-9:
		c.jumps++
	case !starved && before > 0:
		c.least, c.most = min(c.least, moved), max(c.most, moved)
	}
}

// behind returns how many ticks the screen is behind the server.
func (c *testTimeline) behind() float64 { return ticks(c.at, period) - c.line.Position() }

func TestTimeline_OnASteadyLink(t *testing.T) {
	c := newTestTimeline(t, steady(30*ms)).run(2 * time.Second)
	near(t, "ticks behind the server", c.behind(), 4+1.8, 1.1)
	c.least, c.most, c.jumps = 1, 1, 0
	c.run(time.Minute)
	if c.jumps != 0 || c.least < 0.999 || c.most > 1.001 {
		t.Errorf("%d jumps and speeds from %v to %v on a steady path, want none and 1", c.jumps, c.least, c.most)
	}
}

func TestTimeline_ChangesSpeedGently(t *testing.T) {
	c := newTestTimeline(t, steady(30*ms).rough(1, 8*ms, 0.1)).run(2 * time.Second)
	c.jumps = 0
	for _, delay := range []float64{10, 5, 12, 7} { // as the late tail changes
		c.delay = delay
		c.run(c.at + 3*time.Second)
		near(t, "ticks behind the server", c.behind(), delay+1.8, 2.5)
	}
	if c.jumps != 0 || c.least < 1-slew-1e-9 || c.most > 1+slew+1e-9 {
		t.Errorf("%d jumps and speeds from %v to %v, want none, and 8 %% at most", c.jumps, c.least, c.most)
	}
	if c.least > 0.93 || c.most < 1.07 {
		t.Errorf("speeds from %v to %v: the delay did not test the limit", c.least, c.most)
	}
}

// In a short outage the picture stands still and then goes on; after a long one it jumps instead of playing the past.
func TestTimeline_AfterAnOutage(t *testing.T) {
	for _, test := range []struct {
		outage time.Duration
		jumps  int
		within time.Duration
	}{{200 * ms, 0, 2500 * ms}, {time.Second, 1, 100 * ms}, {20 * time.Second, 1, 100 * ms}} {
		const from = 5 * time.Second
		c := newTestTimeline(t, steady(30*ms).cut(from, from+test.outage)).run(from)
		before := c.behind()
		c.jumps = 0
		c.run(from + test.outage + 80*ms + test.within)
		near(t, "ticks behind after the outage, against before", c.behind(), before, 0.6)
		if c.jumps != test.jumps {
			t.Errorf("an outage of %v: %d jumps, want %d", test.outage, c.jumps, test.jumps)
		}
	}
}

// After ten seconds the clock has followed a path that has become slower for good.
func TestTimeline_FollowsTheLink(t *testing.T) {
	c := newTestTimeline(t, steady(20*ms).between(5*time.Second, 30*time.Second, 80*ms)).run(18 * time.Second)
	near(t, "ticks behind on the slower line", c.behind(), 4+4.8, 1.1)
	c.run(40 * time.Second)
	near(t, "ticks behind when it is fast again", c.behind(), 4+1.2, 1.1)
}

func TestTimeline_StartsAndRestarts(t *testing.T) {
	l := Timeline{Period: period}
	if l.Advance(epoch, 4, 0) != 0 || l.Server(epoch) != 0 {
		t.Error("a Timeline moves before its first state")
	}
	l.Observe(epoch, 100)
	near(t, "the server's tick", l.Server(epoch.Add(50*ms)), 103, 1e-6)
	near(t, "the start", l.Advance(epoch, 4, 100), 96, 0)
	near(t, "100 ms later", l.Advance(epoch.Add(100*ms), 4, 200), 102, 1e-3)
	near(t, "a greater delay", l.Advance(epoch.Add(200*ms), 20, 200), 102+6*(1-slew), 1e-3)
	near(t, "no time", l.Advance(epoch.Add(200*ms), 4, 200), 102+6*(1-slew), 1e-3)
	near(t, "time running backwards", l.Advance(epoch.Add(100*ms), 4, 200), 102+6*(1-slew), 1e-3)
	l.Restart()
	near(t, "a restart", l.Advance(epoch.Add(200*ms), 20, 200), 92, 1e-3)
	l.Restart()
	if got := l.Advance(epoch, 200, 200); got != 0 {
		t.Errorf("before the first tick the position is %v, want 0", got)
	}
}

// With states of any tick in any order, and frames at any interval.
func TestTimeline_NeverGoesBack(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		l := Timeline{Period: period}
		at, tick, limit, before := epoch, Tick(50), 50.0, 0.0
		for range 3000 {
			at = at.Add(time.Duration(r.IntN(30)) * ms)
			tick = Tick(max(int(tick)+r.IntN(7)-2, 0))
			if r.IntN(200) == 0 {
				at = at.Add(time.Duration(r.IntN(20)) * time.Second)
			}
			if r.IntN(3) > 0 {
				l.Observe(at, tick)
				limit = max(limit, float64(tick))
			}
			got := l.Advance(at, r.Float64()*20, limit)
			if got < before || got > limit || math.IsNaN(got) {
				t.Fatalf("seed %d: the clock went from %v to %v with a limit of %v", seed, before, got, limit)
			}
			before = got
		}
	}
}

func TestTimeline_AllocatesNothing(t *testing.T) {
	l := Timeline{Period: period}
	at, tick := epoch, Tick(0)
	if n := testing.AllocsPerRun(1000, func() {
		at, tick = at.Add(16*ms), tick+1
		l.Observe(at, tick)
		l.Advance(at, 4, float64(tick))
	}); n != 0 {
		t.Errorf("%v allocations in a frame, want none", n)
	}
}
