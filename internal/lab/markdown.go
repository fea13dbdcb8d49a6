package lab

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes a result as the page docs/figures.md: the definitions of all measures, and a table for each view.
// The same result gives the same bytes.
func WriteMarkdown(w io.Writer, r Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Figures\n\nWhat players see over bad networks, measured by `pong lab --seeds %d --minutes %s --baseline` on the real server and client in\n"+
		"virtual time. `make figures` writes this page anew.\n\n", r.Seeds, brief(r.Minutes))
	b.WriteString("Each cell is the mean over the seeds, the worst seed in brackets, and in the first table the target; **bold** is a target missed.\n")
	rows := r.index()
	for _, view := range r.Views {
		fmt.Fprintf(&b, "\n## The view `%s`\n", view)
		for _, part := range r.columns() {
			r.markdownTable(&b, rows, view, part)
		}
	}
	b.WriteString("\n## Definitions\n\n")
	for _, m := range r.Measures {
		fmt.Fprintf(&b, "- **%s** (%s): %s\n", m.Title, m.Unit, oneLine(m.Definition))
	}
	b.WriteString("\n## Networks\n\n")
	for _, p := range r.Profiles {
		fmt.Fprintf(&b, "- **%s** %s. %s\n", p.Name, p.Title, oneLine(p.Definition))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}

// columns splits the profiles into those of the main table, L0 to L7, and the others.
func (r *Result) columns() (parts [2][]Named) {
	for _, p := range r.Profiles {
		i := 1
		if len(p.Name) == 2 && p.Name <= "L7" {
			i = 0
		}
		parts[i] = append(parts[i], p)
	}
	return parts
}

func (r *Result) markdownTable(b *strings.Builder, rows map[key]*Row, view string, profiles []Named) {
	if len(profiles) == 0 {
		return
	}
	b.WriteString("\n| |")
	for _, p := range profiles {
		b.WriteString(" " + p.Name + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(profiles)) + "\n")
	for _, m := range r.Measures {
		line, any := "| "+m.Title+", "+m.Unit+" |", false
		for _, p := range profiles {
			row := rows[key{p.Name, view, m.Name}]
			cell := row.text(false)
			if view == Filter.String() && row != nil && row.Target != nil {
				if cell += " " + row.Target.String(); row.Missed() {
					cell = "**" + cell + "**"
				}
			}
			line, any = line+" "+cell+" |", any || row != nil
		}
		if any {
			b.WriteString(line + "\n")
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
