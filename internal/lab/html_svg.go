package lab

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// An svg is a drawing. Its unit of length is a fraction of the page's width: pageWidth.
type svg struct{ strings.Builder }

// pageWidth is the width of all drawings, so that letters have the same size in all of them.
const pageWidth = 1200.0

// newSVG begins a drawing. label describes it to people who cannot see it; extra is more attributes, as markup.
func newSVG(height float64, label, extra string) *svg {
	d := new(svg)
	fmt.Fprintf(d, `<svg viewBox="0 0 %s %s" role="img" aria-label="%s"%s>`, coord(pageWidth), coord(height),
		template.HTMLEscapeString(label), extra)
	return d
}

// done ends the drawing.
func (d *svg) done() template.HTML {
	d.WriteString("</svg>\n")
	return template.HTML(d.String())
}

// line draws a straight line.
func (d *svg) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(d, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, coord(x1), coord(y1), coord(x2),
		coord(y2))
}

// rect draws a rectangle.
func (d *svg) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(d, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, coord(x), coord(y), coord(width),
		coord(height))
}

// text writes text; the class has, among others, its anchor: start, middle or end.
func (d *svg) text(class string, x, y float64, text string) {
	fmt.Fprintf(d, `<text class="%s" x="%s" y="%s">%s</text>`, class, coord(x), coord(y),
		template.HTMLEscapeString(text))
}

// path draws the path with these steps.
func (d *svg) path(class, steps string) {
	if steps != "" {
		fmt.Fprintf(d, `<path class="%s" d="%s"/>`, class, steps)
	}
}

// coord formats a coordinate with one digit after the point.
func coord(x float64) string {
	s := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

// A span maps figures to coordinates: from..to to begin..end. Figures outside from..to are drawn at the nearer end.
type span struct{ from, to, begin, end float64 }

func (s span) at(x float64) float64 {
	if s.to == s.from {
		return s.begin
	}
	part := math.Min(math.Max((x-s.from)/(s.to-s.from), 0), 1)
	return s.begin + part*(s.end-s.begin)
}

// ticks returns round figures in the span, about as many as wanted.
func (s span) ticks(wanted float64) (ticks []float64) {
	step := roundStep((s.to - s.from) / wanted)
	for i := int(math.Ceil(s.from/step - 1e-9)); float64(i)*step <= s.to+step*1e-9; i++ {
		ticks = append(ticks, float64(i)*step)
	}
	return ticks
}

// roundStep returns the smallest of 1, 2 and 5 times a power of ten that is not less than x.
func roundStep(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= x {
			return m * power
		}
	}
	return 10 * power
}
