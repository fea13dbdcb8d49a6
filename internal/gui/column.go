//go:build !nogui

package gui

import (
	"fmt"
	"math"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/panel"
)

// The columns beside the field: on the left the figures, the graphs and the help, on the right the lab panel. Each is a
// picture of its own, in units of its layout, so that its texts stay readable when the field is small.
const (
	columnWidth = 250.0
	columnPad   = 12.0
	columnSize  = 12.5 // of its texts

	// The field keeps this share of the width of the window: if it would not, the lab panel alone has a column.
	leastField = 0.42
)

// An arrangement is where the field and the columns are in a window.
type arrangement struct {
	field           layout
	left, right     layout
	height          float64 // of the columns, in their units
	toLeft, toRight bool

	beside layout // the same match in another way, if there is one
}

// split makes room for a second field to the right of the first, in a window of width x height device pixels.
func (a *arrangement) split(width, height, density float64) {
	side := columnWidth * a.left.scale
	from, to := 0.0, width
	if a.toLeft {
		a.left.x, from = 0, side
	}
	if a.toRight {
		a.right.x = math.Round(width - side)
		to = width - side
	}
	half := (to - from) / 2
	a.field, a.beside = fit(half-besideGap*density, height, density), fit(half-besideGap*density, height, density)
	a.field.x += from
	a.beside.x += from + half + besideGap*density
}

// besideGap is half the gap between two fields, in device-independent pixels.
const besideGap = 2

// arrange places the field, and the columns that are wanted, in a window of width x height device pixels. If there is
// no room for two, the right one is left.
func arrange(width, height, density float64, wantLeft, wantRight bool) (a arrangement) {
	scale := density * math.Min(math.Max(height/density/620, 0.8), 1.6)
	side := columnWidth * scale
	n := 0.0
	if wantRight {
		n++
	}
	if wantLeft && (width-(n+1)*side >= leastField*width || !wantRight) {
		n++
		a.toLeft = true
	}
	a.toRight = wantRight
	a.height = height / scale
	offset := 0.0
	if a.toLeft {
		offset = side
	}
	bars := math.Max(0, width-n*side-height*client.FieldWidth/client.FieldHeight) / 2 // at the outer edges
	a.field = fit(width-n*side, height, density)
	a.field.x += offset
	a.left = layout{scale: scale, x: math.Round(bars), zoom: 1}
	a.right = layout{scale: scale, x: math.Round(width - side - bars), zoom: 1}
	return a
}

// wantsColumns reports which columns a frame wants.
func (f *frame) wantsColumns() (left, right bool) {
	if !f.Match || f.Track != nil {
		return false, false
	}
	return f.Lab.HUD != front.HUDLine || f.Lab.Help != front.NoHelp, f.Lab.Panel != nil
}

// leftColumn draws the left column, which is high units high.
func (p *picture) leftColumn(f *frame, high float64) {
	p.reset()
	p.box(0, 0, columnWidth, high, 0, colorPanel)
	switch {
	case f.Lab.Help == front.HelpKeys:
		p.keys(f, high)
	case f.Lab.Help != front.NoHelp:
		p.glossary(int(f.Lab.Help - front.HelpGlossary))
	case f.Lab.HUD == front.HUDGraphs:
		p.graphs(f, high)
	case f.Lab.HUD == front.HUDFigures:
		p.figures(f, high)
	}
}

// columnTitle draws the title of a column and returns where its contents begin.
func (p *picture) columnTitle(title, keys string) float64 {
	p.print(columnPad, 18, title, bold, 14, left, colorInk)
	p.print(columnWidth-columnPad, 18, keys, regular, 11, right, colorFaint)
	return 36
}

// figures draws all figures.
func (p *picture) figures(f *frame, high float64) {
	y := p.columnTitle("Figures", "Tab: graphs")
	all := append(front.Figures(&f.Frame), front.Details(&f.Frame, f.View)...)
	all = append(all, front.Figure{Name: "display", Value: frameRate(f.frames)})
	step := min(columnSize*2.6, (high-y)/float64(len(all)))
	for _, g := range all {
		p.print(columnPad, y+step*0.19, g.Name, regular, 11, left, colorFaint)
		value := shorten(g.Value, mono, columnSize, columnWidth-2*columnPad)
		p.print(columnPad, y+step*0.62, value, mono, columnSize, left, colorInk)
		y += step
	}
}

