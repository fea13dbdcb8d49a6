//go:build !nogui

package gui

import (
	"fmt"
	"math"
	"slices"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/scene"
)

// The measures of a card, in pixels of the picture.
const (
	cardWidth    = 540.0
	cardInside   = cardWidth - 2*36
	cardDown     = 12.0 // how far below the middle a card is, to keep off the scores
	cardPad      = 24.0
	titleSize    = 28.0
	titleSpace   = 36 + titleSize + 20.0
	choiceHeight = 54.0
	choiceWidth  = 210.0
	choiceGap    = 24.0
	busySpace    = 26.0
	fieldHeight  = 48.0
	fieldSpace   = fieldHeight + 14
	fieldSize    = 20.0
	largeField   = 32.0
	fieldPad     = 14.0
	paragraphGap = 9.0
)

// caretBlink is half the period of a blinking caret.
const caretBlink = 530 * time.Millisecond

// A line is a line of text on a card.
type line struct {
	text string
	face typeface
	size float64
	ink  tint
	y    float64 // of its middle, from the top of the text
}

// layText breaks paragraphs into lines, in the largest print in which they are at most room high, and returns them with
// their height. Text that is too long for the smallest print is cut.
func layText(paragraphs []front.Line, space float64) (lines []line, height float64) {
	for limit := 12; limit > 0; limit-- {
		for _, body := range []float64{17, 15, 13} {
			if lines, height = lay(paragraphs, body, limit); height <= space {
				return lines, height
			}
		}
	}
	return lines, height
}

// lay breaks paragraphs into at most limit lines each, with running text in a size of body.
func lay(paragraphs []front.Line, body float64, limit int) (lines []line, y float64) {
	for i, g := range paragraphs {
		if i > 0 && (g.Style != front.Literal || paragraphs[i-1].Style != front.Literal) {
			y += paragraphGap // literal lines stay together
		}
		l := line{text: g.Text, size: body, ink: colorInk}
		broken := wrap
		switch g.Style {
		case front.Faint:
			l.ink = colorFaint
		case front.Wrong:
			l.text, l.ink = "! "+g.Text, colorAlert
		case front.Large:
			l.face, l.size = bold, fitting(g.Text, bold, 46, 20)
		case front.Literal: // breaks where a line is full, and not at spaces
			l.face, l.size, broken = mono, fitting(g.Text, mono, body+4, 13), chop
		}
		for _, text := range broken(l.text, l.face, l.size, cardInside, limit) {
			l.text, l.y = text, y+0.7*l.size
			lines = append(lines, l)
			y += 1.4 * l.size
		}
	}
	return lines, y + paragraphGap
}

// fitting returns the largest size between least and most in which a text fits into one line of a card.
func fitting(s string, f typeface, most, least float64) float64 {
	return max(min(most, most*cardInside/max(measure(s, f, most), 1)), least)
}

// card draws the card of a frame in the middle of the field.
func (p *picture) card(f frame) {
	c := &f.Card
	rest := titleSpace + cardPad + below(c)
	lines, text := layText(c.Lines, client.FieldHeight-2*cardDown-16-rest-leastQR(c))
	code := sizeQR(c, client.FieldHeight-2*cardDown-16-rest-text)
	height := rest + text + code
	x, y := (client.FieldWidth-cardWidth)/2, (client.FieldHeight-height)/2+cardDown
	switch help := scene.BeforePlay(&f.Frame) || f.Frame.Stage == client.StagePaused; {
	case !f.Match:
		p.heading(y)
	case help && y+height < helpTop(f):
		p.help(f)
	}
	p.box(x, y, cardWidth, height, 10, colorPanel)
	p.edge(x, y, cardWidth, height, 10, 1.5, colorLine)
	p.title(c, y+36+titleSize/2)
	y += titleSpace
	for _, l := range lines {
		p.print(middle, y+l.y, l.text, l.face, l.size, center, l.ink)
	}
	y += text
	p.qr(c, y, code)
	y += code
	if c.Typing {
		p.typed(c, f.Age, y)
		y += fieldSpace
	}
	p.rows(c, y)
	y += rowsHeight(c)
	if c.Busy {
		p.busy(f.Age, y+8)
		y += busySpace
	}
	p.choices(c, y+8)
	footer := c.Footer
	switch {
	case c.Kind == front.CardAddress:
		footer = "Ctrl+V: paste    F11: full screen"
		if len(c.Rows) > 0 {
			footer = "Up or Down, then Enter: choose    " + footer
		}
	case c.CanMark() && !f.Match:
		footer = "Left or Right, then Enter: choose"
	}
	p.caption(client.FieldHeight-22, shorten(footer, regular, 13*f.zoom, 700), 13*f.zoom)
}

// below returns the height of what a card has below its text.
func below(c *front.Card) float64 {
	space := rowsHeight(c)
	if c.Typing {
		space += fieldSpace
	}
	if c.Busy {
		space += busySpace
	}
	if shown(c) > 0 {
		space += choiceHeight + 8
	}
	return space
}

// heading draws the name of the game above a card that leaves room for it.
func (p *picture) heading(top float64) {
	if size := min(56, 0.6*top); size >= 30 {
		p.print(middle, top/2+4, "PONG", bold, size, center, colorInk)
	}
}

