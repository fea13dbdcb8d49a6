package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.mau.fi/util/confusable"
	"golang.org/x/text/unicode/norm"
)

// Alike reports whether two names could be mistaken for each other: if their skeletons are equal, as Unicode Technical
// Standard 39 defines them, or if they are equal in ASCII, as they may be read aloud.
func Alike(a, b string) bool {
	return a == b || skeleton(a) == skeleton(b) || soundAlike(a, b)
}

// skeleton returns a text for what a name looks like. Joiners and variation selectors, which are invisible, do not
// count.
func skeleton(name string) string {
	return confusable.Skeleton(strings.Map(func(r rune) rune {
		if isJoiner(r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		return r
	}, name))
}

// lookAlike are the scripts of which many letters look like letters of another one of them.
var lookAlike = [...]*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee, unicode.Coptic, unicode.Lisu,
}

// Mixed reports whether a name combines such scripts, and one of its letters looks like a letter of another one: a
// Cyrillic а in a Latin name. Other scripts can be combined with Latin, as in "Ann さん".
func Mixed(name string) bool {
	letters := norm.NFD.String(name)
	scripts, disguised := 0, false
	for _, script := range lookAlike {
		found := false
		for _, r := range letters {
			if unicode.Is(script, r) {
				found = true
				looks, _ := utf8.DecodeRuneInString(confusable.GetReplacement(r))
				disguised = disguised || unicode.In(looks, lookAlike[:]...) && !unicode.Is(script, looks)
			}
		}
		if found {
			scripts++
		}
	}
	return scripts > 1 && disguised
}
