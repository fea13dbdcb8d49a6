package lab

import (
	"testing"
	"time"

	"pong/internal/wire"
)

// The near and the far player of L14 have less time to react than in the same room, by D. Without a fairness the far
// one has much less; one shares the difference, and the other makes it small.
func TestFairness_NearAndFar(t *testing.T) {
	t.Parallel()
	unequal := func(f wire.Fairness) float64 {
		c := cell(t, "L14", Filter, 1, 2*time.Minute)
		c.Fairness = f
		r := Run(c)
		near, _, _ := timesApartOf(r, 0)
		far, _, _ := timesApartOf(r, 1)
		t.Logf("%s: D is %.1f ticks at the near player and %.1f at the far one", f, near, far)
		return far - near
	}
	off, share, equal := unequal(wire.FairnessOff), unequal(wire.FairnessShare), unequal(wire.FairnessEqual)
	if off < 15 || share > off-2 || share < 5 || equal > mostUnequal || equal < -mostUnequal {
		t.Errorf("D of the far player less that of the near one is %.1f ticks with off, %.1f with share and %.1f with "+
			"equal; want more than 15, something in between, and at most %v", off, share, equal, mostUnequal)
	}
}

// mostUnequal is by how many ticks D may differ where it should be equal.
const mostUnequal = 3.0
