//go:build !js

package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-unidecode"
)

// ASCII returns a text for a screen that has only ASCII characters. Letters of other scripts are transliterated, and a
// character without a transliteration, such as a picture, becomes a question mark. Invisible characters are left out.
func ASCII(text string) string {
	var b strings.Builder
	word := false // the last character became a word, as a Chinese character does
	for c := range Clusters(text) {
		if first, _ := utf8.DecodeRuneInString(c); first != '\n' && !unicode.IsPrint(first) {
			continue
		}
		ascii := transliterate(c)
		if word && unicode.In(rune(ascii[0]), unicode.Letter, unicode.Nd) {
			b.WriteByte(' ')
		}
		if ascii != " " {
			ascii, word = strings.CutSuffix(ascii, " ")
		} else {
			word = false
		}
		b.WriteString(ascii)
	}
	return b.String()
}

// transliterate returns the ASCII characters for a character, one at least. A space after them means that they are a
// word.
func transliterate(cluster string) string {
	if cluster[0] <= unicode.MaxASCII && len(cluster) == 1 {
		return cluster
	}
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, unidecode.Unidecode(cluster))
	if strings.TrimSpace(ascii) == "" {
		return "?"
	}
	return ascii
}

// soundAlike reports whether two names are equal in ASCII, as they may be read aloud.
func soundAlike(a, b string) bool { return ASCII(a) == ASCII(b) }
