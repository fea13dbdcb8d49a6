package lab

import (
	"strings"
	"testing"
)

func TestMarkdown_MarksMissedTargets(t *testing.T) {
	most := 1.0
	r := Result{
		Minutes: 10, Seeds: 8, Views: []string{"filter"},
		Profiles: []Named{{Name: "L4", Title: "far"}, {Name: "L10", Title: "a step"}},
		Measures: []Named{{Name: "jumps", Title: "jumps", Unit: "per min",
			Definition: "what\nit is" + strings.Repeat(" x", 60), Noticed: "From 7 % on (A and B 1988)."}},
		Rows: []Row{
			{Profile: "L4", View: "filter", Measure: "jumps", Mean: 2.5, Worst: 3, Target: &Target{Most: &most}},
			{Profile: "L10", View: "filter", Measure: "jumps", Mean: 0.5, Worst: 1, Target: &Target{Most: &most}},
		},
	}
	var b strings.Builder
	if err := WriteMarkdown(&b, r); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > 121 && !strings.HasPrefix(line, "|") {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
	for _, want := range []string{"**2.5 (3) <= 1**", "| 0.5 (1) <= 1 |", "- **jumps** (`jumps`, per min): what it is",
		"--seeds 8 --minutes 10", "From 7 % on (A and B 1988).", "Constant networks:", "Networks with events:"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page does not contain %q:\n%s", want, b.String())
		}
	}
}
