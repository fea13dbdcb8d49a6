package wire

import (
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"A", ""},
		{"Ann", ""},
		{"Ann  Lee", ""},
		{"x@y.z <&> \"'\\%s", ""},
		{"sixteen letters!", ""},
		{strings.Repeat("é", MaxName), ""},
		{"Zoë", ""},
		{"e\u0301", ""},
		{"Việt", ""},
		{"Vie\u0323\u0302t", ""}, // two marks on one letter, as its language writes it
		{"日本語", ""},
		{"עברית", ""},
		{"हिन्दी", ""},
		{"\U0001f3d3", ""},

		{"", "empty"},
		{strings.Repeat("a", MaxName+1), "17 characters"},
		{strings.Repeat("é", MaxName+1), "17 characters"},
		{strings.Repeat("a", 1<<20), "characters"},
		{" ", "space"},
		{" Ann", "space"},
		{"Ann ", "space"},
		{"Ann\n", "space"},
		{"\u00a0Ann", "space"},
		{"A\xffn", "UTF-8"},
		{"\xed\xa0\x80", "UTF-8"}, // a surrogate
		{"A\nn", "U+000A"},
		{"A\rn", "U+000D"},
		{"A\tn", "U+0009"},
		{"A\x00n", "U+0000"},
		{"\x1b[31mred", "U+001B"},
		{"A\x7fn", "U+007F"},
		{"A\u0085n", "U+0085"},
		{"A\u00a0n", "U+00A0"}, // a space that is not the space
		{"A\u2003n", "U+2003"},
		{"A\u3000n", "U+3000"},
		{"A\u00adn", "U+00AD"}, // soft hyphen
		{"A\u200bn", "U+200B"}, // zero width space
		{"A\u200dn", "U+200D"}, // zero width joiner
		{"A\ufeffn", "U+FEFF"},
		{"\u202ennA", "U+202E"}, // right-to-left override
		{"A\u2066n", "U+2066"},
		{"A\u061cn", "U+061C"},
		{"A\u2028n", "U+2028"},
		{"\u3164", "U+3164"}, // Hangul filler: a letter, and nothing to see
		{"\uffa0", "U+FFA0"},
		{"A\u115fn", "U+115F"},
		{"\u2800", "U+2800"}, // braille without a dot
		{"A\u034fn", "U+034F"},
		{"A\ufe0fn", "U+FE0F"},
		{"A\U000e0041n", "U+E0041"}, // tag character
		{"A\ue000n", "U+E000"},      // private use
		{"A\ufffen", "U+FFFE"},
		{"A\u0378n", "U+0378"}, // unassigned
		{"\u0301e", "U+0301"},
		{"a\u0301\u0302\u0303", "U+0303"},
		{"a" + strings.Repeat("\u0335", MaxName-1), "U+0335"},
	} {
		err := CheckName(c.name)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("CheckName(%.40q): %v, want no error", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("CheckName(%.40q): %v, want an error with %q", c.name, err, c.want)
		}
	}
}

// A name that CheckName accepts must also be valid in a control line; otherwise clients could not read it.
func FuzzCheckName(f *testing.F) {
	f.Add("Ann")
	f.Add("e\u0301")
	f.Add("\u202e")
	f.Fuzz(func(t *testing.T, name string) {
		if CheckName(name) != nil {
			return
		}
		m := Message{Type: Presence, PlayerID: 1, Name: name, Status: StatusOnline}
		if got, err := ParseLine(AppendLine(nil, m)); err != nil || got != m {
			t.Errorf("name %q: sent %+v, received %+v, %v", name, m, got, err)
		}
	})
}
