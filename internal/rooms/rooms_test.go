package rooms

import (
	"slices"
	"strings"
	"testing"
)

func TestCheck_Codes(t *testing.T) {
	for _, good := range []string{"maple-42", "a", "0", "a-b-c", strings.Repeat("x", MaxLen)} {
		if err := Check(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "-", "-a", "a-", "a--b", "Maple-42", "maple 42", "maple_42", "é", "a\n", "\x00", "\xff",
		strings.Repeat("x", MaxLen+1),
	} {
		if Check(bad) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestClean_TypedTexts(t *testing.T) {
	for _, typed := range []string{
		"maple-42", "Maple 42!", " MAPLE_42\n", "maple - 42", "--maple--42--", "maple.42", "maple\u201342",
		"\xffmaple\x0042",
	} {
		if got := Clean(typed); got != "maple-42" {
			t.Errorf("%q becomes %q, want maple-42", typed, got)
		}
	}
	for _, typed := range []string{"", " ", "!?", "\xff", "漢字"} {
		if got := Clean(typed); got != "" {
			t.Errorf("%q becomes %q, want nothing", typed, got)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, typed := range []string{"Maple 42!", "--a--", "\xff", "K\u212a", strings.Repeat("x y", 40)} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := Clean(typed)
		if again := Clean(code); again != code {
			t.Errorf("%q becomes %q, and that becomes %q", typed, code, again)
		}
		if code != "" && len(code) <= MaxLen && Check(code) != nil {
			t.Errorf("%q becomes %q, which is refused: %v", typed, code, Check(code))
		}
	})
}

// TestWords_CanBeSaidAndTypedBack checks the list of words.
func TestWords_CanBeSaidAndTypedBack(t *testing.T) {
	if len(words) != 1024 || !slices.IsSorted(words) {
		t.Fatalf("%d words, sorted: %v; want 1024, so that each stands for 10 bits, sorted", len(words),
			slices.IsSorted(words))
	}
	starts := make(map[string]string)
	for i, word := range words {
		if strings.Trim(word, "abcdefghijklmnopqrstuvwxyz") != "" || len(word) < 3 || len(word) > 6 {
			t.Errorf("%q: want 3 to 6 letters a-z", word)
		}
		if i > 0 && strings.HasPrefix(word, words[i-1]) {
			t.Errorf("%q begins with %q: a code that is broken there has two readings", word, words[i-1])
		}
		start := word[:min(len(word), 4)]
		if other, taken := starts[start]; taken {
			t.Errorf("%q and %q begin with the same four letters", other, word)
		}
		starts[start] = word
	}
}

func TestNew_CodesAreAcceptedAndDiffer(t *testing.T) {
	seen := make(map[string]bool)
	for range 1000 {
		code := New()
		if Check(code) != nil || !Made(code) || Guessable(code) || Clean(strings.ReplaceAll(code, "-", " ")) != code {
			t.Fatalf("%q: Check %v, made %v, guessable %v; want a code that New has made, also when it is said",
				code, Check(code), Made(code), Guessable(code))
		}
		if seen[code] {
			t.Fatalf("%q twice in %d codes of 40 bits", code, len(seen)+1)
		}
		seen[code] = true
	}
}

// TestNew_EveryBitCounts checks that 40 bits have as many codes.
func TestNew_EveryBitCounts(t *testing.T) {
	all := make(map[string]uint64)
	for bit := range 10 * NewWords {
		for _, bits := range []uint64{1 << bit, 1<<40 - 1 - 1<<bit} {
			code := ofBits(bits)
			if other, taken := all[code]; taken {
				t.Errorf("%#x and %#x have the same code %q", other, bits, code)
			}
			all[code] = bits
		}
	}
	longest := 0
	for _, word := range words {
		longest = max(longest, len(word))
	}
	if most := NewWords*(longest+1) - 1; most > MaxLen {
		t.Errorf("the longest code has %d characters, want %d at most", most, MaxLen)
	}
}

func TestGuessable_ShortCodesOfPeople(t *testing.T) {
	for code, want := range map[string]bool{
		"maple-42": true, "a": true, "friday": true, "maple-river": true, "": false,
		"acorn-actor-adobe-agent": false, "elk-elm-gem-gum": false, "elk-elm-gem": true, "q7x2-9fkd-02mm-z8ah": false,
	} {
		if got := Guessable(code); got != want {
			t.Errorf("Guessable(%q) = %v, want %v", code, got, want)
		}
	}
}
