package names

import (
	"testing"

	"pong/internal/names/namestest"
)

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Ann", "Ann", true},
		{"ann", "аnn", true}, // the first letter of the second is Cyrillic
		{"ann", "анн", true}, // all letters are: they look different, but are read as the first
		{"Il", "lI", true},
		{"Bob", "Воb", true},
		{"علیرضا", "علی\u200cرضا", true},
		{"❤", "❤\ufe0f", true},
		{"𝐀nn", "Ann", true},
		{"王", "旺", true},
		{"Ann", "Anna", false},
		{"Ann", "Ben", false},
		{"王小明", "김민준", false},
	} {
		if got := Alike(c.a, c.b); got != c.want || Alike(c.b, c.a) != got {
			t.Errorf("Alike(%+q, %+q) = %t, want %t", c.a, c.b, got, c.want)
		}
	}
}

func TestAlike_TellsNamesOfTheWorldApart(t *testing.T) {
	for i, a := range namestest.Names {
		for _, b := range namestest.Names[:i] {
			lakshmi := ASCII(a.Name) == "lkssmi" && ASCII(b.Name) == "lkssmi" // one name in two scripts
			if got := Alike(a.Name, b.Name); got != lakshmi {
				t.Errorf("Alike(%q, %q) = %t, want %t", a.Name, b.Name, got, lakshmi)
			}
		}
	}
}

func TestMixed(t *testing.T) {
	for _, c := range []struct {
		name string
		want bool
	}{
		{"аnn", true},  // Cyrillic a
		{"Αnna", true}, // Greek capital A
		{"Аλα", true},  // Cyrillic and Greek
		{"Bоb", true},
		{"Ann", false},
		{"Анна", false},
		{"Ἀλέξανδρος", false},
		{"Ann さん", false},
		{"Dan דן", false},
		{"Яna", false}, // of two scripts, and nothing in disguise
		{"Ann ❤\ufe0f", false},
	} {
		if got := Mixed(c.name); got != c.want {
			t.Errorf("Mixed(%+q) = %t, want %t", c.name, got, c.want)
		}
	}
	for _, s := range namestest.Names {
		if Mixed(s.Name) {
			t.Errorf("Mixed(%q) is true for a name of the script %s", s.Name, s.Script)
		}
	}
}

func TestASCII(t *testing.T) {
	for _, c := range [][2]string{
		{"Ann", "Ann"}, {"Zoë", "Zoe"}, {"Ольга", "Ol'ga"}, {"王小明", "Wang Xiao Ming"},
		{"王 (you)", "Wang (you)"},
		{"王Ann", "Wang Ann"}, {"Ann ❤\ufe0f", "Ann ?"}, {"ⵜⵉ", "??"}, {"1\ufe0f⃣", "1"},
		{"a – b", "a - b"}, {"a\nb", "a\nb"}, {"\u2068דוד\u2069 3", "dvd 3"},
	} {
		if got := ASCII(c[0]); got != c[1] {
			t.Errorf("ASCII(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