// graphs draws all graphs, and the sentence about one of them.
func (p *picture) graphs(f *frame, high float64) {
	top := p.columnTitle("Graphs, 10 s", "?: explain  Tab: off")
	const about = 64.0
	each := (high - top - about) / float64(len(f.Lab.Graphs))
	shown := f.Lab.Explained
	if f.hover > 0 {
		shown = f.hover
	}
	for i := range f.Lab.Graphs {
		g, y := &f.Lab.Graphs[i], top+float64(i)*each
		p.graph(g, y, each-8, shown == i+1)
		p.buttons = append(p.buttons, button{x: 0, y: y, w: columnWidth, h: each, graph: i + 1})
	}
	if shown > 0 && shown <= len(f.Lab.Graphs) {
		y := high - about + 8
		for _, line := range wrap(f.Lab.Graphs[shown-1].About, regular, 11.5, columnWidth-2*columnPad, 4) {
			p.print(columnPad, y, line, regular, 11.5, left, colorInk)
			y += 14
		}
	}
}

// graph draws a graph below its title. The second line is dotted, so that it differs by more than its colour.
func (p *picture) graph(g *panel.Graph, y, high float64, marked bool) {
	ink := colorFaint
	if marked {
		ink = colorInk
	}
	p.print(columnPad, y+7, g.Title, regular, 11, left, ink)
	p.print(columnWidth-columnPad, y+7, g.Value, mono, 11, right, colorInk)
	y, high = y+16, high-16
	const wide = columnWidth - 2*columnPad
	p.box(columnPad, y, wide, high, 3, colorField)
	if g.Bottom < 0 {
		p.box(columnPad, y+high*g.Top/(g.Top-g.Bottom), wide, 1, 0, colorLine)
	}
	const step = wide / panel.Columns
	place := func(v float64) float64 { return y + high*(1-(v-g.Bottom)/(g.Top-g.Bottom)) }
	for c := range panel.Columns {
		x := columnPad + float64(c)*step
		switch second := g.Second[c]; {
		case math.IsNaN(second):
		case g.Ticks:
			p.box(x, y, step*0.6, min(4+2*second, high/3), 0, colorAlert)
		case c%3 > 0:
			p.box(x, place(second)-0.75, step, 1.5, 0, colorOwn)
		}
		v := g.First[c]
		if math.IsNaN(v) {
			continue
		}
		from, to := place(v), place(v)
		if c > 0 && !math.IsNaN(g.First[c-1]) {
			from = place(g.First[c-1])
		}
		p.box(x, min(from, to)-0.75, step, math.Abs(from-to)+1.5, 0, colorInk)
	}
}

// keys draws the keys of a match.
func (p *picture) keys(f *frame, high float64) {
	y := p.columnTitle("Keys", "F1: glossary")
	add := func(name, does string) {
		p.print(columnPad, y, name, bold, columnSize, left, colorInk)
		for _, line := range wrap(does, regular, columnSize, columnWidth-80, 3) {
			p.print(70, y, line, regular, columnSize, left, colorFaint)
			y += 16
		}
		y += 4
	}
	add(f.labels[0]+" / "+f.labels[1], "move your paddle; the arrow keys, too, while the lab panel is closed")
	for _, k := range front.MatchKeys {
		add(k.Name, k.Does)
	}
	add("M", "switch the sound on or off")
	add("F11", "full screen")
	add("Esc", "leave the match")
}

// glossary draws a page of the glossary.
func (p *picture) glossary(page int) {
	y := p.columnTitle(fmt.Sprintf("Glossary %d of %d", page+1, front.GlossaryPages), "F1: next")
	for _, t := range front.GlossaryPage(page) {
		p.print(columnPad, y, t.Word, bold, columnSize, left, colorInk)
		y += 16
		for _, line := range wrap(t.Meaning, regular, columnSize, columnWidth-2*columnPad, 3) {
			p.print(columnPad, y, line, regular, columnSize, left, colorFaint)
			y += 15
		}
		y += 8
	}
}
