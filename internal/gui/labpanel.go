//go:build !nogui

package gui

import (
	"math"

	"pong/internal/panel"
)

// The parts of a row of the lab panel: its label, and what can be clicked.
const (
	labLabel = 92.0 // of the width
	labValue = 58.0 // right of a slider
	labNote  = 76.0 // of the height, for the sentence about a change
)

// rightColumn draws the lab panel in a column that is high units high. It is alone if another column found no room.
func (p *picture) rightColumn(s *panel.Shown, high float64, alone bool) {
	p.reset()
	p.box(0, 0, columnWidth, high, 0, colorPanel)
	keys := "L: close"
	if alone {
		keys = "no room for Tab and F1   " + keys
	}
	y := p.columnTitle("Lab", keys)
	lines := float64(len(s.Rows))
	for _, r := range s.Rows {
		if r.Section != "" {
			lines += 0.9
		}
	}
	step := min(24, (high-y-labNote)/lines)
	for i := range s.Rows {
		r := &s.Rows[i]
		if r.Section != "" {
			p.print(columnPad, y+step*0.45, r.Section, bold, min(columnSize, step*0.7), left, colorFaint)
			y += step * 0.9
		}
		p.labRow(r, i, y, step)
		y += step
	}
	y = high - labNote + 10
	text, ink := s.Note, colorInk
	if text == "" {
		ink = colorFaint
		text = "Arrows or the mouse: choose and change. 1-7: switch a technique. F1: keys and glossary."
	}
	for _, line := range wrap(text, regular, 12, columnWidth-2*columnPad, 5) {
		p.print(columnPad, y, line, regular, 12, left, ink)
		y += 14.5
	}
}

// labRow draws a row, with its places to click.
func (p *picture) labRow(r *panel.Row, i int, y, step float64) {
	size := min(columnSize, step*0.72)
	mid := y + step/2
	if r.Marked {
		p.box(3, y+1, columnWidth-6, step-2, 4, colorField)
		p.Triangle(4, mid-4, 6, 8, false, colorOwn)
	}
	label := r.Label
	if r.Key != "" {
		label = r.Key + "  " + label
	}
	p.print(columnPad, mid, shorten(label, regular, size, labLabel+40), regular, size, left, colorInk)
	labelled := labLabel
	if len(r.Options) > 3 {
		labelled = 46
	}
	x, wide := columnPad+labelled, columnWidth-2*columnPad-labelled
	switch r.Kind {
	case panel.Slider:
		wide -= labValue
		p.box(x, mid-1.5, wide, 3, 1.5, colorLine)
		p.box(x, mid-1.5, wide*r.Part, 3, 1.5, colorOwn)
		p.disc(x+wide*r.Part, mid, 5, colorOwn)
		value := shorten(r.Value, mono, size*0.92, labValue-6)
		p.print(columnWidth-columnPad, mid, value, mono, size*0.92, right, colorInk)
	case panel.Switch:
		x, wide = columnWidth-columnPad-54, 54
		p.lamp(x, mid, r.On)
		p.print(columnWidth-columnPad, mid, r.Value, mono, size, right, colorInk)
		x, wide = 0, columnWidth
	case panel.Choice, panel.Buttons:
		if len(r.Options) == 0 {
			p.print(x, mid, "‹", bold, size*1.3, left, colorFaint)
			p.print(x+wide, mid, "›", bold, size*1.3, right, colorFaint)
			p.print(x+wide/2, mid, shorten(r.Value, regular, size, wide-22), regular, size, center, colorInk)
			break
		}
		p.options(r, x, y, wide, step, size)
	}
	p.buttons = append(p.buttons, button{x: x, y: y, w: wide, h: step, lab: i + 1})
}

// lamp draws a round mark that is full if something is on.
func (p *picture) lamp(x, y float64, on bool) {
	p.edge(x-1, y-6, 24, 12, 6, 1.5, colorFaint)
	if on {
		p.disc(x+17, y, 4, colorOwn)
	} else {
		p.disc(x+5, y, 4, colorFaint)
	}
}

// options draws the options of a row side by side. The chosen one has an edge.
func (p *picture) options(r *panel.Row, x, y, wide, step, size float64) {
	each := wide / float64(len(r.Options))
	for i, o := range r.Options {
		fits := math.Min(size, size*(each-4)/math.Max(measure(o, regular, size), 1))
		ink := colorFaint
		if r.Kind == panel.Buttons {
			p.edge(x+float64(i)*each+2, y+2, each-4, step-4, 4, 1.5, colorFaint)
			ink = colorInk
		}
		if i == r.Chosen {
			p.edge(x+float64(i)*each+1, y+2, each-2, step-4, 4, 1.5, colorOwn)
			ink = colorInk
		}
		p.print(x+(float64(i)+0.5)*each, y+step/2, o, regular, math.Max(fits, 8), center, ink)
	}
}
