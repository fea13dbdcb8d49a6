package lab

import (
	"math"
	"strings"
	"testing"
)

// sampleRally returns a ball that flies to the left face, is hit there, flies to the right face and passes. The left
// player sees it 6 ticks before the server, the right one 12 ticks after it and 40 pixels lower.
func sampleRally(profile, view string) Rally {
	r := Rally{Profile: profile, View: view, Seed: 3}
	x, vx := 70.0, -8.0
	for tick := range 120 {
		r.Truth = append(r.Truth, RallyTick{uint32(1000 + tick), [2]float64{x, 300}, [2]float64{250, 100}})
		if x += vx; x < leftFace {
			x, vx = 2*leftFace-x, 8
		}
	}
	for side, off := range []float64{6, -12} {
		for i := range r.Truth {
			seen := 1000 + float64(i) + off
			truth := r.Truth[max(0, min(int(seen)-1000, len(r.Truth)-1))]
			f := RallyFrame{Server: 1000 + float64(i), Own: 1006 + float64(i), Remote: 988 + float64(i), Flight: seen,
				InPlay: i > 2, Ball: truth.Ball, Paddle: truth.Paddle}
			if side == 1 {
				f.Ball[1] += 40
			}
			r.Sides[side] = append(r.Sides[side], f)
		}
	}
	return r
}

func TestRally_Contacts(t *testing.T) {
	r := sampleRally("L4", "filter")
	found := r.contacts()
	if len(found) != 2 {
		t.Fatalf("%d contacts, want a hit and a miss: %+v", len(found), found)
	}
	hit, miss := found[0], found[1]
	if hit.Verdict != "hit" || hit.Who != "left" || math.Abs(hit.tick-1005) > 0.01 || hit.When != "0.08 s" ||
		hit.Offset != "+5 px" {
		t.Errorf("the hit is %+v", hit)
	}
	if miss.Verdict != "missed" || miss.Who != "right" || miss.Number != 2 {
		t.Errorf("the miss is %+v", miss)
	}
	if s := miss.Sides[0]; s.When != "100 ms earlier" || s.Wrong {
		t.Errorf("the left player saw it %+v", s)
	}
	if s := miss.Sides[1]; s.When != "200 ms later" || !s.Wrong {
		t.Errorf("the right player saw it %+v, 40 px too low", s)
	}
}

func TestRally_UnseenContacts(t *testing.T) {
	r := sampleRally("L4", "filter")
	r.Sides = [2][]RallyFrame{}
	if s := r.contacts()[0].Sides[0]; s.When != "not seen" || !math.IsNaN(s.at) {
		t.Errorf("without frames the contact was seen: %+v", s)
	}
}

// The contacts that the page finds in a rally must be those of the measures.
func TestRally_ContactsAgreeWithTheMeasures(t *testing.T) {
	profiles, err := ParseProfiles("L6")
	if err != nil {
		t.Fatal(err)
	}
	rec := Run(Cell{Profile: profiles[0], Variant: Filter, Seed: 1, Length: minutes(1)})
	rally := rec.rally()
	var want []contact
	for _, c := range rec.contacts() {
		if c.tick >= rally.first() && c.tick < rally.last() {
			want = append(want, c)
		}
	}
	got := rally.contacts()
	if len(got) != len(want) || len(want) < 3 {
		t.Fatalf("%d contacts in the rally, want the %d of the recording and at least 3", len(got), len(want))
	}
	for i, c := range want {
		if got[i].Seat != c.seat || (got[i].Verdict == "hit") != c.hit || math.Abs(got[i].tick-c.tick) > 0.1 {
			t.Errorf("contact %d is %+v, want %+v", i+1, got[i], c)
		}
	}
}

func TestTimeline_DrawsBothSides(t *testing.T) {
	r := sampleRally("L4", "filter")
	d := string(r.timeline(r.contacts()))
	for mark, want := range map[string]int{
		`class="truth"`: 5, `class="saw s0"`: 4, `class="saw s1"`: 4, `class="saw remote s0"`: 1, `class="clock"`: 2,
		`class="cursor"`: 1, `class="contact"`: 1, `class="contact miss"`: 1, `class="decided"`: 2,
	} {
		if n := strings.Count(d, mark); n != want {
			t.Errorf("%d of %s, want %d", n, mark, want)
		}
	}
	if strings.Contains(d, "NaN") || strings.Contains(d, "Inf") {
		t.Error("a coordinate in the time line is not a number")
	}
}

// There must be no line while the ball is not drawn.
func TestTimeline_IsNotJoinedAcrossGaps(t *testing.T) {
	r := sampleRally("L4", "filter")
	for i := 50; i < 60; i++ {
		r.Sides[0][i].InPlay = false
	}
	x := span{r.first(), r.last(), 0, 100}
	y := span{0, 800, 100, 0}
	if p := r.sightPath(0, x, y, func(f *RallyFrame) float64 { return f.Ball[0] }, true); strings.Count(p, "M") != 2 {
		t.Errorf("the path with a gap begins %d times, want 2", strings.Count(p, "M"))
	}
}
