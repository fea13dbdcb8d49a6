package names

import (
	"strings"
	"unicode"
)

// ASCII returns a text for a screen that has only ASCII characters. In a page, which does not need it, other characters
// become question marks: the tables of transliterations would be a twentieth of what a browser has to load.
func ASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return '?'
		}
		return r
	}, text)
}

// soundAlike returns false: in a page, names are compared by their looks alone.
func soundAlike(string, string) bool { return false }
