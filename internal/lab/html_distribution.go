package lab

import (
	"fmt"
	"html/template"
	"math"
	"strings"
)

// The chart of a distribution, in units of the drawing.
const (
	distHeight = 178.0
	distTop    = 44.0
	distFloor  = 138.0
	distGap    = 22.0
	mostBars   = 48 // of a histogram; classes are joined to stay below it
)

// distributionChart draws the samples of a measure on a profile: a histogram for each variant, all on one axis, and at
// the right the cumulative shares of all variants. ok is false if there are no samples.
func distributionChart(views []string, p Named, m Named, rows map[key]*Row) (chart template.HTML, ok bool) {
	samples := make([]*Distribution, len(views))
	for i, view := range views {
		if row := rows[key{p.Name, view, m.Name}]; row != nil {
			samples[i] = row.Samples
			ok = ok || row.Samples != nil
		}
	}
	if !ok {
		return "", false
	}
	const label = "Histograms of %s on %s, one for each way of drawing, and their cumulative shares"
	d := newSVG(distHeight, fmt.Sprintf(label, m.Title, p.Name), "")
	d.text("start strong", 0, 16, p.Name+" "+p.Title)
	from, to := extent(samples)
	wide := (pageWidth - distGap*float64(len(views))) / (float64(len(views)) + 1.3)
	for i, s := range samples {
		left := float64(i) * (wide + distGap)
		x := span{from, to, left, left + wide}
		d.text("start small", left, 38, views[i]+": "+s.summary())
		d.histogram(s, i, x)
		d.axisBelow(x, m.Unit)
	}
	left := float64(len(views))*(wide+distGap) + 34
	x, y := span{from, to, left, pageWidth}, span{0, 1, distFloor, distTop}
	for _, share := range []float64{0, 0.5, 1} {
		d.line("grid", left, y.at(share), pageWidth, y.at(share))
		d.text("end small", left-5, y.at(share)+5, brief(100*share)+" %")
	}
	for i, s := range samples {
		d.path(fmt.Sprintf("curve v%d", i), s.cumulative(x, y))
	}
	d.axisBelow(x, m.Unit)
	return d.done(), true
}

// summary returns the number of samples and their 99th percentile.
func (d *Distribution) summary() string {
	if d == nil {
		return "no samples"
	}
	return fmt.Sprintf("%d samples, p99 ≤ %s", d.N, figures(d.quantile(0.99)))
}

// axisBelow draws the horizontal axis.
func (d *svg) axisBelow(x span, unit string) {
	d.line("axis", x.begin, distFloor, x.end, distFloor)
	ticks := x.ticks(4)
	for i, t := range ticks {
		d.line("axis", x.at(t), distFloor, x.at(t), distFloor+4)
		label := brief(t)
		if i == len(ticks)-1 && !strings.Contains(unit, " ") {
			label += " " + unit
		}
		class := "middle small"
		if x.at(t) > x.end-30 {
			class = "end small"
		}
		if x.at(t) < x.begin+10 {
			class = "start small"
		}
		d.text(class, x.at(t), distFloor+20, label)
	}
}

// histogram draws the classes; the fullest one has the full height.
func (d *svg) histogram(s *Distribution, view int, x span) {
	if s == nil {
		return
	}
	classes := max(1, int(math.Ceil((x.to-x.from)/s.Step/mostBars))) // per bar
	first := int(math.Round(x.from / s.Step))
	bars := make([]int, int(math.Ceil((x.to-x.from)/s.Step/float64(classes))))
	most := 0
	for i, n := range s.Counts {
		if bar := (s.first() + i - first) / classes; s.first()+i >= first && bar < len(bars) {
			bars[bar] += n
			most = max(most, bars[bar])
		}
	}
	var steps strings.Builder
	y := span{0, float64(most), distFloor, distTop}
	width := float64(classes) * s.Step
	for i, n := range bars {
		if n > 0 {
			from := x.from + float64(i)*width
			fmt.Fprintf(&steps, "M%s %sV%sH%sV%sz", coord(x.at(from)), coord(distFloor),
				coord(math.Min(y.at(float64(n)), distFloor-1)), coord(x.at(from+width)-0.5), coord(distFloor))
		}
	}
	d.path(fmt.Sprintf("bar v%d", view), steps.String())
}

// cumulative returns the path of the cumulative share of the samples.
func (d *Distribution) cumulative(x, y span) string {
	if d == nil {
		return ""
	}
	var steps strings.Builder
	fmt.Fprintf(&steps, "M%s %s", coord(x.begin), coord(y.begin))
	sum := 0
	for i, n := range d.Counts {
		if n > 0 {
			sum += n
			fmt.Fprintf(&steps, "L%s %s", coord(x.at(d.From+float64(i)*d.Step)),
				coord(y.at(float64(sum-n)/float64(d.N))))
			fmt.Fprintf(&steps, "L%s %s", coord(x.at(d.From+float64(i+1)*d.Step)),
				coord(y.at(float64(sum)/float64(d.N))))
		}
	}
	fmt.Fprintf(&steps, "H%s", coord(x.end))
	return steps.String()
}

// extent returns the range to draw: from the 1st to the 99th percentile of all variants.
func extent(samples []*Distribution) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, s := range samples {
		if s != nil {
			from, to = math.Min(from, s.quantile(0.01)-s.Step), math.Max(to, s.quantile(0.99))
		}
	}
	return from, to
}

// quantile returns the upper end of the class in which a share of all samples is reached.
func (d *Distribution) quantile(share float64) float64 {
	sum := 0
	for i, n := range d.Counts {
		if sum += n; float64(sum) >= share*float64(d.N) {
			return d.From + float64(i+1)*d.Step
		}
	}
	return d.From + float64(len(d.Counts))*d.Step
}
