package bot

import (
	"math"
	"testing"
	"time"
)

// coming returns an eye with a ball at height 295 that needs a second to the left face.
func coming(flight int) eye {
	return eye{last: sighting{x: leftLine + 300, y: 295}, vx: -300, sure: true, seen: true, flight: flight}
}

func TestPlan_WaitsInTheMiddle(t *testing.T) {
	leaving := coming(0)
	leaving.vx = 300
	for name, e := range map[string]eye{"no ball": {}, "a ball that leaves": leaving} {
		p := plan{goal: 17}
		var c chance
		if p.think(0, 0, &e, &skills[Hard], &c); p.goal != home {
			t.Errorf("%s: goes to %v, want %v", name, p.goal, home)
		}
	}
}

func TestPlan_KeepsItsGoal(t *testing.T) {
	var p plan
	var c chance
	s, e := skills[Normal], coming(0)
	p.think(0, 0, &e, &s, &c)
	first := p.goal
	if p.think(s.replan-time.Millisecond, 0, &e, &s, &c); p.goal != first {
		t.Errorf("another goal after less than %v", s.replan)
	}
	if p.think(s.replan, 0, &e, &s, &c); p.goal == first {
		t.Errorf("the same goal after %v, want another error", s.replan)
	}

	next := coming(2) // the opponent has hit the ball in the meantime
	first = p.goal
	if p.think(s.replan+time.Millisecond, 0, &next, &s, &c); p.goal == first {
		t.Error("a new flight of the ball did not give a new goal at once")
	}
}

// A faster ball, or one that is drawn later, leaves less time, but not a smaller error.
func TestPlan_ErrorGrowsWithTheDistance(t *testing.T) {
	greatest := func(distance, speed float64) (worst float64) {
		c, s := chance(1), skills[Normal]
		s.spin = 0
		for range 200 {
			var p plan
			e := eye{last: sighting{x: leftLine + distance, y: 295}, vx: -speed, sure: true, seen: true}
			p.think(0, 0, &e, &s, &c)
			worst = max(worst, math.Abs(p.goal-(295+middle)))
		}
		return worst
	}
	for _, speed := range []float64{360, 720} {
		for distance, want := range map[float64]float64{60: 45, 240: 75, 480: 150, 700: 150} {
			if got := greatest(distance, speed); got < 0.95*want || got > want {
				t.Errorf("a ball %v pixels away with %v pixels a second is missed by up to %.1f pixels, want %v",
					distance, speed, got, want)
			}
		}
	}
}

// The paddle meets the ball off its middle, to play angles, but well within its edges.
func TestPlan_MeetsTheBall(t *testing.T) {
	var c chance
	places := map[float64]bool{}
	for flight := range 100 {
		var p plan
		e := coming(flight)
		p.think(0, 0, &e, &skills[Hard], &c)
		off := p.goal - (295 + middle)
		if off < -34 || off > 34 {
			t.Fatalf("takes the ball %v pixels off the middle of the paddle, want 34 at most", off)
		}
		places[off] = true
	}
	if len(places) < 90 {
		t.Errorf("100 flights are met at %d places of the paddle, want a different place for nearly each", len(places))
	}
}
