package netcode

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// sortedQuantile returns what a Quantile keeps of samples, by sorting them.
func sortedQuantile(samples []int, newest, above int) int {
	kept := slices.Clone(samples[max(0, len(samples)-newest):])
	slices.Sort(kept)
	if len(kept) == 0 {
		return 0
	}
	return kept[len(kept)-1-above*len(kept)/newest]
}

func TestQuantile_AgainstSorting(t *testing.T) {
	for _, test := range []struct{ newest, above int }{{1024, 2}, {600, 12}, {20, 0}, {1, 0}, {100, 99}} {
		r := rand.New(rand.NewPCG(1, 0))
		q := Quantile{Newest: test.newest, Above: test.above}
		var samples []int
		for i := range 5000 {
			x := int(r.ExpFloat64() * 20)
			if i/1500%2 == 1 {
				x += 100 // for some time they are much greater
			}
			if i%997 == 996 {
				q.Lower(5)
				for j := range samples {
					samples[j] = max(samples[j]-5, 0)
				}
			}
			q.Add(x)
			samples = append(samples, min(x, 255))
			if got, want := q.Value(), sortedQuantile(samples, test.newest, test.above); got != want {
				t.Fatalf("%d of the newest %d may lie above: after %d samples the quantile is %d, want %d",
					test.above, test.newest, i+1, got, want)
			}
		}
	}
}

func TestQuantile_BoundsItsClasses(t *testing.T) {
	q := Quantile{Newest: 3, Above: 0}
	if got := q.Value(); got != 0 {
		t.Errorf("the quantile of nothing is %d, want 0", got)
	}
	for _, test := range []struct{ x, want int }{{-7, 0}, {1 << 40, 255}, {-1 << 40, 255}, {3, 255}, {2, 3}} {
		if q.Add(test.x); q.Value() != test.want {
			t.Errorf("after %d the quantile is %d, want %d", test.x, q.Value(), test.want)
		}
	}
}

func TestQuantile_AllocatesNothing(t *testing.T) {
	q, x := Quantile{Newest: 1024, Above: 2}, 0
	if n := testing.AllocsPerRun(2000, func() {
		x += 7
		q.Add(x % 200)
	}); n != 0 {
		t.Errorf("%v allocations for a sample, want none", n)
	}
}
