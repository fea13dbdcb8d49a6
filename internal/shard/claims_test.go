package shard

import (
	"math"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// The tests of this file send what only a modified client sends: claims that would spoil the server's figures.

// mean returns the mean of what a histogram has counted.
func mean(h Histogram) float64 { return h.Sum / float64(h.Count()) }

// TestClaims_RefusedInputsAreNotMeasured names ticks that are too far ahead, in one INPUT alone and in one with good
// ones. The metric has the good ones only.
func TestClaims_RefusedInputsAreNotMeasured(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	for range 100 {
		d.run(Period, left, right)
		now, _ := d.State(left.id)
		left.input(netcode.Tick(now.Tick)+3, game.Up, 4)
	}
	left.states()
	before := d.histograms.margin
	now, _ := d.State(left.id)
	tick := netcode.Tick(now.Tick)
	left.input(tick+game.TickRate, game.Up, 2)
	good := d.histograms.margin.Count() - before.Count()
	left.input(math.MaxInt32, game.Up, 3)
	left.input(tick+netcode.History+5, game.Up, 9) // the first of them are too early, and the others are not
	after := d.histograms.margin
	if early := d.Counts().Fates[netcode.TooEarly]; early == 0 {
		t.Fatal("no input was refused as too early")
	}
	if good == 0 || after.Count() <= before.Count()+good {
		t.Errorf("%d inputs were measured before the refused ones and %d after, want more", good,
			after.Count()-before.Count())
	}
	if got, most := mean(after), float64(netcode.History); got > most || math.IsNaN(got) {
		t.Errorf("the mean of the margins went from %.1f to %.1f ticks, want at most %.0f", mean(before), got, most)
	}
}

// TestClaims_LateInputsAreMeasured wants inputs that arrive after their ticks in the metric, once each.
func TestClaims_LateInputsAreMeasured(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	before := d.histograms.margin
	now, _ := d.State(left.id)
	for range 2 {
		left.input(netcode.Tick(now.Tick)-2, game.Up, 2)
	}
	after := d.histograms.margin
	if n := after.Count() - before.Count(); n != 2 || after.Sum >= before.Sum {
		t.Errorf("%d late inputs are measured, with a sum of %.1f ticks; want 2 below 0", n, after.Sum-before.Sum)
	}
}

// TestClaims_ImplausibleRoundTripsDoNotCount echoes what was never sent, and claims to have held it for any time.
func TestClaims_ImplausibleRoundTripsDoNotCount(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*SilentAfter, left, right)
	before := d.histograms.rtt
	micros := func(d time.Duration) uint32 { return uint32(d.Microseconds()) }
	for _, claim := range []struct {
		rtt, hold time.Duration
		counts    bool
	}{
		{0, 0, true},
		{80 * time.Millisecond, 40 * time.Millisecond, true},
		{SilentAfter, 0, true},
		{SilentAfter + time.Millisecond, 0, false},
		{50 * time.Second, 0, false},
		{50 * time.Second, time.Second, false},
		{0, SilentAfter + time.Millisecond, false},
		{20 * time.Millisecond, 70 * time.Minute, false},
		{-time.Second, 0, false},
	} {
		counted := d.histograms.rtt.Count()
		stamp := left.stamp()
		stamp.Echo -= micros(claim.rtt) + micros(claim.hold)
		stamp.Hold = micros(claim.hold)
		left.send(wire.AppendPing(nil, stamp))
		if got := d.histograms.rtt.Count() > counted; got != claim.counts {
			t.Errorf("a claimed round trip of %v, held for %v, counts: %v, want %v", claim.rtt, claim.hold, got,
				claim.counts)
		}
	}
	if added := d.histograms.rtt.Sum - before.Sum; added > 1.1*SilentAfter.Seconds() {
		t.Errorf("the round trips add %.1f s to the metric, want at most those that are plausible", added)
	}
}
