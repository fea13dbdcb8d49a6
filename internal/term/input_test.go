package term

import (
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"pong/internal/front/fronttest"
)

// TestInput_ListedKeysWork presses, on every screen, each key that its choices name.
func TestInput_ListedKeysWork(t *testing.T) {
	named := map[string]tea.Key{"Enter": {Code: tea.KeyEnter}, "Esc": {Code: tea.KeyEscape}}
	for _, s := range fronttest.Screens(t) {
		for _, c := range s.Card.Choices {
			for _, k := range keyNames {
				if !c.Keys.Has(k.action) {
					continue
				}
				pressed, ok := named[k.name]
				if char, size := utf8.DecodeRuneInString(k.name); !ok && size == len(k.name) {
					pressed = tea.Key{Code: char, Text: k.name}
				}
				if in := inputOf(pressed, s.Card.Typing); !in.Actions.Has(k.action) {
					t.Errorf("%s: %q names the key %s, which gives %+v", s.Name, c.Label, k.name, in)
				}
			}
		}
	}
}
