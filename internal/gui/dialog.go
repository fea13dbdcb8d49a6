//go:build !nogui

package gui

import "pong/internal/client"

// paragraph is a piece of text in a dialog.
type paragraph struct {
	text  string
	face  typeface
	size  float64 // if zero, that of running text
	color tint    // if zero, that of running text
	limit int     // lines at most; if zero, 3
	typed bool    // to be typed as it is: broken where a line is full, not at spaces
}

// choice is a button of a dialog: what it does, and the keys that do the same.
type choice struct {
	label, keys string
	command     command
	first       bool // the one that Enter takes: with a thick edge
}

// dialog is a panel in the middle of the field.
type dialog struct {
	title   string
	body    []paragraph
	choices []choice
	warning bool    // a sign beside the title
	room    float64 // kept free between body and choices
}

// The measures of a dialog.
const (
	dialogWidth  = 540.0
	dialogInside = dialogWidth - 2*36
	titleSize    = 28.0
	bodySize     = 17.0
	choiceHeight = 54.0
	choiceWidth  = 210.0
	choiceGap    = 24.0

	dialogDown = 12.0 // below the middle, away from the scores
)

// line is one line of a dialog with its place.
type line struct {
	paragraph
	text string
	y    float64 // middle of the line, from the top of the panel
}

// lines breaks the body into lines and returns the height that it ends at.
func (d dialog) lines() ([]line, float64) {
	var out []line
	y := 36 + titleSize + 20.0
	for _, g := range d.body {
		if g.size == 0 {
			g.size = bodySize
		}
		if g.color == (tint{}) {
			g.color = colorInk
		}
		if g.limit == 0 {
			g.limit = 3
		}
		broken := wrap
		if g.typed {
			broken = chop
		}
		for _, s := range broken(g.text, g.face, g.size, dialogInside, g.limit) {
			out = append(out, line{g, s, y + 0.7*g.size})
			y += 1.4 * g.size
		}
		y += 10
	}
	return out, y
}

// show draws a dialog, and returns where its free room begins, for whoever asked for one.
func (p *picture) show(d dialog) (roomTop float64) {
	lines, bodyEnd := d.lines()
	height := bodyEnd + d.room + 24
	if len(d.choices) > 0 {
		height += choiceHeight + 16
	}
	x, y := (client.FieldWidth-dialogWidth)/2, (client.FieldHeight-height)/2+dialogDown
	p.box(x, y, dialogWidth, height, 10, colorPanel)
	p.edge(x, y, dialogWidth, height, 10, 1.5, colorLine)
	p.title(d, y+36+titleSize/2)
	for _, l := range lines {
		p.print(middle, y+l.y, l.text, l.face, l.size, center, l.color)
	}
	p.choose(d.choices, y+height-24-choiceHeight)
	return y + bodyEnd
}

// title draws the heading, with a sign in front where something is wrong.
func (p *picture) title(d dialog, y float64) {
	ink, x := colorInk, middle
	if d.warning {
		ink, x = colorAlert, middle+16
		w := measure(d.title, bold, titleSize)
		p.disc(x-w/2-24, y, 13, colorAlert)
		p.print(x-w/2-24, y, "!", bold, 20, center, colorPanel)
	}
	p.print(x, y, d.title, bold, titleSize, center, ink)
}

// choose draws a row of buttons. Each names its keys, and the one that Enter takes has a thick edge.
func (p *picture) choose(choices []choice, y float64) {
	n := float64(len(choices))
	x := middle - (n*choiceWidth+(n-1)*choiceGap)/2
	for _, c := range choices {
		stroke, ink := 1.5, colorLine
		if c.first {
			stroke, ink = 3, colorInk
		}
		p.box(x, y, choiceWidth, choiceHeight, 8, colorField)
		p.edge(x, y, choiceWidth, choiceHeight, 8, stroke, ink)
		p.print(x+choiceWidth/2, y+19, c.label, bold, 17, center, colorInk)
		p.print(x+choiceWidth/2, y+39, c.keys, regular, 13, center, colorFaint)
		p.buttons = append(p.buttons, button{x, y, choiceWidth, choiceHeight, c.command})
		x += choiceWidth + choiceGap
	}
}

// veil dims what lies below, so that a dialog stands out.
func (p *picture) veil() {
	p.box(0, 0, client.FieldWidth, client.FieldHeight, 0, faded(colorSurround, 0.6))
}

// Help is one line, shown when there is time to read: never while the ball is in play.
const (
	helpText  = "W / S or arrows: move    V: view    Tab: figures    M: %s    F11: full screen    Esc: leave"
	watchText = "Tab: figures    M: %s    F11: full screen    Esc: leave"
	helpGap   = 22.0 // above the HUD
)
