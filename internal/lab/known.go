package lab

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strings"
)

// Known has figures that miss their targets, and the means that were recorded for them.
type Known map[figureName]float64

// A figureName names a figure of a variant.
type figureName struct{ profile, measure string }

// ParseKnown reads lines of the form "L2: missed 1.19". It ignores lines that begin with #.
func ParseKnown(r io.Reader) (Known, error) {
	known := make(Known)
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		var f figureName
		var mean float64
		if _, err := fmt.Sscanf(line, "%s %s %g", &f.profile, &f.measure, &mean); err != nil {
			return nil, fmt.Errorf("line %d, %q: must be like \"L2: missed 1.19\": %w", n, line, err)
		}
		f.profile = strings.TrimSuffix(f.profile, ":")
		known[f] = mean
	}
	return known, lines.Err()
}

// errorsAllowed is how many standard errors a mean may be worse than its bound. A smaller number would report chance:
// any change of a program makes it play other matches, and some forty means are close to their bounds. With the ten
// seeds of the gate, a mean that is as good as its bound is worse by this much in one of some 1400 cases (Student's t).
const errorsAllowed = 4.5

// Regressions returns the figures of a variant that are worse than their bounds, by more than chance: worse than the
// target, or than the recorded mean of a figure that is known to miss it. It returns an error if known names a figure
// that was not measured.
func (r *Result) Regressions(v Variant, known Known) (lines []string, err error) {
	measured := make(map[figureName]bool)
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.View != v.String() {
			continue
		}
		name := figureName{row.Profile, row.Measure}
		measured[name] = true
		if !row.Missed() {
			continue
		}
		bound, recorded := row.bound(), ""
		if is, ok := known[name]; ok {
			bound, recorded = row.badness(is), fmt.Sprintf(", known to be %s", brief(is))
		}
		if tolerance := errorsAllowed * standardError(row.Seeds); row.badness(row.Mean) > bound+tolerance+rounding {
			lines = append(lines, fmt.Sprintf("%s: %s is %s, want %s%s (by chance up to %s worse)",
				row.Profile, row.Measure, brief(row.Mean), row.Target, recorded, brief(tolerance)))
		}
	}
	for name := range known {
		if !measured[name] {
			return nil, fmt.Errorf("no figure %s: %s was measured", name.profile, name.measure)
		}
	}
	return lines, nil
}

// rounding is the greatest difference between a mean and the figure that tables show for it.
const rounding = 0.005

// bound returns the badness of a figure that just meets the target.
func (r *Row) bound() float64 {
	switch t := r.Target; {
	case t.Least != nil && t.Most != nil:
		return 0
	case t.Least != nil:
		return r.badness(*t.Least)
	default:
		return r.badness(*t.Most)
	}
}

// standardError returns the standard error of the mean of samples; 0 if there are fewer than two.
func standardError(samples []float64) float64 {
	if len(samples) < 2 {
		return 0
	}
	m, sum := mean(samples), 0.0
	for _, x := range samples {
		sum += (x - m) * (x - m)
	}
	n := float64(len(samples))
	return math.Sqrt(sum / (n - 1) / n)
}
