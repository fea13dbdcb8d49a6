package lab

import (
	"fmt"
	"strings"
)

// summaryMeasures are the measures that players notice first. The page begins with them, because a count of met
// targets gives all measures the same weight, and a picture that is late everywhere jumps nowhere.
var summaryMeasures = []string{"contradictions", "verdicts", "ball_jumps", "opponent_jumps", "corrections"}

// A summaryLine is a line of the first table of the page: a measure, and its mean over networks for each variant.
type summaryLine struct {
	Named
	Means []string
}

// summary returns the first table, over the networks that have targets, or over all if none has.
func summary(r *Result, rows map[key]*Row) (over string, lines []summaryLine) {
	if len(r.Profiles) == 0 {
		return "", nil
	}
	profiles := groups(r.Profiles)[0]
	names := make([]string, len(profiles))
	for i, p := range profiles {
		names[i] = p.Name
	}
	for _, name := range summaryMeasures {
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

// meanOver returns the mean of a measure over networks.
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

// count counts the targets of a variant and those that it meets.
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
		if row.TooShort {
			v.TooShort++
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
