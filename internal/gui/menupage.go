//go:build !nogui

package gui

import (
	"pong/internal/client"
	"pong/internal/front"
)

// The rows of a menu. No more of them are shown at once than fit; a longer list moves with the choice.
const (
	mostRows  = 6
	rowHeight = 42.0
	rowGap    = 6.0
	rowPad    = 34.0 // of the words in a row, from its sides
	lineRoom  = 74.0 // of the line that is typed
)

// firstRow returns the first row of a menu that is shown.
func firstRow(m front.Shown) int {
	return max(min(m.At-mostRows/2, len(m.Rows)-mostRows), 0)
}

// menu draws a page of the menu.
func (p *picture) menu(f frame) {
	m := f.menu
	remark := paragraph{text: m.Remark, color: colorFaint, limit: 4}
	if m.Wrong {
		remark.text, remark.color = "! "+m.Remark, colorAlert
	}
	rows := min(len(m.Rows), mostRows)
	room := float64(rows)*(rowHeight+rowGap) + 4
	if m.Typing {
		room += lineRoom
	}
	if m.Page == front.PageMain {
		p.print(middle, 54, "PONG", bold, 52, center, colorInk)
	}
	back := choice{"Back", "Esc", cmdBack, false}
	if m.Root {
		back.label = "Another server"
	}
	top := p.show(dialog{
		title: m.Title, body: []paragraph{remark}, room: room,
		choices: []choice{back, {"Go", "Enter", cmdConfirm, true}},
	})
	if m.Typing {
		p.typed(f, top)
		top += lineRoom
	}
	p.rows(m, top)
	p.caption(client.FieldHeight-22, shorten(oneLine("Server: "+m.Server), regular, 13*f.zoom, 700), 13*f.zoom)
}

// typed draws the line of a page, large, for it is told to others.
func (p *picture) typed(f frame, y float64) {
	const height = lineRoom - 12
	x := middle - dialogInside/2
	p.box(x, y, dialogInside, height, 6, colorField)
	p.edge(x, y, dialogInside, height, 6, 2, colorFaint)
	size := min(32, 32*(dialogInside-2*fieldPad)/max(measure(f.menu.Text, mono, 32), 1))
	w := measure(f.menu.Text, mono, size)
	p.print(middle, y+height/2, f.menu.Text, mono, size, center, colorOwn)
	if f.age/caretBlink%2 == 0 {
		p.box(middle+w/2+3, y+12, 2, height-24, 0, colorInk)
	}
}

// rows draws what can be chosen. The row that Enter takes has a thick edge and a mark.
func (p *picture) rows(m front.Shown, y float64) {
	x, first := middle-dialogInside/2, firstRow(m)
	for i := range min(len(m.Rows), mostRows) {
		row := m.Rows[first+i]
		stroke, ink := 1.5, colorLine
		if first+i == m.At {
			stroke, ink = 3, colorInk
		}
		p.box(x, y, dialogInside, rowHeight, 8, colorField)
		p.edge(x, y, dialogInside, rowHeight, 8, stroke, ink)
		if first+i == m.At {
			p.triangle(x+13, y+rowHeight/2-7, 9, 14, false, colorOwn)
		}
		room := dialogInside - 2*rowPad
		if row.Detail != "" {
			detail := shorten(row.Detail, regular, 15, 260)
			p.print(x+dialogInside-rowPad/2, y+rowHeight/2, detail, regular, 15, right, colorFaint)
			room -= measure(detail, regular, 15)
		}
		p.print(x+rowPad, y+rowHeight/2, shorten(row.Label, bold, 17, room), bold, 17, left, colorInk)
		p.buttons = append(p.buttons, button{x, y, dialogInside, rowHeight, cmdRow << i})
		y += rowHeight + rowGap
	}
	p.more(m, first, y)
}

// more says that a list goes on beyond the rows that are shown.
func (p *picture) more(m front.Shown, first int, bottom float64) {
	if first > 0 {
		p.print(middle+dialogInside/2, bottom-mostRows*(rowHeight+rowGap)-12, "more above", regular, 13, right, colorFaint)
	}
	if first+mostRows < len(m.Rows) {
		p.print(middle+dialogInside/2, bottom+6, "more below", regular, 13, right, colorFaint)
	}
}
