package names

import (
	"iter"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/unicode/bidi"
)

// Clusters returns the characters of a text: its extended grapheme clusters.
func Clusters(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for g := graphemes.FromString(text); g.Next(); {
			if !yield(g.Value()) {
				return
			}
		}
	}
}

// Count returns the number of characters of a text.
func Count(text string) (n int) {
	for range Clusters(text) {
		n++
	}
	return n
}

// Width returns the number of cells that a text takes in a terminal: two for a character whose East Asian Width is Wide
// or Fullwidth, and for a picture, and one for any other.
func Width(text string) int { return displaywidth.String(text) }

// RightToLeft reports whether a text has letters that are written from right to left, as Arabic and Hebrew ones are, or
// Arabic digits.
func RightToLeft(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		p, _ := bidi.LookupRune(r)
		return p.Class() == bidi.R || p.Class() == bidi.AL || p.Class() == bidi.AN
	})
}
