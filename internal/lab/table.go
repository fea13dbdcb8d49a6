package lab

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// WriteText writes a result as tables for people: one for each variant, with measures down and profiles across. Each
// cell has the mean over the seeds, the worst seed in brackets, and for the variant filter the target, marked if it is
// missed.
func WriteText(w io.Writer, r Result) error {
	fmt.Fprintf(w, "%d seeds of %v minutes; the mean, and the worst seed in brackets\n", r.Seeds, r.Minutes)
	if slices.ContainsFunc(r.Rows, func(row Row) bool { return row.TooShort }) {
		fmt.Fprintf(w, "too short to judge: a target is judged where %v or more minutes are played\n",
			leastJudged.Minutes())
	}
	rows := r.index()
	for _, view := range r.Views {
		fmt.Fprintf(w, "\n%s\n", view)
		t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		head := []string{""}
		for _, p := range r.Profiles {
			head = append(head, p.Name)
		}
		fmt.Fprintln(t, strings.Join(head, "\t"))
		for _, m := range r.Measures {
			line, any := []string{m.Title + ", " + m.Unit}, false
			for _, p := range r.Profiles {
				row := rows[key{p.Name, view, m.Name}]
				line, any = append(line, row.text(view == Filter.String())), any || row != nil
			}
			if any {
				fmt.Fprintln(t, strings.Join(line, "\t"))
			}
		}
		if err := t.Flush(); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	return nil
}

// A key identifies a row.
type key struct{ profile, view, measure string }

func (r *Result) index() map[key]*Row {
	rows := make(map[key]*Row, len(r.Rows))
	for i := range r.Rows {
		row := &r.Rows[i]
		rows[key{row.Profile, row.View, row.Measure}] = row
	}
	return rows
}

// text returns a cell of the table.
func (r *Row) text(target bool) string {
	if r == nil {
		return "-"
	}
	s := brief(r.Mean)
	if r.withError {
		s += " ± " + brief(r.Error)
	}
	s += " (" + brief(r.Worst) + ")"
	if target && r.Target != nil {
		s += " " + r.Target.String()
		if r.Missed() && !r.TooShort {
			s += " MISSED"
		}
	}
	return s
}

// brief formats a figure with at most two digits after the point.
func brief(x float64) string {
	s := strconv.FormatFloat(x, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Misses returns the figures of a variant that miss their targets, one per line.
func (r *Result) Misses(v Variant) (lines []string) {
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.View == v.String() && row.Missed() {
			lines = append(lines, fmt.Sprintf("%s: %s is %s, want %s (worst %s, seed %d)",
				row.Profile, row.Measure, brief(row.Mean), row.Target, brief(row.Worst), row.WorstSeed))
		}
	}
	return lines
}
