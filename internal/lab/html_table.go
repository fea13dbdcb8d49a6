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
	Target      string // "" if there is none
	Missed      bool
	Explanation string
}

// groups separates the profiles with a constant network from those on which something happens. A table of all of them
// would be too wide to read.
func groups(profiles []Named) (parts [][]Named) {
	var steady, eventful []Named
	for _, p := range profiles {
		if p.Name == "L1" || slices.Contains(mainProfiles, p.Name) {
			steady = append(steady, p)
		} else {
			eventful = append(eventful, p)
		}
	}
	for _, part := range [][]Named{steady, eventful} {
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}

// groupTitle returns the title of a group.
func groupTitle(profiles []Named) string {
	if p := profiles[0].Name; p == "L1" || slices.Contains(mainProfiles, p) {
		return "Constant networks"
	}
	return "Networks with events"
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
	seeds := make([]string, len(row.Seeds))
	for i, x := range row.Seeds {
		seeds[i] = brief(x)
	}
	c.Explanation = fmt.Sprintf("mean %s; worst %s, of seed %d; all seeds: %s", brief(row.Mean), brief(row.Worst),
		row.WorstSeed, strings.Join(seeds, ", "))
	if row.Target != nil {
		c.Target, c.Missed = signs(row.Target), row.Missed()
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
