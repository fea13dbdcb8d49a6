//go:build !js

package term

import (
	"strings"
	"unicode"
)

// asciiLocale reports whether the environment names a locale whose terminals cannot be expected to have more than
// ASCII: C, or one with another charset than UTF-8. Without any locale, as in many containers, the terminal usually has
// UTF-8.
func asciiLocale(getenv func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		locale := strings.ToUpper(getenv(name))
		if locale == "" {
			continue
		}
		_, charset, named := strings.Cut(locale, ".")
		if !named {
			return locale == "C" || locale == "POSIX"
		}
		return !strings.HasPrefix(charset, "UTF-8") && !strings.HasPrefix(charset, "UTF8")
	}
	return false
}

// asciiChars are the characters for those of a picture that are not ASCII.
var asciiChars = map[rune]rune{
	'─': '-', '╎': ':', '▸': '>', '–': '-', '…': '.', '·': '.', '←': '<', '→': '>', '↑': '^', '↓': 'v',
}

// asciiCell returns the cell of an ASCII terminal for a cell. A block that fills less than half of its cell is blank
// where it continues a larger one, so that a paddle keeps about its length.
func asciiCell(c cell) cell {
	if c.char == 0 { // the right half of a wide character
		return cell{' ', c.style}
	}
	if c.char <= unicode.MaxASCII {
		return c
	}
	if char, ok := asciiChars[c.char]; ok {
		return cell{char, c.style}
	}
	for filled, char := range eighths {
		if char == c.char {
			if c.style&reverse != 0 {
				filled = 8 - filled
			}
			return cell{blockOf(filled >= 4), c.style &^ reverse}
		}
	}
	for _, char := range quadrants {
		if char == c.char {
			return cell{blockOf(true), c.style}
		}
	}
	return cell{'?', c.style}
}

func blockOf(filled bool) rune {
	if filled {
		return '#'
	}
	return ' '
}
