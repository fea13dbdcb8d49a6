//go:build !js

package term

import (
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"pong/internal/front"
	"pong/internal/names"
)

// A cardLine is a line of a card, with the detail of a row.
type cardLine struct {
	text, detail string
	style        style
}

// renderPage draws a card that fills the screen, in a column in the middle.
func renderPage(c *canvas, s *front.Screen) {
	measure := min(c.width-2, 72)
	if measure < 1 {
		return
	}
	lines := cardLines(&s.Card, s.Age, measure, c.height)
	left, top := (c.width-measure)/2, max((c.height-len(lines))/2, 0)
	for i, l := range lines {
		used := c.text(left, top+i, measure, l.text, l.style)
		if l.detail != "" {
			at := max(used+2, min(26, measure/2))
			c.text(left+at, top+i, measure-at, l.detail, faint)
		}
	}
}

// drawCard draws a card over the middle of the field, on a blank box.
func (f field) drawCard(c *canvas, s *front.Screen) {
	lines := cardLines(&s.Card, s.Age, f.cols-4, f.rows)
	top := f.top + max((f.rows-len(lines))/2, 0)
	wide := 0
	for _, l := range lines {
		wide = max(wide, columns(l.text))
	}
	for i, l := range lines {
		f.centred(c, top+i, strings.Repeat(" ", wide), plain)
		f.centred(c, top+i, l.text, l.style)
	}
}

// centred writes a line in the middle of the field, between two blanks.
func (f field) centred(c *canvas, y int, text string, s style) {
	text = " " + text + " "
	width := min(columns(text), f.cols)
	c.text(f.left+(f.cols-width)/2, y, width, text, s)
}

// cardLines breaks a card into lines of at most measure cells, and at most height of them. It puts blank lines between
// the parts of the card if they fit, and shows as many rows as fit, the marked one among them. If there is too little
// space, it cuts the text and nothing else.
func cardLines(c *front.Card, age time.Duration, measure, height int) []cardLine {
	var text, field, rows [][]cardLine
	title, keys := titleLines(c, age, measure), keyLines(c, measure)
	used := len(title) + len(keys) + 1
	for _, part := range textParts(c, measure) {
		text, used = append(text, part), used+len(part)+1
	}
	if c.Typing {
		field, used = [][]cardLine{{{text: fieldText(&c.Field, measure), style: mine}}}, used+2
	}
	if len(c.Rows) > 0 {
		rows = [][]cardLine{rowLines(c, min(len(c.Rows), max(height-used-1, 1)))}
	}
	if code := qrLines(c, measure); used+len(code)+1 <= height { // else the link has to do
		text = append(text, code)
	}
	parts := slices.Concat([][]cardLine{title}, text, field, rows, [][]cardLine{keys})
	lines := joined(parts, true)
	if len(lines) > height {
		lines = joined(parts, false)
	}
	if over := len(lines) - height; over > 0 {
		end := len(lines) - len(joined(slices.Concat(field, rows), false)) - len(keys)
		lines = slices.Delete(lines, max(end-over, min(len(title), end)), end)
	}
	return lines[max(len(lines)-height, 0):]
}

// joined joins the parts of a card, with blank lines between them if they are to be apart.
func joined(parts [][]cardLine, apart bool) (lines []cardLine) {
	for i, part := range parts {
		if apart && i > 0 && len(part) > 0 {
			lines = append(lines, cardLine{})
		}
		lines = append(lines, part...)
	}
	return lines
}

// titleLines returns the title. Dots after it come and go if the card is busy.
func titleLines(c *front.Card, age time.Duration, measure int) (lines []cardLine) {
	text := c.Title
	if c.Alert {
		text = "! " + text
	}
	for _, text := range wrap(text, max(measure-3, 1)) {
		lines = append(lines, cardLine{text: text, style: alert})
	}
	if c.Busy {
		dots := int(age / (400 * time.Millisecond) % 4)
		lines[len(lines)-1].text += strings.Repeat(".", dots) + strings.Repeat(" ", 3-dots) // always as wide
	}
	return lines
}

// textParts returns the paragraphs. Literal ones stay together.
func textParts(c *front.Card, measure int) (parts [][]cardLine) {
	for i, g := range c.Lines {
		part := textLines(g, measure)
		if i > 0 && g.Style == front.Literal && c.Lines[i-1].Style == front.Literal {
			last := len(parts) - 1
			parts[last] = append(parts[last], part...)
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

// textLines returns a paragraph.
func textLines(g front.Line, measure int) (lines []cardLine) {
	styles := [...]style{front.Plain: plain, front.Faint: faint, front.Wrong: alert, front.Large: bold,
		front.Literal: plain}
	breakpoints := ""
	if g.Style == front.Literal {
		breakpoints = ":&" // a fingerprint breaks between its groups, and a join link before its room
	}
	broken := strings.Split(ansi.WrapWc(g.Text, measure, breakpoints), "\n")
	for _, text := range broken {
		lines = append(lines, cardLine{text: text, style: styles[g.Style]})
	}
	return lines
}

// rowLines returns n of the rows, the marked one among them.
func rowLines(c *front.Card, n int) (lines []cardLine) {
	first := max(min(c.At-n/2, len(c.Rows)-n), 0)
	for i, row := range c.Rows[first : first+n] {
		l := cardLine{text: "  " + row.Label, detail: row.Detail}
		if first+i == c.At {
			l.text, l.style = "▸ "+row.Label, bold
		}
		lines = append(lines, l)
	}
	return lines
}

// keyLines returns the choices with their keys, and the footer.
func keyLines(c *front.Card, measure int) (lines []cardLine) {
	text := ""
	for _, g := range choicesOf(c) {
		if text != "" && columns(text)+3+columns(g) > measure {
			lines = append(lines, cardLine{text: text, style: faint})
			text = ""
		}
		text += strings.Repeat(" ", min(len(text), 3)) + g
	}
	lines = append(lines, cardLine{text: text, style: faint})
	if c.Footer != "" {
		lines = append(lines, cardLine{text: c.Footer, style: faint})
	}
	return lines
}

// fieldText returns the line to type in, with its caret, and the placeholder while it is empty. If the line is too
// long, it returns the part around the caret.
func fieldText(f *front.Field, measure int) string {
	if f.Text == "" {
		return "> █ " + f.Placeholder
	}
	before := f.Text[:f.Caret]
	wide := columns(before)
	for cluster := range names.Clusters(before) {
		if wide <= measure-4 {
			break
		}
		before, wide = before[len(cluster):], wide-columns(cluster)
	}
	return "> " + before + "█" + f.Text[f.Caret:]
}

// wrap breaks a text into lines of at most width cells, at blanks if possible.
func wrap(text string, width int) []string {
	return strings.Split(ansi.WrapWc(text, width, ""), "\n")
}
