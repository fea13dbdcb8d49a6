package names

import (
	"strings"
	"testing"

	"pong/internal/names/namestest"
)

func TestParse_TakesNamesOfTheWorld(t *testing.T) {
	for _, s := range namestest.Names {
		if got, err := Parse(s.Name); err != nil || got != s.Name {
			t.Errorf("Parse(%+q), %s: %+q, %v, want the name itself", s.Name, s.Script, got, err)
		}
	}
}

const scotland = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

func TestParse(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"A", "A"},
		{"x@y.z <&> \"'\\%s", "x@y.z <&> \"'\\%s"},
		{"sixteen letters!", "sixteen letters!"},
		{strings.Repeat("é", MaxClusters), strings.Repeat("é", MaxClusters)},
		{strings.Repeat("漢", MaxWidth/2), strings.Repeat("漢", MaxWidth/2)},
		{"  Ann ", "Ann"},
		{"Ann  Lee", "Ann Lee"},
		{"Ann\u00a0Lee", "Ann Lee"}, // a space that does not break
		{"\u3000山田\u3000太郎", "山田 太郎"},
		{"e\u0301", "é"},
		{"Vie\u0323\u0302t", "Việt"},
		{"\u1112\u1161\u11ab", "한"},
		{"ज\u093cोया", "ज\u093cोया"},
		{"ق\u0651\u064e", "ق\u064e\u0651"}, // in the order of NFC
		{"ക്\u200d", "ക്\u200d"},           // Malayalam: a joiner at the end, after a virama
		{"ರಾಜ್\u200cಕುಮಾರ್\u200c", "ರಾಜ್\u200cಕುಮಾರ್\u200c"},
		{"র\u200d্যাব", "র\u200d্যাব"}, // Bengali: a joiner before the virama
		{"ᠰᠠᠷ\u180eᠠ", "ᠰᠠᠷ\u180eᠠ"},
		{"葛\U000e0100城", "葛\U000e0100城"}, // a form of the character
		{"❤\ufe0f", "❤\ufe0f"},
		{"❤\ufe0e", "❤\ufe0e"},
		{"#\ufe0f⃣", "#\ufe0f⃣"},
		{"❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"},
		{"👩🏽\u200d🚀", "👩🏽\u200d🚀"},
		{scotland, scotland},
	} {
		if got, err := Parse(c.typed); err != nil || got != c.want {
			t.Errorf("Parse(%+q): %+q, %v, want %+q", c.typed, got, err, c.want)
		}
	}
}

