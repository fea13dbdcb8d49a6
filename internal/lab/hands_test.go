package lab

import (
	"math"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// The laboratory needs contacts that a tick or a pixel decides.
func TestHands_LateMoversMeetTheBallAtTheEdge(t *testing.T) {
	t.Parallel()
	edge, moved, hits := 0, 0, 0
	r := Run(cell(t, "L0", Filter, 1, 3*time.Minute))
	for _, contact := range r.contacts() {
		i := int(contact.tick) - int(r.First)
		at := r.Sides[0].Frames[0].At + time.Duration(i)*frame
		if pair := pairs[int(at/shift)%len(pairs)]; pair[contact.seat] != late || !contact.hit {
			continue
		}
		hits++
		if math.Abs(contact.offset) > 40 {
			edge++
		}
		if i >= 3 && r.Truth[i+1].Paddle[contact.seat] != r.Truth[i-1].Paddle[contact.seat] {
			moved++
		}
	}
	if hits < 20 || edge < hits*8/10 || moved < hits*6/10 {
		t.Errorf("%d hits: %d within 15 pixels of the paddle's edge, %d with a paddle that moved in the last two ticks",
			hits, edge, moved)
	}
}

func TestHands_BotsRally(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"L0", "L4", "L7"} {
		r := Run(cell(t, profile, Filter, 2, 2*time.Minute))
		longest, points := uint16(0), r.Truth[len(r.Truth)-1].Score
		for _, s := range r.Truth {
			longest = max(longest, s.Hits)
		}
		if longest < 5 || points[0]+points[1] < 3 {
			t.Errorf("%s: the longest rally has %d hits and the score is %v", profile, longest, points)
		}
	}
}

func TestHands_ScriptsIgnoreThePicture(t *testing.T) {
	a, b, other := newScript(1), newScript(1), newScript(2)
	same, keys := true, map[game.Input]int{}
	for i := range 2000 {
		now := time.Duration(i) * frame
		one, two := a(now, client.Frame{}), b(now, client.Frame{Ball: client.Point{X: float64(i)}, BallInPlay: true})
		if one != two {
			t.Fatalf("frame %d: another picture gave another key", i)
		}
		same = same && one == other(now, client.Frame{})
		keys[one]++
	}
	if same || len(keys) != 3 {
		t.Errorf("another seed gave the same keys: %v; the keys were %v", same, keys)
	}
}

// Over all pairs both seats play each manner equally often.
func TestHands_SeatsAreFavouredAlike(t *testing.T) {
	var n [4][2]int
	for _, p := range pairs {
		for seat, m := range p {
			n[m][seat]++
		}
	}
	for m, seats := range n {
		if seats[0] != seats[1] {
			t.Errorf("manner %d is played %d times at the left and %d at the right", m, seats[0], seats[1])
		}
	}
}
