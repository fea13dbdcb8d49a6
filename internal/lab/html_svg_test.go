package lab

import (
	"slices"
	"strings"
	"testing"
)

func TestSVG_Span(t *testing.T) {
	s := span{0, 10, 100, 0}
	for x, want := range map[float64]float64{-1: 100, 0: 100, 5: 50, 10: 0, 99: 0} {
		if got := s.at(x); got != want {
			t.Errorf("%v is at %v, want %v", x, got, want)
		}
	}
	if got := (span{3, 3, 7, 9}).at(3); got != 7 {
		t.Errorf("a figure of an empty span is at %v, want 7", got)
	}
}

func TestSVG_TicksAreRound(t *testing.T) {
	for _, test := range []struct {
		s    span
		want []float64
	}{
		{span{from: 0, to: 10}, []float64{0, 2, 4, 6, 8, 10}},
		{span{from: -3, to: 19}, []float64{0, 5, 10, 15}},
		{span{from: 5, to: 5}, []float64{5}},
	} {
		if got := test.s.ticks(5); !slices.Equal(got, test.want) {
			t.Errorf("from %v to %v: %v, want %v", test.s.from, test.s.to, got, test.want)
		}
	}
}

func TestSVG_Escapes(t *testing.T) {
	d := newSVG(10, `"<&`, "")
	d.text("start", 0, 0, "<b>&")
	if got := string(d.done()); strings.Contains(got, "<b>") || strings.Contains(got, `"<&`) {
		t.Errorf("a text was written as markup: %s", got)
	}
}
