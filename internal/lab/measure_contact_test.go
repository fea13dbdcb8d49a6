package lab

import "testing"

// arrivalsAt calls change for each arrival of a player's ball at a face.
func (r *Recording) arrivalsAt(viewer, seat int, change func(frames []Frame, a *arrival)) (n int) {
	side := &r.Sides[viewer]
	for _, a := range side.arrivals() {
		if a.seat == seat && a.frame > 60 && a.frame < len(side.Frames)-60 {
			change(side.Frames, &a)
			n++
		}
	}
	return n
}

func TestMeasure_ContradictionByThePaddle(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		by    float64
		wrong bool
	}{{20, false}, {120, true}, {-150, true}} {
		r := made(t, 6000)
		r.arrivalsAt(0, 0, func(frames []Frame, a *arrival) {
			for i := a.frame - 3; i < a.frame+4; i++ {
				frames[i].Paddle[0] += test.by
			}
		})
		x, _, _ := contradictions.Of(r)
		if wrong := x > 40; wrong != test.wrong || !wrong && x > 0 { // half of the contacts of both players are moved
			t.Errorf("with the paddle drawn %v pixels off, %v of 100 contacts are contradictions", test.by, x)
		}
		if !test.wrong {
			within(t, r, offsetError, 19, 21)
		}
	}
}

func TestMeasure_NoContradictionIfThePaddleComesInTime(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	r.arrivalsAt(0, 0, func(frames []Frame, a *arrival) {
		for i := a.frame - 3; i <= a.frame; i++ {
			frames[i].Paddle[0] += 130 // is there only in the frame after the contact
		}
	})
	within(t, r, contradictions, 0, 0)
}

func TestMeasure_ContradictionByAnUndrawnContact(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	n := r.arrivalsAt(1, 1, func(frames []Frame, a *arrival) {
		for i := a.frame - 8; i < a.frame+8; i++ {
			frames[i].InPlay = false
		}
	})
	if x, _, _ := contradictions.Of(r); n < 10 || x < 40 {
		t.Errorf("%d contacts of one player were not drawn; %v of 100 of both are contradictions", n, x)
	}
}

func TestMeasure_VerdictIsWrongIfTheBallFirstPasses(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	hits := 0
	r.arrivalsAt(0, 1, func(frames []Frame, a *arrival) {
		if a.turned {
			hits++
			frames[a.frame+1].Ball.X = rightFace + 5 // for one frame
		}
	})
	met, _ := r.meetings(0, 1)
	theirs, _ := r.meetings(1, 0)
	want := 100 * float64(hits) / float64(len(met)+len(theirs))
	within(t, r, verdicts, want-0.01, want+0.01)
}

func TestMeasure_ContactsAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	hits, misses := 0, 0
	for _, c := range r.contacts() {
		if c.hit {
			hits++
		} else {
			misses++
		}
		if c.hit && (c.offset < -55 || c.offset > 55) {
			t.Errorf("a hit at tick %v is %v pixels off the paddle's middle", c.tick, c.offset)
		}
	}
	points := int(r.Truth[len(r.Truth)-1].Score[0] + r.Truth[len(r.Truth)-1].Score[1])
	if hits < 30 || misses < points || misses > points+1 {
		t.Errorf("%d hits, and %d misses for %d points", hits, misses, points)
	}
}

// A ball that was drawn to arrive shortly before the screen stood still belongs to a contact that does not count.
func TestMeasure_NoContradictionNextToAStall(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	n := 0
	r.arrivalsAt(0, 0, func(frames []Frame, a *arrival) {
		if n++; n%2 == 0 {
			return
		}
		for i := a.frame + 12; i < len(frames); i++ {
			frames[i].At += 20 * frame
		}
	})
	if met, odd := r.meetings(0, 0); n < 10 || len(met) > n/2+2 || len(odd) > 0 {
		t.Errorf("the screen stood still after half of %d arrivals; %d contacts count, want half, and %d arrivals "+
			"have no contact, want 0", n, len(met), len(odd))
	}
	within(t, r, contradictions, 0, 0)
}
