package lab

import (
	"flag"
	"fmt"
	"math"
	"testing"
	"time"

	"pong/internal/wire"
)

// With more seeds this test prints the figures of docs/fairness.md.
var claimSeeds = flag.Uint64("claim-seeds", 1, "matches of each kind in TestClaim_GainIsBounded")

// Two players are on one LAN, and the client of one claims that it is 250 ms away. The other one is asked to play
// further ahead, and has that much less time to react: 6 ticks at most with share.
func TestClaim_GainIsBounded(t *testing.T) {
	t.Parallel()
	lans := named(t, "L0")
	lans.Identical = true
	length := 3 * time.Minute
	if *claimSeeds > 1 {
		length = 15 * time.Minute
	}
	for _, test := range []struct {
		fairness wire.Fairness
		most     float64 // ticks of D that the honest player has more than the other one
	}{{wire.FairnessOff, 0}, {wire.FairnessShare, 6}, {wire.FairnessEqual, 24}} {
		var shares, more []float64
		for seed := range *claimSeeds {
			r := Run(Cell{
				Profile: lans, Variant: Filter, Seed: 1 + seed, Length: length, Fairness: test.fairness,
				Claim: 250 * time.Millisecond,
			})
			honest, _, _ := timesApartOf(r, 0)
			liar, _, _ := timesApartOf(r, 1)
			more = append(more, honest-liar)
			if points := r.points(reactive); points[0]+points[1] > 0 {
				shares = append(shares, 100*float64(points[1])/float64(points[0]+points[1]))
			}
		}
		t.Logf("| `%s` | %.1f ticks | %s |", test.fairness, mean(more), withError(shares))
		if d := mean(more); d > test.most+1 || d < -1 {
			t.Errorf("%s: the honest player has %.1f ticks less to react, want at most %v", test.fairness, d, test.most)
		}
	}
}

// withError returns the mean of shares and its standard error.
func withError(shares []float64) string {
	sum, m := 0.0, mean(shares)
	for _, x := range shares {
		sum += (x - m) * (x - m)
	}
	n := float64(len(shares))
	return fmt.Sprintf("%.0f ± %.0f %%", m, math.Sqrt(sum/max(n-1, 1)/n))
}
