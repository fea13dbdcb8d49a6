package lab

import "testing"

func TestSummary_IsTheMeanOverNetworks(t *testing.T) {
	r := Result{Profiles: []Named{{Name: "L0"}, {Name: "L4"}, {Name: "L10"}}, Views: []string{"filter"},
		Measures: []Named{{Name: "lead"}, {Name: "ball_jumps"}}}
	for i, p := range r.Profiles {
		r.Rows = append(r.Rows, Row{Profile: p.Name, View: "filter", Measure: "ball_jumps", Mean: float64(4 * i * i)})
	}
	over, lines := summary(&r, r.index())
	if over != "L0, L4" || len(lines) != 1 || lines[0].Name != "ball_jumps" || lines[0].Means[0] != "2" {
		t.Errorf("over %s: %+v, want ball_jumps of 2 over L0, L4", over, lines)
	}
}

func TestSummary_MeasuresExist(t *testing.T) {
	names := map[string]bool{}
	for _, m := range Measures() {
		names[m.Name] = true
	}
	for _, name := range summaryMeasures {
		if !names[name] {
			t.Errorf("the summary has the measure %s, which does not exist", name)
		}
	}
}

func TestSummary_CountsTargets(t *testing.T) {
	one := 1.0
	r := Result{Measures: []Named{{Name: "lead", Title: "lead", Unit: "ticks"}}, Rows: []Row{
		{Profile: "L0", View: "filter", Measure: "lead", Mean: 1, Target: &Target{Most: &one}},
		{Profile: "L4", View: "filter", Measure: "lead", Mean: 7, Worst: 9, WorstSeed: 5, Target: &Target{Most: &one}},
		{Profile: "L4", View: "interp", Measure: "lead", Mean: 7, Target: &Target{Most: &one}},
		{Profile: "L5", View: "filter", Measure: "lead", Mean: 7},
	}}
	v := viewPart{Name: "filter"}
	v.count(&r)
	if v.Met != 1 || v.Of != 2 || len(v.Misses) != 1 || v.Misses[0] != "L4: lead: 7 ticks, target ≤ 1 (seed 5: 9)" {
		t.Errorf("counted %+v", v)
	}
}
