package lab

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"unicode/utf8"
)

// The bar chart, in units of the drawing.
const (
	barsHeight = 394.0
	barsLeft   = 64.0  // of the first group
	barsTop    = 40.0  // of the highest bar
	barsFloor  = 330.0 // of all bars
	groupGap   = 0.2   // of a group's width
)

// barChart draws one measure: for each profile a bar for each variant, with a whisker from its mean to its worst seed,
// and a line at the target.
//
// Variants differ by a factor of a thousand. On a linear scale for the worst one the others would be invisible, and a
// logarithmic scale has no 0 and hides the differences. So bars far beyond the target are cut, with a notch, and each
// bar has its figure on top.
func barChart(views []string, profiles []Named, m Named, rows map[key]*Row) template.HTML {
	const label = "Bar chart: %s, by network and way of drawing. The figures are in the table below."
	d := newSVG(barsHeight, fmt.Sprintf(label, m.Title), "")
	scale := span{0, ceiling(views, profiles, m, rows), barsFloor, barsTop}
	for _, x := range scale.ticks(5) {
		d.line("grid", barsLeft, scale.at(x), pageWidth, scale.at(x))
		d.text("end small", barsLeft-8, scale.at(x)+5, brief(x))
	}
	d.text("start small", 0, 16, m.Unit)
	wide := math.Min((pageWidth-barsLeft)/float64(len(profiles)), 340)
	for i, p := range profiles {
		left := barsLeft + float64(i)*wide
		bar := wide * (1 - groupGap) / float64(max(len(views), 1))
		for _, draw := range []func(*Row, int, float64, float64, span){d.bar,
			d.value} { // figures last, so that no bar covers one
			for j, view := range views {
				if row := rows[key{p.Name, view, m.Name}]; row != nil {
					draw(row, j, left+wide*groupGap/2+float64(j)*bar, bar, scale)
				}
			}
		}
		d.text("middle strong", left+wide/2, barsFloor+22, p.Name)
		for j, line := range wrap(p.Title, int(wide/8), 2) {
			d.text("middle small", left+wide/2, barsFloor+40+17*float64(j), line)
		}
		if t := targetOfAny(views, p.Name, m.Name, rows); t != nil {
			d.target(t, left+wide*groupGap/4, left+wide*(1-groupGap/4), scale)
		}
	}
	d.line("axis", barsLeft, barsFloor, pageWidth, barsFloor)
	return d.done()
}

// bar draws a bar with its whisker.
func (d *svg) bar(row *Row, view int, x, width float64, scale span) {
	top, worst := scale.at(row.Mean), scale.at(row.Worst)
	d.rect(fmt.Sprintf("bar v%d", view), x+1, top, width-2, barsFloor-top)
	middle := x + width/2
	if row.Mean > scale.to {
		d.path("cut", fmt.Sprintf("M%s %s l%s -6 l0 5 l%s 6 z", coord(x-1), coord(top+16), coord(width+2),
			coord(-width-2)))
	} else if math.Abs(worst-top) > 1 {
		d.line("whisker", middle, top, middle, worst)
		d.line("whisker", middle-4, worst, middle+4, worst)
	}
}

// value writes a bar's figure above it, in smaller letters if the bars are thin.
func (d *svg) value(row *Row, _ int, x, width float64, scale span) {
	class := "middle value"
	if width < 29 {
		class += " thin"
	}
	d.text(class, x+width/2, math.Min(scale.at(row.Mean), scale.at(row.Worst))-5, short3(row.Mean))
}

// target draws the line of a target, with the side of it that is good.
func (d *svg) target(t *Target, left, right float64, scale span) {
	for _, bound := range []struct {
		at   *float64
		sign string
	}{{t.Most, "≤ "}, {t.Least, "≥ "}} {
		if bound.at != nil && *bound.at <= scale.to {
			y := scale.at(*bound.at)
			d.line("target", left, y, right, y)
			d.text("end targettext", right, y-4, bound.sign+brief(*bound.at))
		}
	}
}

// targetOfAny returns the target of a measure on a profile, which is the same for all variants.
func targetOfAny(views []string, profile, measure string, rows map[key]*Row) *Target {
	for _, view := range views {
		if row := rows[key{profile, view, measure}]; row != nil {
			return row.Target
		}
	}
	return nil
}

// ceiling returns the figure at which bars are cut: above every target and all bars of the first variant. If all bars
// are of similar height, none is cut.
func ceiling(views []string, profiles []Named, m Named, rows map[key]*Row) float64 {
	const room, alike = 1.3, 4.0
	needed, all := 0.0, 0.0
	for _, p := range profiles {
		for i, view := range views {
			row := rows[key{p.Name, view, m.Name}]
			if row == nil {
				continue
			}
			high := math.Max(row.Mean, row.Worst)
			all = math.Max(all, high)
			if i == 0 {
				needed = math.Max(needed, high)
			}
			if t := row.Target; t != nil && t.Most != nil {
				needed = math.Max(needed, *t.Most)
			}
		}
	}
	switch {
	case all == 0 && needed == 0:
		return 1
	case needed == 0 || all < alike*needed:
		return math.Max(all, needed) * 1.05
	}
	return needed * room
}

// short3 formats a figure with at most three digits, because there is little space above a bar.
func short3(x float64) string {
	if math.Abs(x) >= 10 {
		return fmt.Sprintf("%.0f", x)
	}
	return figures(x)
}

// wrap breaks a text into at most most lines of so many letters, and cuts a line that is too long.
func wrap(s string, letters, most int) (lines []string) {
	for _, word := range strings.Fields(s) {
		last := len(lines) - 1
		if last >= 0 && (last+1 == most || utf8.RuneCountInString(lines[last]+" "+word) <= letters) {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	for i, line := range lines {
		if runes := []rune(line); len(runes) > letters {
			lines[i] = string(runes[:max(letters-1, 0)]) + "…"
		}
	}
	return lines
}
