//go:build !nogui

package gui

import "pong/internal/front"

// The rows of a menu. At most mostRows are shown; a longer list scrolls with the mark.
const (
	mostRows  = 6
	rowHeight = 40.0
	rowGap    = 6.0
	rowPad    = 34.0 // between the text and the sides of a row
)

// firstRow returns the index of the first row that is shown.
func firstRow(c *front.Card) int { return max(min(c.At-mostRows/2, len(c.Rows)-mostRows), 0) }

// rowsHeight returns the height of the rows that are shown.
func rowsHeight(c *front.Card) float64 {
	return float64(min(len(c.Rows), mostRows)) * (rowHeight + rowGap)
}

// rows draws the rows of a menu. The marked one has a thick edge and a triangle.
func (p *picture) rows(c *front.Card, y float64) {
	x, first := middle-cardInside/2, firstRow(c)
	p.more(c, first, y)
	for i := range min(len(c.Rows), mostRows) {
		row := c.Rows[first+i]
		stroke, ink := 1.5, colorLine
		if first+i == c.At {
			stroke, ink = 3, colorInk
		}
		p.box(x, y, cardInside, rowHeight, 8, colorField)
		p.edge(x, y, cardInside, rowHeight, 8, stroke, ink)
		if first+i == c.At {
			p.Triangle(x+13, y+rowHeight/2-7, 9, 14, false, colorOwn)
		}
		space := cardInside - 2*rowPad
		if row.Detail != "" {
			detail := shorten(row.Detail, regular, 15, 260)
			p.print(x+cardInside-rowPad/2, y+rowHeight/2, detail, regular, 15, right, colorFaint)
			space -= measure(detail, regular, 15)
		}
		p.print(x+rowPad, y+rowHeight/2, shorten(row.Label, bold, 17, space), bold, 17, left, colorInk)
		p.buttons = append(p.buttons, button{x: x, y: y, w: cardInside, h: rowHeight, row: first + i + 1})
		y += rowHeight + rowGap
	}
}

// more draws notes if there are rows above or below those that are shown.
func (p *picture) more(c *front.Card, first int, top float64) {
	if first > 0 {
		p.print(middle+cardInside/2, top-10, "more above", regular, 13, right, colorFaint)
	}
	if first+mostRows < len(c.Rows) {
		p.print(middle+cardInside/2, top+rowsHeight(c)+1, "more below", regular, 13, right, colorFaint)
	}
}
