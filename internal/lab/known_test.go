package lab

import (
	"slices"
	"strings"
	"testing"
)

// seedsAround returns ten figures with a mean and the standard error 1.
func seedsAround(mean float64) (all []float64) {
	for range 5 {
		all = append(all, mean-3, mean+3)
	}
	return all
}

// rowOf returns a row of the view filter.
func rowOf(profile, measure string, seeds []float64) Row {
	return Row{Profile: profile, View: Filter.String(), Measure: measure, Target: targetOf(profile, measure),
		Seeds: seeds, Mean: mean(seeds)}
}

func TestRegressions_AllowForChance(t *testing.T) {
	const above = errorsAllowed + 0.1
	for _, test := range []struct {
		name  string
		row   Row
		known string
		want  bool
	}{
		{"met", rowOf("L5", "corrections", seedsAround(0.8)), "", false},
		{"missed by chance", rowOf("L5", "corrections", seedsAround(0.8+errorsAllowed-0.1)), "", false},
		{"missed", rowOf("L5", "corrections", seedsAround(0.8+above)), "", true},
		{"as recorded", rowOf("L5", "corrections", seedsAround(20)), "L5: corrections 20", false},
		{"worse than recorded", rowOf("L5", "corrections", seedsAround(20+above)), "L5: corrections 20", true},
		{"better than recorded", rowOf("L5", "corrections", seedsAround(10)), "L5: corrections 20", false},
		{"below a lower bound by chance", rowOf("L6", "ball_speed_p1", seedsAround(0.8-errorsAllowed+0.1)), "", false},
		{"below a lower bound", rowOf("L6", "ball_speed_p1", seedsAround(0.8-above)), "", true},
		{"below a recorded one", rowOf("L6", "ball_speed_p1", seedsAround(-3-above)), "L6: ball_speed_p1 -3", true},
		{"below the least share", rowOf("L14", "far_share_human", seedsAround(34-above)), "", true},
		{"without noise, as the table shows it", rowOf("L2", "missed", []float64{0.404, 0.404}), "", false},
		{"without noise", rowOf("L2", "missed", []float64{0.42, 0.42}), "", true},
		{"in time, with an allowance", rowOf("L5t", "opponent_jumps", []float64{4, 4}), "", false},
		{"in time, without noise", rowOf("L5t", "opponent_jumps", []float64{4.02, 4.02}), "", true},
		{"another view", Row{Profile: "L2", View: Predict.String(), Measure: "missed", Mean: 9, Seeds: []float64{9, 9},
			Target: targetOf("L2", "missed")}, "", false},
	} {
		known, err := ParseKnown(strings.NewReader("# a comment\n" + test.known))
		if err != nil {
			t.Fatal(err)
		}
		r := Result{Rows: []Row{test.row}}
		if got, err := r.Regressions(Filter, known); err != nil || (len(got) > 0) != test.want {
			t.Errorf("%s: mean %.2f, target %v, known %q: got %v, %v; want a regression: %v", test.name, test.row.Mean,
				test.row.Target, test.known, got, err, test.want)
		}
	}
}

func TestParseKnown_RefusesOtherLines(t *testing.T) {
	for _, text := range []string{"L2: missed", "L2 1.2", "L2: missed much"} {
		if known, err := ParseKnown(strings.NewReader(text)); err == nil {
			t.Errorf("%q: got %v, want an error", text, known)
		}
	}
	known, err := ParseKnown(strings.NewReader("L2: misst 1.2"))
	if err != nil {
		t.Fatal(err)
	}
	r := Result{Rows: []Row{rowOf("L2", "missed", seedsAround(0))}}
	if lines, err := r.Regressions(Filter, known); err == nil {
		t.Errorf("with a figure that does not exist: got %v, want an error", slices.Clip(lines))
	}
}