func TestParse_Refuses(t *testing.T) {
	for _, c := range []struct{ typed, want string }{
		{"", "is empty"},
		{" \u00a0\u3000", "is empty"},
		{strings.Repeat("a", MaxClusters+1), "has 17 characters, and at most 16 fit"},
		{strings.Repeat("e\u0301", MaxClusters+1), "has 17 characters"},
		{strings.Repeat("漢", MaxWidth/2+1), "is 26 columns wide, and at most 24 fit"},
		{strings.Repeat("👩\u200d👩\u200d👧\u200d👦", 11), "takes 275 bytes, and at most 256 fit"},
		{strings.Repeat("a", 1<<20), "takes 1048576 bytes"},
		{"A\xffn", "UTF-8"},
		{"\xed\xa0\x80", "UTF-8"}, // a surrogate
		{"A\nn", "U+000A"},
		{"A\rn", "U+000D"},
		{"A\tn", "U+0009"},
		{"A\x00n", "U+0000"},
		{"\x1b[31mred", "U+001B"},
		{"A\x7fn", "U+007F"},
		{"A\u0085n", "U+0085"},
		{"A\u00adn", "U+00AD"}, // soft hyphen
		{"A\u200bn", "U+200B"}, // zero width space
		{"A\u2060n", "U+2060"}, // word joiner
		{"A\ufeffn", "U+FEFF"},
		{"A\u2028n", "U+2028"},
		{"\u202ennA", "U+202E"}, // right-to-left override
		{"A\u202an", "U+202A"},
		{"A\u2066n", "U+2066"},
		{"A\u2069n", "U+2069"},
		{"A\u200en", "U+200E"},
		{"A\u061cn", "U+061C"},
		{"\u3164", "U+3164"}, // Hangul filler: a letter, and nothing to see
		{"\uffa0", "U+FFA0"},
		{"A\u115fn", "U+115F"},
		{"\u2800", "U+2800"}, // braille without a dot
		{"A\u034fn", "U+034F"},
		{"A\ue000n", "U+E000"}, // private use
		{"A\ufffen", "U+FFFE"},
		{"A\u0378n", "U+0378"}, // unassigned

		{"A\u200cn", "U+200C"}, // joiners where nothing joins
		{"A\u200dn", "U+200D"},
		{"علی\u200c", "U+200C"},
		{"\u200cعلی", "U+200C"},
		{"علی\u200c\u200cرضا", "U+200C"},
		{"علی\u200c رضا", "U+200C"},
		{"क\u200d", "U+200D"},
		{"👩\u200d", "U+200D"},
		{"👩\u200dA", "U+200D"},
		{"👩\u200c👩", "U+200C"},
		{"A\u200d👩", "U+200D"},
		{"a\u200d\u0301", "U+200D"},
		{"a\u200c\u0301", "U+200C"},
		{"\u200d👩", "U+200D"},
		{"A\u180en", "U+180E"},

		{"A\ufe0fn", "U+FE0F"}, // selectors where there is no choice
		{"1\ufe0f", "U+FE0F"},
		{"❤\ufe0f\ufe0f", "U+FE0F"},
		{"\ufe0f", "U+FE0F"},
		{"A\ufe01", "U+FE01"},
		{"葛\U000e0100\U000e0100", "U+E0100"},
		{"A\u180bn", "U+180B"},
		{"A\U000e0041n", "U+E0041"}, // tags that spell no flag
		{"🏴\U000e0067\U000e0062\U000e007f", "U+E0067"},
		{"🏴\U000e0061\U000e0062\U000e0063\U000e0064\U000e0065\U000e007f", "U+E0061"},
		{"\U000e007f", "U+E007F"},

		{"\u0301e", "U+0301 without a letter"},
		{"Ann \u0301e", "U+0301 without a letter"},
		{"\u0e35", "U+0E35 without a letter"},
		{"\u200d\u0301", "U+200D"},
		{"q\u0301\u0302\u0303", "too many marks on one letter (U+0303)"},
		{"a" + strings.Repeat("\u0335", 15), "U+0335"},
		{"ก" + strings.Repeat("\u0e47", 6), "U+0E47"},
		{"ပ" + strings.Repeat("\u1037\u200d", 6), "U+"},
	} {
		got, err := Parse(c.typed)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Parse(%.40q): %.40q, %v, want an error with %q", c.typed, got, err, c.want)
		}
	}
}

func TestDisplay(t *testing.T) {
	for _, c := range [][2]string{{"Ann", "Ann"}, {"e\u0301", "é"}, {"\u202ennA", "?"}, {"", "?"}} {
		if got := Display(c[0]); got != c[1] {
			t.Errorf("Display(%+q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range namestest.Names {
		f.Add(s.Name)
	}
	f.Add("\u202e")
	f.Add("  e\u0301 \u00a0")
	f.Fuzz(func(t *testing.T, typed string) {
		name, err := Parse(typed)
		if err != nil {
			return
		}
		if again, err := Parse(name); err != nil || again != name {
			t.Errorf("Parse(%+q) = %+q, and Parse of that is %+q, %v", typed, name, again, err)
		}
		foreign := func(r rune) bool { return r < ' ' || r > '~' }
		if ascii := ASCII(name); ascii == "" || strings.ContainsFunc(ascii, foreign) {
			t.Errorf("ASCII(%+q) = %+q, want printable ASCII", name, ascii)
		}
		if Mixed(name); !Alike(name, name) || !Fits(name) {
			t.Errorf("%+q is not like itself, or does not fit", name)
		}
	})
}
