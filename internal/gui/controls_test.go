//go:build !nogui

package gui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pong/internal/front"
	"pong/internal/front/fronttest"
)

// TestControls_ListedKeysWork: each key that a choice names has the action of the choice. Where a line is typed letters
// are text, so that no choice there has a letter.
func TestControls_ListedKeysWork(t *testing.T) {
	keys := slices.Collect(maps.Values(actionKeys))
	letters := func(name string) front.Action { return letterActions[[]rune(strings.ToLower(name))[0]] }
	for _, s := range fronttest.Screens(t) {
		for _, c := range s.Card.Choices {
			for _, k := range keyNames {
				switch isLetter := len(k.name) == 1; {
				case !c.Keys.Has(k.action):
				case isLetter && (s.Card.Typing || letters(k.name) != k.action),
					!isLetter && !slices.Contains(keys, k.action):
					t.Errorf("%s: %q names the key %s, which does something else", s.Name, c.Label, k.name)
				}
			}
		}
	}
}
