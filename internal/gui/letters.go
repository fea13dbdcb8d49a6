//go:build !nogui

package gui

import (
	"unicode"
	"unicode/utf8"

	"pong/internal/front"
)

// The letters with actions and with commands for the window itself. They count by the letter that the layout of the
// keyboard gives: on a German keyboard Y is where Z is on a US one.
var (
	letterActions = map[rune]front.Action{
		'y': front.Yes, 'n': front.No, 'r': front.Again, 'c': front.Copy,
		'b': front.UseBot, 'p': front.Save,
	}
	letterCommands = map[rune]command{'m': cmdMute}
)

// A stroke is a key with a character that went down.
type stroke struct {
	place rune   // the letter of a US keyboard at its place; 0 if that is no letter
	name  string // the character that the layout gives it, without Shift; empty if that is not known
}

// letterOf returns the Latin letter in lower case that a stroke stands for, or 0. typed is the character that it gave,
// or 0 if it gave none, or others went down in the same frame. The typed character decides, and the name of the key if
// there is none, as with Ctrl or in an input method. In a layout without Latin letters the place counts. A dead key, a
// digit or a sign stands for nothing, whatever its place.
func letterOf(k stroke, typed rune) rune {
	if typed == 0 {
		if r, size := utf8.DecodeRuneInString(k.name); size > 0 && size == len(k.name) {
			typed = r
		}
	}
	typed = unicode.ToLower(typed)
	switch {
	case 'a' <= typed && typed <= 'z':
		return typed
	case unicode.IsLetter(typed) && !unicode.Is(unicode.Latin, typed):
		return k.place
	}
	return 0
}

// defaultLabels are the names of the keys that move the paddle on a US keyboard.
var defaultLabels = [2]string{"W", "S"}

// labelsOf returns the names of the keys that move the paddle, for the names that the layout gives their places. In a
// layout without Latin letters, and where a name is not known, they are the names of a US keyboard: these are printed
// on the keys beside the others, and every font has them.
func labelsOf(names [2]string) (labels [2]string) {
	for i, name := range names {
		r, size := utf8.DecodeRuneInString(name)
		foreign := r > unicode.MaxASCII && !unicode.Is(unicode.Latin, r)
		if size == 0 || size < len(name) || !unicode.IsPrint(r) || foreign {
			return defaultLabels
		}
		labels[i] = string(unicode.ToUpper(r))
	}
	return labels
}
