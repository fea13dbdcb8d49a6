package netsim

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestDice_AreSplitMix64(t *testing.T) {
	d := dice{} // its stream 0 is SplitMix64 with seed 0
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		d.next()
		if got := d.roll(0); got != want {
			t.Errorf("number %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestDice_Normal(t *testing.T) {
	const n = 200_000
	d := newDice(1)
	numbers := make([]float64, n)
	sum, squares := 0.0, 0.0
	for i := range numbers {
		d.next()
		x := d.normal(rollJitter, time.Second).Seconds()
		numbers[i] = x
		sum, squares = sum+x, squares+x*x
	}
	near(t, "mean", sum/n, 0, 0.01)
	near(t, "deviation", math.Sqrt(squares/n), 1, 0.01)
	slices.Sort(numbers)
	worst := 0.0
	for i, x := range numbers {
		worst = max(worst, math.Abs(float64(i)/n-math.Erfc(-x/math.Sqrt2)/2))
	}
	near(t, "greatest distance from the normal distribution function", worst, 0, 0.005)
}

func TestDice_Below(t *testing.T) {
	const n, sides = 60_000, 6
	var counts [sides]float64
	d := newDice(1)
	for range n {
		d.next()
		counts[d.below(rollBit, sides)]++
	}
	for side, count := range counts {
		if math.Abs(count/n-1.0/sides) > 0.01 {
			t.Errorf("side %d came in a share of %.3f, want %.3f", side, count/n, 1.0/sides)
		}
	}
}

func TestDice_ChanceOfZeroAndOne(t *testing.T) {
	d := newDice(1)
	for range 1000 {
		d.next()
		if d.chance(rollLoss, 0) || d.chance(rollLoss, math.NaN()) {
			t.Fatal("an event of probability 0 happened")
		}
		if !d.chance(rollLoss, 1) {
			t.Fatal("an event of probability 1 did not happen")
		}
	}
}

func TestDice_StreamsAndSeedsAreUnrelated(t *testing.T) {
	const n = 10_000
	for name, b := range map[string]struct {
		dice
		roll
	}{
		"another roll": {newDice(1), rollJitter},
		"another seed": {newDice(2), rollLoss},
	} {
		a, sum := newDice(1), 0.0
		for range n {
			a.next()
			b.dice.next()
			sum += (a.unit(rollLoss) - 0.5) * (b.dice.unit(b.roll) - 0.5)
		}
		near(t, name+": correlation", 12*sum/n, 0, 0.03)
	}
}

// near fails the test if got is not within tolerance of want.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %.4g, want %.4g +- %.2g", what, got, want, tolerance)
	}
}
