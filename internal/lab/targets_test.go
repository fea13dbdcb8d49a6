package lab

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// targetTable returns the table of targets as docs/netcode.md has it.
func targetTable() string {
	var b strings.Builder
	b.WriteString("| target |")
	for _, p := range mainProfiles {
		fmt.Fprintf(&b, " %s |", p)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(mainProfiles)) + "\n")
	for _, m := range Measures() {
		bounds, sign := most[m.Name], "≤"
		if bounds == nil {
			bounds, sign = least[m.Name], "≥"
		}
		if bounds == nil {
			continue
		}
		fmt.Fprintf(&b, "| `%s` %s |", m.Name, sign)
		for _, x := range bounds {
			fmt.Fprintf(&b, " %v |", x)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestTargets_AreThoseOfTheDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/netcode.md")
	if err != nil {
		t.Fatal(err)
	}
	if table := targetTable(); !strings.Contains(string(text), table) {
		t.Errorf("docs/netcode.md does not contain the targets:\n%s", table)
	}
	for _, m := range Measures() {
		if !strings.Contains(string(text), "`"+m.Name+"`") && !strings.HasSuffix(m.Name, "_near") &&
			!strings.HasSuffix(m.Name, "_far") {
			t.Errorf("docs/netcode.md does not explain the measure %s", m.Name)
		}
	}
}
