package names

import (
	_ "embed"
	"strings"
	"sync"
	"unicode/utf8"
)

// confusables are the characters that look like others, as Unicode Technical Standard 39 lists them: a line for each,
// with what it looks like after it. As a text they take a fifth of what the same list takes as code, which a browser
// would have to load with the page.
//
//go:embed confusables.txt
var confusables string

var looks = sync.OnceValue(func() map[rune]string {
	all := make(map[rune]string)
	for line := range strings.Lines(confusables) {
		r, n := utf8.DecodeRuneInString(line)
		all[r] = strings.TrimSuffix(line[n:], "\n")
	}
	return all
})

// looksLike returns what a character looks like, or an empty text if it is not in the list.
func looksLike(r rune) string { return looks()[r] }
