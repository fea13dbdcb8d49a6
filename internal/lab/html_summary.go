package lab

import (
	"fmt"
	"strings"
)

// telltales are the measures of what a player notices first. The page begins with them, because a count of targets takes
// all measures for equal: a picture that is late everywhere jumps nowhere.
var telltales = []string{"contradictions", "verdicts", "ball_jumps", "opponent_jumps", "corrections"}

// summaryLine is a line of the first table of the page: a measure, and its mean over networks in each view.
type summaryLine struct {
	Named
	Means []string
}

// summary makes the first table. Taken are the networks of the table of targets, or all if there is none of them.
func summary(r *Result, rows map[key]*Row) (over string, lines []summaryLine) {
	if len(r.Profiles) == 0 {
		return "", nil
	}
	profiles := groups(r.Profiles)[0]
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	for _, name := range telltales {
		for _, m := range r.Measures {
			if m.Name != name {
				continue
			}
			line := summaryLine{Named: m}
			for _, view := range r.Views {
				line.Means = append(line.Means, meanOver(profiles, view, m.Name, rows))
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(names, ", "), lines
}

// meanOver is the mean of a measure over networks.
func meanOver(profiles []Named, view, measure string, rows map[key]*Row) string {
	var means []float64
	for _, p := range profiles {
		if row := rows[key{p.Name, view, measure}]; row != nil {
			means = append(means, row.Mean)
		}
	}
	if len(means) == 0 {
		return "–"
	}
	return short3(mean(means))
}

// count counts the targets of a view and those that it meets.
func (v *viewPart) count(r *Result) {
	measures := map[string]Named{}
	for _, m := range r.Measures {
		measures[m.Name] = m
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.View != v.Name || row.Target == nil {
			continue
		}
		v.Of++
		if !row.Missed() {
			v.Met++
			continue
		}
		m := measures[row.Measure]
		v.Misses = append(v.Misses, fmt.Sprintf("%s: %s: %s %s, target %s (seed %d: %s)",
			row.Profile, m.Title, figures(row.Mean), m.Unit, signs(row.Target), row.WorstSeed, figures(row.Worst)))
	}
}
