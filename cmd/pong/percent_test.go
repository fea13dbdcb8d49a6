package main

import (
	"testing"
)

func TestPercent(t *testing.T) {
	for text, want := range map[string]percent{"5%": 0.05, "0.05": 0.05, "0": 0, "100%": 1, "1": 1, "0.5%": 0.005} {
		var got percent
		if err := got.Set(text); err != nil || got != want {
			t.Errorf("Set(%q): got %v, %v; want %v", text, float64(got), err, float64(want))
		}
		again := percent(-1)
		if err := again.Set(got.String()); err != nil || again != got {
			t.Errorf("%q is printed as %q, which is parsed as %v, %v", text, got.String(), float64(again), err)
		}
	}
	for _, text := range []string{"", "%", "101%", "5", "-1%", "NaN", "Inf%", "five"} {
		var got percent
		if err := got.Set(text); err == nil {
			t.Errorf("Set(%q): got %v, want an error", text, float64(got))
		}
	}
}
