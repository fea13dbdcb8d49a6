package namestest

import (
	"strings"
	"testing"
	"unicode"
)

func TestNames_AreFortyInTwentyScripts(t *testing.T) {
	scripts, known := map[string]bool{}, map[string]bool{}
	for _, s := range Names {
		if known[s.Name] {
			t.Errorf("%q is in the list twice", s.Name)
		}
		known[s.Name], scripts[s.Script] = true, true
		script := unicode.Scripts[s.Script]
		of := func(r rune) bool { return script != nil && unicode.Is(script, r) }
		if s.Script != "Emoji" && !strings.ContainsFunc(s.Name, of) {
			t.Errorf("%q has no character of the script %q", s.Name, s.Script)
		}
	}
	if len(Names) < 40 || len(scripts) < 20 {
		t.Errorf("%d names in %d scripts, want 40 in 20 at least", len(Names), len(scripts))
	}
}