// title draws the title of a card, with a sign in front of it if something is wrong.
func (p *picture) title(c *front.Card, y float64) {
	ink, x := colorInk, middle
	text := shorten(c.Title, bold, titleSize, cardInside-40)
	if c.Alert {
		ink, x = colorAlert, middle+16
		w := measure(text, bold, titleSize)
		p.disc(x-w/2-24, y, 13, colorAlert)
		p.print(x-w/2-24, y, "!", bold, 20, center, colorPanel)
	}
	p.print(x, y, text, bold, titleSize, center, ink)
}

// typed draws the line to type in, with its caret, and the placeholder while it is empty.
func (p *picture) typed(c *front.Card, age time.Duration, y float64) {
	x := middle - cardInside/2
	p.box(x, y, cardInside, fieldHeight, 6, colorField)
	p.edge(x, y, cardInside, fieldHeight, 6, 2, colorFaint)
	text, ink, space, size := c.Field.Text, colorInk, cardInside-2*fieldPad-4, fieldSize
	if c.Field.Large {
		ink = colorOwn
		size = min(largeField, largeField*space/max(measure(text, mono, largeField), 1))
	}
	width := func(s string) float64 { return measure(s, mono, size) }
	part, caret := visible(text, c.Field.Caret, space, width)
	x += fieldPad
	if c.Field.Large {
		x = middle - width(part)/2
	}
	if text == "" {
		placeholder := shorten(c.Field.Placeholder, mono, fieldSize, space-6)
		p.print(x+6, y+fieldHeight/2, placeholder, mono, fieldSize, left, colorFaint)
	} else {
		p.print(x, y+fieldHeight/2, part, mono, size, left, ink)
	}
	if age/caretBlink%2 == 0 {
		p.shapes = append(p.shapes, shape{
			kind: kindCaret, x: x, y: y + 10, w: 2, h: fieldHeight - 20,
			text: part, caret: caret, face: mono, size: size, color: colorOwn,
		})
	}
}

// visible returns the part of a line around the caret that fits into width, and the place of the caret in that part.
func visible(text string, caret int, width float64, measure func(string) float64) (part string, at int) {
	from, to := 0, len(text)
	for _, end := range clusterEnds(text[:caret]) {
		if measure(text[from:caret]) > width {
			from = end
		}
	}
	for _, start := range slices.Backward(append([]int{0}, clusterEnds(text[caret:])...)) {
		if to = caret + start; measure(text[from:to]) <= width {
			break
		}
	}
	return text[from:to], caret - from
}

// busy draws three dots, of which one after the other is bright.
func (p *picture) busy(age time.Duration, y float64) {
	for i := range 3 {
		wave := math.Cos(2 * math.Pi * (age.Seconds()/1.2 - float64(i)/3))
		p.disc(middle+float64(i-1)*22, y, 5, faded(colorInk, 0.3+0.7*max(wave, 0)))
	}
}

// shown returns the number of choices that have a button.
func shown(c *front.Card) (n int) {
	for _, g := range c.Choices {
		if g.Label != "" {
			n++
		}
	}
	return n
}

// choices draws a row of buttons with the names of their keys. The default one has a thick edge.
func (p *picture) choices(c *front.Card, y float64) {
	n := float64(shown(c))
	width := min(choiceWidth, (2*choiceWidth-(n-2)*choiceGap)/n) // three are as wide as two
	x := middle - (n*width+(n-1)*choiceGap)/2
	for _, g := range c.Choices {
		if g.Label == "" {
			continue
		}
		stroke, ink := 1.5, colorLine
		if g.Default && (len(c.Rows) == 0 || c.At < 0) { // otherwise Enter takes the marked row
			stroke, ink = 3, colorInk
		}
		p.box(x, y, width, choiceHeight, 8, colorField)
		p.edge(x, y, width, choiceHeight, 8, stroke, ink)
		p.print(x+width/2, y+19, g.Label, bold, 17, center, colorInk)
		p.print(x+width/2, y+39, keysOf(g.Keys), regular, 13, center, colorFaint)
		p.buttons = append(p.buttons, button{x: x, y: y, w: width, h: choiceHeight, actions: g.Keys})
		x += width + choiceGap
	}
}

// veil dims everything drawn so far, so that a card stands out.
func (p *picture) veil() {
	p.box(0, 0, client.FieldWidth, client.FieldHeight, 0, faded(colorSurround, 0.6))
}

// The line about the keys. It is not shown while the ball is in play.
const (
	helpText  = "%s / %s or arrows: move    L: lab    Tab: figures    M: %s    F1: all keys    Esc: leave"
	watchText = "Tab: figures    M: %s    F1: all keys    Esc: back"
	helpGap   = 22.0 // above the HUD
)

// help draws the line about the keys.
func (p *picture) help(f frame) {
	sound := "sound off"
	if f.muted {
		sound = "sound on"
	}
	text := fmt.Sprintf(helpText, f.labels[0], f.labels[1], sound)
	if f.Frame.Watching {
		text = fmt.Sprintf(watchText, sound)
	}
	p.caption(hudTop(f)-helpGap, text, 13*min(f.zoom, 1.2))
}

// helpTop returns the top of the line about the keys.
func helpTop(f frame) float64 { return hudTop(f) - helpGap - 12*min(f.zoom, 1.2) }
