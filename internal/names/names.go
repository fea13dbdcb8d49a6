// Package names has the rules for the names of players. Names are written in any script, and other people read them: a
// name must be visible, fit its place on the screen and stay within it, whatever a hostile client sends. The server
// checks the names of all who join, and a client checks what a person types, with the same function: [Parse].
// docs/protocol.md describes the rules without Go.
//
// A character, in this package, is what a reader takes for one: an extended grapheme cluster (Unicode Standard Annex
// 29), such as a letter with its marks, or a picture made of several.
package names

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of a name. Half of a terminal of 80 columns has MaxWidth cells and a note about the player. Written names
// need no more than maxMarks marks in a row (Burmese, Tibetan), and no more than maxAccents of those that every script
// may use; with more, a letter is drawn over the lines above and below it.
const (
	MaxClusters = 16
	MaxBytes    = 256
	MaxWidth    = 24 // in cells of a terminal

	maxMarks   = 5
	maxAccents = 2
)

// Parse returns the name for what a player has typed or a client has sent: in Unicode's normalization form NFC, with
// ordinary single spaces between its words and none around it. The error says why the name is refused, and what to do.
func Parse(text string) (string, error) {
	if !utf8.ValidString(text) {
		return "", errors.New("the name is not valid UTF-8: type it again")
	}
	if len(text) > 4*MaxBytes { // spaces and marks that are not composed may take more than the name
		return "", fmt.Errorf("the name takes %d bytes, and at most %d fit: shorten it", len(text), MaxBytes)
	}
	name := strings.Join(strings.FieldsFunc(norm.NFC.String(text), isSpace), " ")
	switch n := Count(name); {
	case n == 0:
		return "", errors.New("the name is empty: type one")
	case n > MaxClusters:
		return "", fmt.Errorf("the name has %d characters, and at most %d fit: shorten it", n, MaxClusters)
	case len(name) > MaxBytes:
		return "", fmt.Errorf("the name takes %d bytes, and at most %d fit: shorten it", len(name), MaxBytes)
	case Width(name) > MaxWidth:
		return "", fmt.Errorf("the name is %d columns wide, and at most %d fit: shorten it", Width(name), MaxWidth)
	}
	return name, check(name)
}

// Takes reports whether a code point can be part of what a player types as a name, some of them in certain places only.
func Takes(r rune) bool {
	return visible(r) || isSpace(r) || isJoiner(r) || unicode.Is(unicode.Variation_Selector, r) || isTag(r)
}

// Fits reports whether a text that is being typed is within the bounds of a name.
func Fits(text string) bool {
	return Count(text) <= MaxClusters && len(text) <= MaxBytes && Width(text) <= MaxWidth
}

// Display returns a name that a server has sent as it may be drawn, or "?" if Parse refuses it. Another implementation
// of a server may send any name.
func Display(name string) string {
	if name, err := Parse(name); err == nil {
		return name
	}
	return "?"
}

// isSpace reports whether a character is a space between words: the ordinary one, that of a Japanese keyboard, or one
// that does not break.
func isSpace(r rune) bool { return unicode.Is(unicode.Zs, r) }

// check returns an error if a name has an invisible character without a use, or a mark without a letter, or too many.
func check(name string) error {
	text := []rune(name)
	marks, accents, letter := 0, 0, false
	for i, r := range text {
		if !visible(r) && !joins(text, i) && !selects(text, i) && !inFlag(text, i) {
			return fmt.Errorf("the name has the character %U, which is not visible: leave it out", r)
		}
		switch {
		case !unicode.Is(unicode.M, r):
			letter = r != ' ' && (letter || visible(r))
			if !isJoiner(r) {
				marks, accents = 0, 0
			}
			continue
		case !letter:
			return fmt.Errorf("the name has the mark %U without a letter before it: type the letter first", r)
		case unicode.Is(unicode.Variation_Selector, r):
			continue
		}
		if marks++; unicode.Is(unicode.Inherited, r) {
			accents++
		}
		if marks > maxMarks || accents > maxAccents {
			return fmt.Errorf("the name has too many marks on one letter (%U): leave some out", r)
		}
	}
	return nil
}

// brailleBlank is a symbol by its Unicode category, but has no dots and looks like a space.
const brailleBlank = '\u2800'

// visible reports whether a character can be seen on a screen, or is the ordinary space. unicode.IsPrint alone would
// accept letters that are drawn as nothing (Unicode's Default_Ignorable_Code_Point).
func visible(r rune) bool {
	return unicode.IsPrint(r) && r != brailleBlank && r != utf8.RuneError &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
