package netcode_test

import (
	"math"
	"testing"

	"pong/netcode"
)

func TestContour_JoinsTheTimesOfBothEnds(t *testing.T) {
	for _, tt := range []struct {
		name     string
		contour  netcode.Contour
		x, want  float64
		weighted float64
	}{
		{"at my end", netcode.Contour{Mine: 30, Theirs: 770}, 30, 112, 1},
		{"behind me", netcode.Contour{Mine: 30, Theirs: 770}, 5, 112, 1},
		{"at their end", netcode.Contour{Mine: 30, Theirs: 770}, 770, 100, 0},
		{"behind them", netcode.Contour{Mine: 30, Theirs: 770}, 790, 100, 0},
		{"half way", netcode.Contour{Mine: 30, Theirs: 770}, 400, 106, 0.5},
		{"from the other side", netcode.Contour{Mine: 770, Theirs: 30}, 215, 103, 0.25},
		{"flat near me", netcode.Contour{Mine: 0, Theirs: 100, Flat: 0.2}, 15, 112, 1},
		{"flat near them", netcode.Contour{Mine: 0, Theirs: 100, Flat: 0.2}, 85, 100, 0},
		{"between the flats", netcode.Contour{Mine: 0, Theirs: 100, Flat: 0.2}, 50, 106, 0.5},
	} {
		if got := tt.contour.Weight(tt.x); math.Abs(got-tt.weighted) > 1e-9 {
			t.Errorf("%s: weight %v, want %v", tt.name, got, tt.weighted)
		}
		if got := tt.contour.Time(112, 100, tt.x); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: drawn at %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A ball that crosses the field is seen at my end at its tick by my time, and at their end at its tick by their time.
// In between it moves in every frame, at the speed that follows from the contour.
func TestContour_ShowsBothContactsAtTheirTick(t *testing.T) {
	const lag, v = 12.0, 10.0 // ticks, pixels a tick
	c := netcode.Contour{Mine: 0, Theirs: 740}
	at := func(tick float64) float64 { return v * tick } // leaves me at tick 0, reaches them at 74
	last, before := 0.0, 0.0
	slowest, fastest := math.Inf(1), 0.0
	for mine := 0.0; mine < 74+lag+10; mine += 0.25 {
		drawn := c.Draw(last, mine, mine-lag, at)
		if drawn < last {
			t.Fatalf("at %v the ball runs back from tick %v to %v", mine, last, drawn)
		}
		x := at(drawn)
		if mine > 1 && x < 740 {
			slowest, fastest = min(slowest, (x-before)/0.25), max(fastest, (x-before)/0.25)
		}
		if crossed := before < 740 && x >= 740; crossed && math.Abs(drawn-74) > 0.5 {
			t.Errorf("it reaches them at tick %v, want 74", drawn)
		}
		if x >= 740 && math.Abs(mine-lag-drawn) > 0.1 {
			t.Errorf("behind their end it is drawn at %v, want their time %v", drawn, mine-lag)
		}
		last, before = drawn, x
	}
	// Going away: 1 / (1 + lag/flight) of the true speed.
	if want := v / (1 + lag/74); math.Abs(slowest-want) > 0.3 || math.Abs(fastest-want) > 0.3 {
		t.Errorf("it flies at %.2f to %.2f pixels a tick, want %.2f", slowest, fastest, want)
	}
}

func TestContour_NeverRunsBack(t *testing.T) {
	c := netcode.Contour{Mine: 0, Theirs: 100}
	at := func(float64) float64 { return 50 }
	if got := c.Draw(108, 110, 100, at); got != 108 {
		t.Errorf("the ball was drawn at 108 and belongs at 105: drawn at %v, want 108", got)
	}
	if got := c.Draw(112, 110, 100, at); got != 112 {
		t.Errorf("the ball was drawn at 112 and my clock has turned back to 110: drawn at %v, want 112", got)
	}
	if got := c.Draw(90, 110, 100, at); math.Abs(got-105) > 1.0/64 {
		t.Errorf("after a gap: drawn at %v, want 105", got)
	}
}
