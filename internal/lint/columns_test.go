package main

import (
	"strings"
	"testing"
)

func TestColumns_CountsTabsAndRunes(t *testing.T) {
	for line, want := range map[string]int{"": 0, "abc": 3, "\tabc": 7, "\t\t": 8, "äöü": 3} {
		if got := columns(line); got != want {
			t.Errorf("columns(%q) = %d, want %d", line, got, want)
		}
	}
}

func TestExempt_TablesAndLongWords(t *testing.T) {
	words := strings.Repeat("word ", 30)
	url := "https://example.com/" + strings.Repeat("a", 100)
	for _, c := range []struct {
		name, line string
		want       bool
	}{
		{"docs/a.md", "| " + words + "|", true},
		{"a.go", "| " + words + "|", false},
		{"docs/a.md", words, false},
		{"docs/a.md", "see " + url, true},
		{"a.go", "\t// See " + url, true},
		{"a.go", "// " + words, false},
	} {
		if got := exempt(c.name, c.line); got != c.want {
			t.Errorf("exempt(%q, %q) = %v, want %v", c.name, c.line, got, c.want)
		}
	}
}
