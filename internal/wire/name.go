package wire

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the most characters that a player's name may have.
const MaxName = 16

// maxMarks is how many accents and the like may follow one another in a name. Written languages need two; more of
// them climb out of their line and over what stands above it.
const maxMarks = 2

// brailleBlank has no dots: a symbol by its class, a space to the eye.
const brailleBlank = '\u2800'

// CheckName says why a name cannot be shown to others, if it cannot: it must have 1 to MaxName characters, all of
// them visible (no control characters, line ends, fillers or invisible marks that turn the direction of writing), no
// space at either end and no pile of accents.
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
	marks := maxMarks // at the start there is nothing to put a mark on
	for _, r := range name {
		if !visible(r) {
			return fmt.Errorf("the name holds %U, which cannot be seen", r)
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
			continue
		}
		if marks++; marks > maxMarks {
			return fmt.Errorf("the name holds %U, an accent without a letter of its own", r)
		}
	}
	return nil
}

// visible reports whether a character leaves a mark on a screen, or is the ordinary space. unicode.IsPrint alone would
// let pass letters that are drawn as nothing (Unicode's Default_Ignorable_Code_Point).
func visible(r rune) bool {
	return unicode.IsPrint(r) && r != brailleBlank && r != utf8.RuneError &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// DisplayName returns a name as it may be drawn: the name itself, or "?" if CheckName refuses it. A server that we did
// not write may send any name.
func DisplayName(name string) string {
	if CheckName(name) != nil {
		return "?"
	}
	return name
}
