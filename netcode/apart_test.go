package netcode

import (
	"math"
	"testing"
)

func TestApart_CoversTheAgeOfTheNews(t *testing.T) {
	var a Apart
	for i := range 200 {
		age := 4 + float64(i%5)/10
		if i%100 == 0 {
			age = 30 // one in a hundred
		}
		a.Arrive(age)
	}
	if got := a.Ticks(); math.Abs(got-4.4-apartMargin) > 1e-9 {
		t.Errorf("the times must be %v ticks apart, want the usual age of 4.4 and %v", got, apartMargin)
	}
}

func TestApart_LearnsFromLateNews(t *testing.T) {
	var a Apart
	a.Arrive(4)
	before := a.Ticks()
	a.Learn(true)
	if got := a.Ticks() - before; math.Abs(got-taughtLate) > 1e-9 {
		t.Errorf("a late input adds %v ticks, want %v", got, taughtLate)
	}
	for range 100 {
		a.Learn(true)
	}
	if got := a.Ticks() - before; math.Abs(got-taughtMost) > 1e-9 {
		t.Errorf("a hundred late inputs add %v ticks, want %v", got, taughtMost)
	}
	for range 10000 {
		a.Learn(false)
	}
	if got := a.Ticks() - before; got != 0 {
		t.Errorf("after ten thousand inputs in time %v ticks are added, want 0", got)
	}
}
