package netsim

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestNegativeLog_IsTheLogarithm(t *testing.T) {
	for _, x := range []uint64{1, 2, 3, 1 << 31, 1<<32 + 1, 1 << 62, 1<<63 - 1, 1 << 63, 3 << 62, 1<<64 - 1} {
		got, want := float64(negativeLog(x))*0x1p-32, -math.Log(float64(x)*0x1p-64)
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("-ln(%#x / 2^64) is %.12f, want %.12f", x, got, want)
		}
	}
	if got, want := negativeLog(0), negativeLog(1); got != want {
		t.Errorf("-ln of 0 is %d, want that of the least fraction, %d", got, want)
	}
}

func TestExponential_Distribution(t *testing.T) {
	const n, mean = 200_000, 3 * time.Second
	d := newDice(1)
	times := make([]float64, n)
	sum, squares := 0.0, 0.0
	for i := range times {
		x := exponential(d.at(rollSpell, uint64(i)), mean).Seconds() / mean.Seconds()
		times[i] = x
		sum, squares = sum+x, squares+x*x
	}
	near(t, "mean", sum/n, 1, 0.01)
	near(t, "mean square", squares/n, 2, 0.04)
	slices.Sort(times)
	worst := 0.0
	for i, x := range times {
		worst = max(worst, math.Abs(float64(i)/n-(1-math.Exp(-x))))
	}
	near(t, "greatest distance from the exponential distribution function", worst, 0, 0.005)
}

func TestExponential_IsBounded(t *testing.T) {
	for _, mean := range []time.Duration{0, 1, time.Hour, longestSpell} {
		for _, word := range []uint64{0, 1, 1 << 40, 1<<64 - 1} {
			if x := exponential(word, mean); x < 0 || x > longestSpell {
				t.Errorf("word %d with the mean %v gives %v, want 0 to %v", word, mean, x, longestSpell)
			}
		}
	}
}
