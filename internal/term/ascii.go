//go:build !js

package term

import (
	"slices"
	"unicode"

	"pong/internal/front"
	"pong/internal/names"
)

// asciiChars are the characters for those of a picture that are not ASCII.
var asciiChars = map[rune]rune{
	'─': '-', '╎': ':', '▸': '>', '–': '-', '…': '.', '·': '.', '←': '<', '→': '>', '↑': '^', '↓': 'v',
	'‹': '<', '›': '>', '░': ':',
	'↖': '\\', '↗': '/', '↘': '\\', '↙': '/',
}

// asciiScreen returns a screen with its texts in ASCII: names are transliterated, so that they can be read and told
// apart. Names in the frame stay, for the notes about their letters; what is made of them is spelled.
func asciiScreen(s *front.Screen) *front.Screen {
	all := *s
	all.Aside, all.Lab.Note = names.ASCII(s.Aside), names.ASCII(s.Lab.Note)
	c := &all.Card
	c.QR = nil // which needs half blocks
	c.Title, c.Footer = names.ASCII(c.Title), names.ASCII(c.Footer)
	c.Lines, c.Rows = slices.Clone(c.Lines), slices.Clone(c.Rows)
	for i := range c.Lines {
		c.Lines[i].Text = names.ASCII(c.Lines[i].Text)
	}
	for i := range c.Rows {
		c.Rows[i].Label, c.Rows[i].Detail = names.ASCII(c.Rows[i].Label), names.ASCII(c.Rows[i].Detail)
	}
	before, after := names.ASCII(c.Field.Text[:c.Field.Caret]), names.ASCII(c.Field.Text[c.Field.Caret:])
	c.Field.Text, c.Field.Caret = before+after, len(before)
	return &all
}

// spelled returns a text with names of the frame for the canvas: in ASCII if it has only that.
func (c *canvas) spelled(text string) string {
	if c.ascii {
		return names.ASCII(text)
	}
	return text
}

// asciiCell returns the cell of an ASCII terminal for a cell. A block that fills less than half of its cell is blank
// where it continues a larger one, so that a paddle keeps about its length.
func asciiCell(c cell) cell {
	if c.char == 0 { // the right half of a wide character
		return cell{char: ' ', style: c.style}
	}
	if c.char <= unicode.MaxASCII {
		return cell{char: c.char, style: c.style}
	}
	if c.char >= braille && c.char < braille+0x100 {
		return cell{char: dotOf(c.char), style: c.style}
	}
	if char, ok := asciiChars[c.char]; ok {
		return cell{char: char, style: c.style}
	}
	for filled, char := range eighths {
		if char == c.char {
			if c.style&reverse != 0 {
				filled = 8 - filled
			}
			return cell{char: blockOf(filled >= 4), style: c.style &^ reverse}
		}
	}
	for _, char := range quadrants {
		if char == c.char {
			return cell{char: blockOf(true), style: c.style}
		}
	}
	return cell{char: '?', style: c.style}
}

// dotOf returns the character for one of braille.
func dotOf(char rune) rune {
	switch upper := rune(0x01 | 0x02 | 0x08 | 0x10); {
	case char == braille:
		return ' '
	case char&upper == 0:
		return '.'
	case char&^(braille|upper) == 0:
		return '\''
	}
	return ':'
}

func blockOf(filled bool) rune {
	if filled {
		return '#'
	}
	return ' '
}
