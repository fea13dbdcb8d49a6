package lab

import (
	"slices"
	"strings"
	"testing"
)

func barRows(filter, original float64, target *Target) map[key]*Row {
	return map[key]*Row{
		{"L4", "filter", "m"}:   {Mean: filter, Worst: filter, Target: target},
		{"L4", "original", "m"}: {Mean: original, Worst: original, Target: target},
	}
}

func TestBars_AreCutOnlyFarAboveTheTarget(t *testing.T) {
	views, profiles, m, two := []string{"filter", "original"}, []Named{{Name: "L4"}}, Named{Name: "m", Title: "jumps"},
		2.0
	chart := string(barChart(views, profiles, m, barRows(0.5, 1000, &Target{Most: &two})))
	if strings.Count(chart, `class="cut"`) != 1 || !strings.Contains(chart, ">1000<") {
		t.Errorf("the bar of 1000 with a target of 2 should be cut, with its figure:\n%s", chart)
	}
	if !strings.Contains(chart, `class="target"`) || !strings.Contains(chart, "≤ 2") {
		t.Errorf("no line at the target:\n%s", chart)
	}
	chart = string(barChart(views, profiles, m, barRows(0.5, 4, &Target{Most: &two})))
	if strings.Contains(chart, `class="cut"`) {
		t.Errorf("a bar of 4 with a target of 2 is cut:\n%s", chart)
	}
}

func TestBars_OfZero(t *testing.T) {
	zero := 0.0
	chart := string(barChart([]string{"filter", "original"}, []Named{{Name: "L4"}}, Named{Name: "m"},
		barRows(0, 0, &Target{Most: &zero})))
	if strings.Contains(chart, "NaN") {
		t.Errorf("bars of 0 have coordinates that are not numbers:\n%s", chart)
	}
}

func TestBars_Wrap(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"LAN", []string{"LAN"}},
		{"Wi-Fi, gone for 1 s", []string{"Wi-Fi, gone", "for 1 s"}},
		{"intercontinental, gone for 5 seconds", []string{"intercontin…", "gone for 5 …"}},
		{"", nil},
	} {
		if got := wrap(test.text, 12, 2); !slices.Equal(got, test.want) {
			t.Errorf("%q becomes %q, want %q", test.text, got, test.want)
		}
	}
}
