package names

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Invisible characters that change how their neighbours are drawn. Writing needs them in some scripts and in pictures;
// anywhere else they would only hide in a name.
const (
	nonJoiner      = '\u200c' // keeps two letters apart, as in Persian
	joiner         = '\u200d' // joins letters, or pictures to one
	vowelSeparator = '\u180e' // before the last vowel of Mongolian words
	textStyle      = '\ufe0e' // draws a picture as text
	pictureStyle   = '\ufe0f' // draws a character as a picture
	keycap         = '\u20e3' // puts a digit on a key
	virama         = 9        // the combining class of the marks that take the vowel from a consonant
)

// joiningScripts are the scripts whose letters have other forms where they meet, which the joiners decide about.
var joiningScripts = []*unicode.RangeTable{
	unicode.Adlam, unicode.Arabic, unicode.Balinese, unicode.Bengali, unicode.Devanagari, unicode.Gujarati,
	unicode.Gurmukhi, unicode.Javanese, unicode.Kannada, unicode.Khmer, unicode.Malayalam, unicode.Mandaic,
	unicode.Meetei_Mayek, unicode.Mongolian, unicode.Myanmar, unicode.Nko, unicode.Oriya, unicode.Sinhala,
	unicode.Syriac, unicode.Tamil, unicode.Telugu, unicode.Tibetan,
}

// isTag reports whether a code point is one of the invisible copies of ASCII characters.
func isTag(r rune) bool { return r >= 0xe0020 && r <= 0xe007f }

func isJoiner(r rune) bool { return r == joiner || r == nonJoiner || r == vowelSeparator }

// at returns a character of a text, or a space outside of it.
func at(text []rune, i int) rune {
	if i < 0 || i >= len(text) {
		return ' '
	}
	return text[i]
}

// joins reports whether text[i] is a joiner with a use: between two letters of scripts that join, after a virama at the
// end of a word, or between two pictures.
func joins(text []rune, i int) bool {
	before, after := at(text, i-1), at(text, i+1)
	switch r := text[i]; {
	case !isJoiner(r):
		return false
	case r == vowelSeparator:
		return unicode.Is(unicode.Mongolian, before) && unicode.Is(unicode.Mongolian, after)
	case inWord(before) && unicode.In(after, joiningScripts...):
		return true
	case inWord(before) && after == ' ':
		return norm.NFC.PropertiesString(string(before)).CCC() == virama
	}
	return unicode.Is(unicode.S, after) && Count(string(text[:i+1])) == Count(string(text[:i+2]))
}

// inWord reports whether a character is of a script that joins, or a mark of all scripts that may stand on its letters.
func inWord(r rune) bool {
	return unicode.In(r, joiningScripts...) || unicode.Is(unicode.Mn, r) && visible(r)
}

// selects reports whether text[i] is a variation selector with a use: a picture drawn as such or as text, a keycap, or
// the form of a Chinese or Mongolian character.
func selects(text []rune, i int) bool {
	base := at(text, i-1)
	switch r := text[i]; {
	case r == textStyle || r == pictureStyle:
		if base <= unicode.MaxASCII {
			return (unicode.IsDigit(base) || base == '#' || base == '*') && at(text, i+1) == keycap
		}
		return unicode.Is(unicode.S, base) || slices.Contains([]rune{'‼', '⁉', '〰', 'ℹ'}, base)
	case r >= 0xfe00 && r <= 0xfe02, r >= 0xe0100 && r <= 0xe01ef:
		return unicode.Is(unicode.Han, base)
	}
	return unicode.Is(unicode.Variation_Selector, text[i]) && unicode.Is(unicode.Mongolian, text[i]) &&
		unicode.Is(unicode.Mongolian, base)
}

// flags are the pictures of flags that are spelled with invisible tags: England, Scotland and Wales.
var flags = [...][]rune{[]rune("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
	[]rune("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
	[]rune("🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f")}

// inFlag reports whether text[i] is a tag in one of the flags.
func inFlag(text []rune, i int) bool {
	from := i
	for from > 0 && isTag(text[from]) {
		from--
	}
	return slices.ContainsFunc(flags[:], func(f []rune) bool {
		return i > from && len(text)-from >= len(f) && slices.Equal(text[from:from+len(f)], f)
	})
}
