package lab

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
)

// The page: its text, its look, and what moves in it.
var (
	//go:embed page/page.html
	pageText string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/script.js
	pageScript string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// WriteHTML writes a result as one page for a class to look at: how many targets each view meets, the tables, charts of
// each measure, and a rally that can be played with the screens of both players beside the truth.
//
// The page is whole in itself: it loads nothing, and its policy forbids it to. It works without its script too, then
// showing everything one below the other, as it does on paper. The same result gives the same bytes.
func WriteHTML(w io.Writer, r Result) error {
	if err := pageTemplate.Execute(w, newPage(&r)); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// page is what the template is filled with.
type page struct {
	Style  template.CSS
	Script template.JS

	Length   string // how much was played
	Over     string // which networks the summary is of
	Summary  []summaryLine
	Views    []viewPart
	Filter   int // which of the views is shown first
	Networks []networkPart
	Measures []measurePart
	Rallies  []rallyPart
}

// viewPart is what the page says of a view: how well it does, and all its figures.
type viewPart struct {
	ID          int // its place, which chooses its colour
	Name, Words string
	Met, Of     int // targets
	Misses      []string
	Tables      []figureTable
}

// networkPart is what the page says of a profile.
type networkPart struct{ Name, Title, Words string }

// measurePart is what the page says of a measure: the views side by side.
type measurePart struct {
	ID int
	Named
	Charts        []template.HTML
	Tables        []figureTable
	Distributions []template.HTML
}

func newPage(r *Result) *page {
	p := &page{Style: template.CSS(pageStyle), Script: template.JS(pageScript), Length: lengthOf(r)}
	rows := r.index()
	p.Over, p.Summary = summary(r, rows)
	for i, name := range r.Views {
		v := viewPart{ID: i, Name: name, Words: viewWords[name], Tables: viewTables(r, rows, name)}
		v.count(r)
		p.Views = append(p.Views, v)
	}
	p.Filter = max(0, slices.Index(r.Views, Filter.String()))
	for _, n := range r.Profiles {
		p.Networks = append(p.Networks, networkPart{n.Name, n.Title, networkWords(n.Name)})
	}
	for _, m := range r.Measures {
		if part, any := newMeasurePart(r, rows, m); any {
			part.ID = len(p.Measures)
			p.Measures = append(p.Measures, part)
		}
	}
	for i := range r.Rallies {
		if len(r.Rallies[i].Truth) > 1 {
			p.Rallies = append(p.Rallies, newRallyPart(len(p.Rallies), &r.Rallies[i]))
		}
	}
	return p
}

// newMeasurePart gathers what there is of a measure; any is false if there is nothing.
func newMeasurePart(r *Result, rows map[key]*Row, m Named) (part measurePart, any bool) {
	part = measurePart{Named: m, Tables: measureTables(r, rows, m.Name)}
	for _, profiles := range groups(r.Profiles) {
		if profiles = measured(r, rows, profiles, m.Name); len(profiles) == 0 {
			continue
		}
		part.Charts = append(part.Charts, barChart(r.Views, profiles, m, rows))
		for _, p := range profiles {
			if chart, ok := distributionChart(r.Views, p, m, rows); ok {
				part.Distributions = append(part.Distributions, chart)
			}
		}
	}
	return part, len(part.Charts) > 0
}

// measured returns those of the profiles on which there is a figure of a measure, in whatever view.
func measured(r *Result, rows map[key]*Row, profiles []Named, measure string) (some []Named) {
	for _, p := range profiles {
		if slices.ContainsFunc(r.Views, func(view string) bool { return rows[key{p.Name, view, measure}] != nil }) {
			some = append(some, p)
		}
	}
	return some
}
