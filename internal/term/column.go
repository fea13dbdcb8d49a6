//go:build !js

package term

import (
	"fmt"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"pong/internal/front"
	"pong/internal/panel"
)

// The columns beside the field: on the left the figures, the graphs and the help, on the right the lab panel.
const (
	columnWide = 28
	columnFoot = 2 // lines below the columns
)

// sides are the columns that are drawn.
type sides struct {
	left, right bool
	missing     bool // another one is wanted
}

// sidesOf returns the columns that a screen wants and a terminal has room for. If there is room for one, it is the lab
// panel.
func sidesOf(s *front.Screen, width int) (has sides) {
	left := s.Lab.HUD != front.HUDLine || s.Lab.Help != front.NoHelp
	right := s.Lab.Panel != nil
	room := (width - leastWidth) / columnWide
	if right && room > 0 {
		has.right = true
		room--
	}
	if left && room > 0 {
		has.left = true
	}
	has.missing = left && !has.left || right && !has.right
	return has
}

// columns returns how many cells the columns take on the left and in all.
func (s sides) columns() (left, all int) {
	if s.left {
		left, all = columnWide, columnWide
	}
	if s.right {
		all += columnWide
	}
	return left, all
}

// A clickable is a part of a line of the lab panel that can be clicked.
type clickable struct{ x, y, wide, row int }

// drawColumns draws the columns.
func drawColumns(c *canvas, s *front.Screen, has sides) {
	high := c.height - columnFoot
	if has.left {
		switch {
		case s.Lab.Help == front.HelpKeys:
			drawKeys(c, high)
		case s.Lab.Help != front.NoHelp:
			drawGlossary(c, int(s.Lab.Help-front.HelpGlossary), high)
		case s.Lab.HUD == front.HUDGraphs:
			drawGraphs(c, s, high)
		default:
			drawFigures(c, s, high)
		}
	}
	if has.right {
		drawLab(c, s.Lab.Panel, c.width-columnWide+1, high)
	}
}

// columnText writes a line of a column, cut to its width.
func columnText(c *canvas, x, y int, text string, s style) {
	c.text(x, y, columnWide-1, shorten(text, columnWide-1), s)
}

// columnRight writes a text at the right side of a column.
func columnRight(c *canvas, x, y int, text string, s style) {
	n := min(columns(text), columnWide-1)
	c.text(x+columnWide-1-n, y, n, text, s)
}

// drawFigures lists all figures. The value stands below its name if both do not fit into a line.
func drawFigures(c *canvas, s *front.Screen, high int) {
	columnText(c, 0, 0, "Figures        Tab: graphs", bold)
	y := 1
	for _, g := range append(front.Figures(&s.Frame), front.Details(&s.Frame, s.View)...) {
		if y >= high {
			return
		}
		columnText(c, 0, y, g.Name, faint)
		if columns(g.Name+" "+g.Value) > columnWide-1 {
			y++
		}
		columnRight(c, 0, y, g.Value, plain)
		y++
	}
}

// drawKeys lists the keys of a match.
func drawKeys(c *canvas, high int) {
	columnText(c, 0, 0, "Keys         F1: glossary", bold)
	y := 1
	add := func(name, does string) {
		for i, line := range strings.Split(ansi.Wordwrap(does, columnWide-8, ""), "\n") {
			if y >= high {
				return
			}
			if i == 0 {
				c.text(0, y, 6, name, bold)
			}
			c.text(7, y, columnWide-8, line, plain)
			y++
		}
	}
	for _, k := range front.MatchKeys {
		add(k.Name, k.Does)
	}
	add("W/S", "move your paddle")
	add("Esc", "leave")
}

// drawGlossary draws a page of the glossary.
func drawGlossary(c *canvas, page, high int) {
	columnText(c, 0, 0, fmt.Sprintf("Glossary %d/%d    F1: next", page+1, front.GlossaryPages), bold)
	y := 1
	for _, t := range front.GlossaryPage(page) {
		for _, line := range strings.Split(ansi.Wordwrap(t.Word+": "+t.Meaning, columnWide-1, ""), "\n") {
			if y >= high {
				return
			}
			columnText(c, 0, y, line, plain)
			y++
		}
	}
}

// drawGraphs draws the graphs, one below the other.
func drawGraphs(c *canvas, s *front.Screen, high int) {
	columnText(c, 0, 0, "10 s   ?: explain  Tab: off", bold)
	each := (high - 1) / len(s.Lab.Graphs)
	for i := range s.Lab.Graphs {
		g, y := &s.Lab.Graphs[i], 1+i*each
		title := faint
		if s.Lab.Explained == i+1 {
			title = bold
		}
		columnText(c, 0, y, g.Title, title)
		columnRight(c, 0, y, " "+g.Value, plain)
		drawGraph(c, g, y+1, each-1)
	}
}

