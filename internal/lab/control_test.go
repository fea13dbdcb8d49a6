package lab

import (
	"context"
	"testing"
)

// The measures must show the known faults of the original's way of drawing, of the textbook's, and of predicting
// everything.
func TestMeasures_ShowTheFaultsOfTheControl(t *testing.T) {
	t.Parallel()
	cfg := Config{Variants: []Variant{Filter, Predict, Interp, Original}, Seeds: 1, Minutes: 2}
	for _, name := range []string{"L0", "L4", "L6"} {
		cfg.Profiles = append(cfg.Profiles, named(t, name))
	}
	result, err := cfg.Measure(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rows := result.index()
	for _, want := range []struct {
		profile string
		view    Variant
		measure string
		least   float64
	}{
		{"L0", Original, "ball_jumps", 800}, {"L4", Original, "ball_jumps", 800}, {"L6", Original, "ball_jumps", 800},
		{"L0", Original, "contradictions", 5}, {"L4", Original, "contradictions", 5},
		{"L6", Original, "contradictions", 5},
		{"L4", Original, "corrections", 60}, {"L4", Original, "missed_raw", 2},
		{"L4", Interp, "contradictions", 2}, {"L6", Interp, "contradictions", 2},
		{"L4", Predict, "opponent_jumps", 100}, {"L6", Predict, "opponent_jumps", 100}, {"L6", Predict, "verdicts", 2},
	} {
		row := rows[key{want.profile, want.view.String(), want.measure}]
		if row == nil || row.Mean < want.least {
			t.Errorf("%s %v: %s is %+v, want %v or more", want.profile, want.view, want.measure, row, want.least)
		}
		if row != nil && !row.Missed() {
			t.Errorf("%s %v: %s of %.2f meets the target %v, so the measure shows nothing", want.profile, want.view,
				want.measure, row.Mean, row.Target)
		}
	}
	for _, view := range []Variant{Filter, Predict, Interp, Original} {
		for _, p := range cfg.Profiles {
			if row := rows[key{p.Name, view.String(), "unequal"}]; row == nil || row.Mean > 0 {
				t.Errorf("%s %v: confirmed ticks differ: %+v", p.Name, view, row)
			}
		}
	}
}
