package names

import (
	"flag"
	"os"
	"strings"
	"testing"
	"unicode"

	"go.mau.fi/util/confusable"
)

var update = flag.Bool("update", false, "write confusables.txt anew")

func TestLooks_AreThoseOfTheLibrary(t *testing.T) {
	if *update {
		var b strings.Builder
		for r := range rune(unicode.MaxRune + 1) {
			if looks := confusable.GetReplacement(r); looks != "" {
				b.WriteString(string(r) + looks + "\n")
			}
		}
		if err := os.WriteFile("confusables.txt", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		confusables = b.String()
	}
	for r := range rune(unicode.MaxRune + 1) {
		if got, want := looksLike(r), confusable.GetReplacement(r); got != want {
			t.Errorf("%U looks like %q, want %q", r, got, want)
		}
	}
	for _, name := range []string{"", "Ada", "раypal", "Zoë", "rn", "\u202eAda", "\ufffd", "ﬁ", "Ann さん"} {
		if got, want := skeleton(name), confusable.Skeleton(name); got != want {
			t.Errorf("the skeleton of %q is %q, want %q", name, got, want)
		}
	}
}
