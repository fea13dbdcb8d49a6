package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	var b strings.Builder
	for _, r := range norm.NFD.String(name) {
		switch looks := looksLike(r); {
		case isJoiner(r), unicode.Is(unicode.Variation_Selector, r), !unicode.IsGraphic(r) && r != utf8.RuneError:
		case looks != "":
			b.WriteString(looks)
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFD.String(b.String())
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
				looks, _ := utf8.DecodeRuneInString(looksLike(r))
				disguised = disguised || unicode.In(looks, lookAlike[:]...) && !unicode.Is(script, looks)
			}
		}
		if found {
			scripts++
		}
	}
	return scripts > 1 && disguised
}