// dots are the bits of the dots of a braille character, by column and row.
var dots = [2][4]rune{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

const braille = 0x2800

// drawGraph draws a graph in lines of braille. The second figure is dotted; ticks hang from the upper edge.
func drawGraph(c *canvas, g *panel.Graph, y, lines int) {
	const cells = columnWide - 2
	if lines < 1 {
		return
	}
	var grid [cells * 64]rune
	lines = min(lines, 64)
	set := func(x, row int) {
		if row = min(max(row, 0), lines*4-1); x >= 0 && x < cells*2 {
			grid[row/4*cells+x/2] |= dots[x%2][row%4]
		}
	}
	place := func(v float64) int { return int((1 - (v-g.Bottom)/(g.Top-g.Bottom)) * float64(lines*4-1)) }
	last := -1
	for x := range cells * 2 {
		from, to := x*panel.Columns/(cells*2), (x+1)*panel.Columns/(cells*2)
		first, second := greatest(g.First[from:to]), greatest(g.Second[from:to])
		if !math.IsNaN(second) {
			if g.Ticks {
				set(x, 0)
				set(x, 1)
			} else if x%3 == 0 {
				set(x, place(second))
			}
		}
		if math.IsNaN(first) {
			last = -1
			continue
		}
		at := place(first)
		for row := at; last >= 0 && row != last; {
			if row < last {
				row++
			} else {
				row--
			}
			set(x, row)
		}
		set(x, at)
		last = at
	}
	for line := range lines {
		for cell := range cells {
			c.set(cell, y+line, braille|grid[line*cells+cell], plain)
		}
	}
}

// greatest returns the greatest of some values, NaN if none is known.
func greatest(values []float64) float64 {
	most := math.NaN()
	for _, v := range values {
		if !(most >= v) && !math.IsNaN(v) {
			most = v
		}
	}
	return most
}

// drawLab draws the lab panel. If not all rows fit, those around the marked one are shown.
func drawLab(c *canvas, s *panel.Shown, x, high int) {
	columnText(c, x, 0, "Lab               L: close", bold)
	marked, headings := 0, 0
	for i, r := range s.Rows {
		if r.Marked {
			marked = i
		}
		if r.Section != "" {
			headings++
		}
	}
	room := high - 1
	with := len(s.Rows)+headings <= room
	first := 0
	if !with && len(s.Rows) > room {
		first = min(max(marked-room/2, 0), len(s.Rows)-room)
	}
	y := 1
	for i := first; i < len(s.Rows) && y <= room; i++ {
		r := &s.Rows[i]
		if with && r.Section != "" {
			columnText(c, x, y, r.Section, faint)
			y++
		}
		drawLabRow(c, r, i, x, y)
		y++
	}
}

// The cells of a row of the panel: the mark, the label, and the rest.
const (
	labelAt    = 1
	partAt     = 11
	sliderLong = 6
)

// drawLabRow draws a row.
func drawLabRow(c *canvas, r *panel.Row, i, x, y int) {
	ink := plain
	if r.Marked {
		c.set(x, y, '▸', mine)
		ink = bold
	}
	label := r.Label
	if r.Key != "" {
		label = r.Key + " " + label
	}
	c.text(x+labelAt, y, columnWide-labelAt-1, label, ink)
	wide := columnWide - 1 - partAt
	at := clickable{x + partAt, y, wide, i + 1}
	switch r.Kind {
	case panel.Slider:
		for n := range sliderLong {
			char := '─'
			if n == round(r.Part*(sliderLong-1)) {
				char = '█'
			}
			c.set(x+partAt+n, y, char, ink)
		}
		value := shorten(r.Value, wide-sliderLong-1)
		c.text(x+columnWide-1-columns(value), y, columns(value), value, plain)
		at.wide = sliderLong
	case panel.Switch:
		columnRight(c, x, y, r.Value, ink)
		at.x, at.wide = x, columnWide-1
	case panel.Buttons:
		text := strings.Join(r.Options, "  ") + "  " + r.Value
		columnRight(c, x, y, shorten(text, wide), plain)
	case panel.Choice:
		columnRight(c, x, y, shorten("‹ "+r.Value+" ›", wide), plain)
	}
	c.clickables = append(c.clickables, at)
}
