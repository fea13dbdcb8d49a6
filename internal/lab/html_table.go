package lab

import (
	"fmt"
	"slices"
	"strings"
)

// A figureTable is a table of figures with profiles across.
type figureTable struct {
	Title    string
	Profiles []Named
	Lines    []figureLine
}

// A figureLine is a line of it: one of the measures, or one of the variants.
type figureLine struct {
	ID int // the variant's, if the line is one
	Named
	Cells []figureCell
}

// A figureCell is the figure of one profile.
type figureCell struct {
	Mean, Worst string // "" if nothing was measured
	Error       string // "± 0.8" where the standard error is shown
	Target      string // "" if there is none
	Missed      bool
	TooShort    bool // too little was played to judge the target
	Explanation string
}

// A group is one of the parts into which profiles are divided for tables. A table of all of them would be too wide to
// read.
type group uint8

const (
	steadyNetworks group = iota
	eventfulNetworks
	steadyInTime // losses and stalls in time
	eventfulInTime
)

// groupOf returns the group of a profile.
func groupOf(profile string) (g group) {
	name, inTime := strings.CutSuffix(profile, inTimeMark)
	if g = eventfulNetworks; name == "L1" || slices.Contains(mainProfiles, name) {
		g = steadyNetworks
	}
	if inTime {
		g += steadyInTime
	}
	return g
}

// groups divides profiles by their groups.
func groups(profiles []Named) (parts [][]Named) {
	var all [eventfulInTime + 1][]Named
	for _, p := range profiles {
		g := groupOf(p.Name)
		all[g] = append(all[g], p)
	}
	for _, part := range all {
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// groupTitle returns the title of a group.
func groupTitle(profiles []Named) string {
	return [...]string{"Constant networks", "Networks with events", "Constant networks, losses and stalls in time",
		"Networks with events, losses and stalls in time"}[groupOf(profiles[0].Name)]
}

// viewTables returns the tables of all measures of one variant.
func viewTables(r *Result, rows map[key]*Row, view string) (tables []figureTable) {
	for _, profiles := range groups(r.Profiles) {
		t := figureTable{Title: groupTitle(profiles), Profiles: profiles}
		for _, m := range r.Measures {
			line := figureLine{Named: m}
			if line.fill(rows, profiles, view, m.Name) {
				t.Lines = append(t.Lines, line)
			}
		}
		tables = append(tables, t)
	}
	return tables
}

// measureTables returns the tables of all variants of one measure.
func measureTables(r *Result, rows map[key]*Row, measure string) (tables []figureTable) {
	for _, profiles := range groups(r.Profiles) {
		profiles = measured(r, rows, profiles, measure)
		t := figureTable{Profiles: profiles}
		for i, view := range r.Views {
			line := figureLine{ID: i, Named: Named{Name: view, Title: view}}
			if line.fill(rows, profiles, view, measure) {
				t.Lines = append(t.Lines, line)
			}
		}
		if len(t.Lines) > 0 {
			t.Title = groupTitle(profiles)
			tables = append(tables, t)
		}
	}
	return tables
}

// fill makes the cells of a line, and reports whether there is a figure in any of them.
func (l *figureLine) fill(rows map[key]*Row, profiles []Named, view, measure string) (any bool) {
	for _, p := range profiles {
		row := rows[key{p.Name, view, measure}]
		l.Cells = append(l.Cells, newCell(row))
		any = any || row != nil
	}
	return any
}

func newCell(row *Row) (c figureCell) {
	if row == nil {
		return c
	}
	c.Mean, c.Worst = figures(row.Mean), figures(row.Worst)
	if row.withError {
		c.Error = "± " + figures(row.Error)
	}
	seeds := make([]string, len(row.Seeds))
	for i, x := range row.Seeds {
		seeds[i] = brief(x)
	}
	c.Explanation = fmt.Sprintf("mean %s, standard error %s; worst %s, of seed %d; all seeds: %s", brief(row.Mean),
		brief(row.Error), brief(row.Worst), row.WorstSeed, strings.Join(seeds, ", "))
	if row.Target != nil {
		c.Target, c.TooShort = signs(row.Target), row.TooShort
		c.Missed = row.Missed() && !row.TooShort
	}
	return c
}

// figures formats a figure for a quick look: two digits after the point, fewer if it is large. -0 is 0.
func figures(x float64) string {
	switch s := brief(x); {
	case s == "-0":
		return "0"
	case x >= 1000 || x <= -1000:
		return fmt.Sprintf("%.0f", x)
	case x >= 100 || x <= -100:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0")
	default:
		return s
	}
}
