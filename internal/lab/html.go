package lab

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
)

// The page: its text, its style and its script.
var (
	//go:embed page/page.html
	pageText string
	//go:embed page/style.css
	pageStyle string
	//go:embed page/script.js
	pageScript string

	pageTemplate = template.Must(template.New("page").Parse(pageText))
)

// WriteHTML writes a result as one page: a rally that can be played back, with all ways of drawing beside the server's
// state; how many targets each variant meets, the tables, and charts of each measure.
//
// The page is self-contained: it loads nothing, and its content security policy forbids loading. Without its script,
// and on paper, it shows everything one below the other. The same result gives the same bytes.
func WriteHTML(w io.Writer, r Result) error {
	if err := pageTemplate.Execute(w, newPage(&r)); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// page is the data of the template.
type page struct {
	Style  template.CSS
	Script template.JS

	Own      bool   // the page is of a match of one's own
	Length   string // how much was played
	Over     string // the networks of the summary
	Summary  []summaryLine
	Views    []viewPart
	Filter   int // the view that is shown first
	Networks []networkPart
	Measures []measurePart
	Rallies  []rallyPart
}

// A viewPart is what the page shows of a variant: how many targets it meets, and all its figures.
type viewPart struct {
	ID          int // its index, which selects its colour
	Name, Words string
	Met, Of     int // targets that are met, and all that are judged
	TooShort    int // targets that are not judged
	Misses      []string
	Tables      []figureTable
}

// A networkPart is what the page shows of a profile.
type networkPart struct{ Name, Title, Words string }

// A measurePart is what the page shows of a measure: the variants side by side.
type measurePart struct {
	ID int
	Named
	Charts        []template.HTML
	Tables        []figureTable
	Distributions []template.HTML
}

func newPage(r *Result) *page {
	p := &page{Style: template.CSS(pageStyle), Script: template.JS(pageScript), Own: r.Own != "", Length: lengthOf(r)}
	rows := r.index()
	p.Over, p.Summary = summary(r, rows)
	for i, name := range r.Views {
		v := viewPart{ID: i, Name: name, Words: wordsOf(name), Tables: viewTables(r, rows, name)}
		v.count(r)
		p.Views = append(p.Views, v)
	}
	p.Filter = max(0, slices.Index(r.Views, Filter.String()))
	for _, n := range r.Profiles {
		words := networkWords(n.Name)
		if r.Own != "" {
			words = n.Definition
		}
		p.Networks = append(p.Networks, networkPart{n.Name, n.Title, words})
	}
	for _, m := range r.Measures {
		if part, any := newMeasurePart(r, rows, m); any {
			part.ID = len(p.Measures)
			p.Measures = append(p.Measures, part)
		}
	}
	for i := range r.Rallies {
		if len(r.Rallies[i].Truth) > 1 {
			p.Rallies = append(p.Rallies, newRallyPart(len(p.Rallies), &r.Rallies[i], r.Views))
		}
	}
	return p
}

// newMeasurePart collects all figures of a measure; any is false if there are none.
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

// measured returns the profiles on which there is a figure of a measure, for any variant.
func measured(r *Result, rows map[key]*Row, profiles []Named, measure string) (some []Named) {
	for _, p := range profiles {
		if slices.ContainsFunc(r.Views, func(view string) bool { return rows[key{p.Name, view, measure}] != nil }) {
			some = append(some, p)
		}
	}
	return some
}
