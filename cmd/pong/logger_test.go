package main

import (
	"bytes"
	"strings"
	"testing"

	"pong/internal/names/namestest"
)

// TestLogger_NamesCannotForgeAttributes logs names that look like other attributes, or have invisible characters.
func TestLogger_NamesCannotForgeAttributes(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	for name, want := range map[string]string{
		"x player=2":   `name="x player=2" player=1`,
		`x" player="2`: `name="x\" player=\"2" player=1`,
		"علی\u200cرضا": `name="علی\u200cرضا" player=1`,
	} {
		var b bytes.Buffer
		(&serveFlags{log: "text"}).logger(&b).Info("joined", "name", name, "player", 1)
		if got := b.String(); !strings.HasSuffix(got, want+"\n") {
			t.Errorf("the name %q is logged as %q, want %s at the end", name, got, want)
		}
	}
	for _, s := range namestest.Names {
		var b bytes.Buffer
		(&serveFlags{log: "text"}).logger(&b).Info("joined", "name", s.Name)
		if line := b.String(); strings.Count(line, "\n") != 1 || strings.ContainsAny(line, "\u200c\u200d\x1b") {
			t.Errorf("the name %q is logged as %q, want one line without invisible characters", s.Name, line)
		}
	}
}
