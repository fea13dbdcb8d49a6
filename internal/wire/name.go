package wire

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the most characters of a player's name.
const MaxName = 16

// maxMarks is how many combining marks, such as accents, may follow each other in a name. Written languages need two;
// more would be drawn over the line above.
const maxMarks = 2

// brailleBlank is a symbol by its Unicode category, but has no dots and looks like a space.
const brailleBlank = '\u2800'

// CheckName returns an error if a name must not be shown to other players. A name has 1 to MaxName characters, all of
// them visible (no control characters, line ends, fillers, or marks that change the direction of writing), no space at
// either end, and at most maxMarks combining marks in a row.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	switch {
	case !utf8.ValidString(name):
		return errors.New("the name is not UTF-8")
	case n == 0:
		return errors.New("the name is empty")
	case n > MaxName:
		return fmt.Errorf("the name has %d characters; at most %d", n, MaxName)
	case strings.TrimSpace(name) != name:
		return errors.New("the name begins or ends with a space")
	}
	marks := maxMarks // at the start there is no letter to put a mark on
	for _, r := range name {
		if !visible(r) {
			return fmt.Errorf("the name contains %U, which is not visible", r)
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
			continue
		}
		if marks++; marks > maxMarks {
			return fmt.Errorf("the name contains %U, an accent without a letter of its own", r)
		}
	}
	return nil
}

// visible reports whether a character can be seen on a screen, or is the ordinary space. unicode.IsPrint alone would
// accept letters that are drawn as nothing (Unicode's Default_Ignorable_Code_Point).
func visible(r rune) bool {
	return unicode.IsPrint(r) && r != brailleBlank && r != utf8.RuneError &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// DisplayName returns a name as it may be drawn: the name itself, or "?" if CheckName refuses it. Another server
// implementation may send any name.
func DisplayName(name string) string {
	if CheckName(name) != nil {
		return "?"
	}
	return name
}
