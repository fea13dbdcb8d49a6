//go:build !js

package term

import (
	"os"
	"strings"
	"unicode/utf8"

	"pong/internal/names"
)

// A style is the way in which a cell is drawn. Colour never has a meaning that the characters do not have, too.
type style uint8

const (
	plain style = iota
	faint
	bold
	mine   // the person's own
	alert  // for the person to notice
	styles // the number of styles

	// reverse swaps foreground and background. It can be added to any style.
	reverse style = 1 << 7
)

// A ground is the background of the terminal. Colours that stand out from black do not stand out from white.
type ground uint8

const (
	anyGround ground = iota // unknown: the colours stand out from black and from white
	darkGround
	lightGround
	noColours // the person does not want any
	grounds   // the number of grounds
)

// A palette determines the colours of the styles.
type palette struct {
	ground ground
	few    bool // the terminal has only 16 colours
	ascii  bool // the terminal has only ASCII characters
}

// The parameters of the escape sequence of each style (ECMA-48, SGR): 1 is bold, 2 faint, 7 reverse; 30 to 37 and 90 to
// 97 are the 16 colours; 38;5;n is one of 256, of which numbers 16 to 255 are the same in all terminals. The person's
// own is amber, as in the window, or similar.
var (
	many = [grounds][styles]string{
		anyGround:   {faint: "2", bold: "1", mine: "38;5;130", alert: "1;38;5;160"},
		darkGround:  {faint: "2", bold: "1", mine: "38;5;221", alert: "1;38;5;216"},
		lightGround: {faint: "2", bold: "1", mine: "38;5;94", alert: "1;38;5;124"},
		noColours:   {faint: "2", bold: "1", alert: "1"},
	}
	few = [grounds][styles]string{
		anyGround:   {faint: "2", bold: "1", mine: "35", alert: "1"},
		darkGround:  {faint: "2", bold: "1", mine: "93", alert: "1;91"},
		lightGround: {faint: "2", bold: "1", mine: "35", alert: "1;31"},
		noColours:   {faint: "2", bold: "1", alert: "1"},
	}
)

// codes returns the parameters of all styles.
func (p palette) codes() *[styles]string {
	if p.few {
		return &few[p.ground]
	}
	return &many[p.ground]
}

// wantedPalette returns the palette before anything is known about the terminal. A person can ask for no colours
// (https://no-color.org).
func wantedPalette() palette {
	p := palette{ascii: ASCIILocale(os.Getenv)}
	if os.Getenv("NO_COLOR") != "" {
		p.ground = noColours
	}
	return p
}

// on returns the palette for a background.
func (p palette) on(dark bool) palette {
	switch {
	case p.ground == noColours:
	case dark:
		p.ground = darkGround
	default:
		p.ground = lightGround
	}
	return p
}

// A cell is one character of the screen: a grapheme cluster. To the right of a wide character are cells with the
// character 0.
type cell struct {
	char  rune
	marks string // the rest of the cluster
	style style
}

// A canvas is a screen of cells. It is reused for every frame.
type canvas struct {
	width, height int
	ascii         bool // only ASCII characters are rendered
	clusters      bool // the terminal measures clusters, and not code points
	cells         []cell
	clickables    []clickable // what can be clicked
}

// reset makes the canvas blank, in a new size.
func (c *canvas) reset(width, height int) {
	c.width, c.height = max(width, 0), max(height, 0)
	c.clickables = c.clickables[:0]
	if n := c.width * c.height; n > cap(c.cells) {
		c.cells = make([]cell, n)
	} else {
		c.cells = c.cells[:n]
	}
	for i := range c.cells {
		c.cells[i] = cell{char: ' '}
	}
}

// set draws one character. It ignores places outside of the canvas.
func (c *canvas) set(x, y int, char rune, s style) { c.put(x, y, cell{char, "", s}) }

func (c *canvas) put(x, y int, what cell) {
	if x >= 0 && x < c.width && y >= 0 && y < c.height {
		c.cells[y*c.width+x] = what
	}
}

// text writes at most limit cells of a line and returns how many it has taken. Names come from other people, so
// characters that are not printable are left out: no escape sequence of theirs reaches the terminal.
func (c *canvas) text(x, y, limit int, text string, s style) int {
	used := 0
	for cluster := range names.Clusters(text) {
		cluster, wide := c.measure(cluster)
		if wide == 0 {
			continue
		}
		if used+wide > limit {
			break
		}
		char, size := utf8.DecodeRuneInString(cluster)
		c.put(x+used, y, cell{char, cluster[size:], s})
		for i := 1; i < wide; i++ {
			c.set(x+used+i, y, 0, s)
		}
		used += wide
	}
	return used
}

// render returns the canvas as lines of text with the escape sequences of the styles. It leaves out blanks at the end
// of a line.
func (c *canvas) render(p palette) string {
	codes := p.codes()
	var b strings.Builder
	b.Grow(len(c.cells) + len(c.cells)/2)
	for y := range c.height {
		if y > 0 {
			b.WriteByte('\n')
		}
		line := c.cells[y*c.width : (y+1)*c.width]
		if c.ascii {
			for x := range line {
				line[x] = asciiCell(line[x])
			}
		}
		c.renderLine(&b, line, codes)
	}
	return b.String()
}

// renderLine writes a line, with an escape sequence wherever the style changes. At its end the style of the terminal is
// reset.
func (c *canvas) renderLine(b *strings.Builder, line []cell, codes *[styles]string) {
	end := len(line)
	for end > 0 && line[end-1].char == ' ' && line[end-1].style&reverse == 0 {
		end--
	}
	code, reversed := "", false
	for _, cell := range line[:end] {
		if cell.char == 0 {
			continue
		}
		wants, reverses := codes[cell.style&^reverse], cell.style&reverse != 0
		if wants != code || reverses != reversed {
			code, reversed = wants, reverses
			writeStyle(b, code, reversed)
		}
		b.WriteRune(cell.char)
		b.WriteString(cell.marks)
	}
	if code != "" || reversed {
		writeStyle(b, "", false)
	}
}

func writeStyle(b *strings.Builder, code string, reversed bool) {
	b.WriteString("\x1b[0")
	if code != "" {
		b.WriteByte(';')
		b.WriteString(code)
	}
	if reversed {
		b.WriteString(";7")
	}
	b.WriteByte('m')
}
