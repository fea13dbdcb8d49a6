package lab

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// WriteMarkdown writes a result as the page docs/figures.md: a table for each variant, and the definitions of all
// measures. The same result gives the same bytes.
func WriteMarkdown(w io.Writer, r Result) error {
	var b strings.Builder
	b.WriteString("# Figures\n\n")
	markdownText(&b, "", fmt.Sprintf("This page has the figures of the laboratory: `pong lab --seeds %d --minutes %s "+
		"--baseline` measured them with the real server and client in virtual time. `make figures` generates the page.",
		r.Seeds, brief(r.Minutes)))
	b.WriteString("\n")
	markdownText(&b, "", "Each cell has the mean over the seeds, the worst seed in brackets, and in the first view "+
		"the target; a missed target is **bold**.")
	rows := r.index()
	for _, view := range r.Views {
		fmt.Fprintf(&b, "\n## The view `%s`\n", view)
		for _, part := range r.columns() {
			r.markdownTable(&b, rows, view, part)
		}
	}
	b.WriteString("\n## Definitions\n\n")
	for _, m := range r.Measures {
		markdownText(&b, "- ", fmt.Sprintf("**%s** (%s): %s", m.Title, m.Unit, m.Definition))
	}
	b.WriteString("\n## Networks\n\n")
	for _, p := range r.Profiles {
		markdownText(&b, "- ", fmt.Sprintf("**%s** %s. %s", p.Name, p.Title, networkWords(p.Name)))
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

// markdownText writes a paragraph in lines of at most markdownColumns, after a bullet if it is one of a list.
func markdownText(b *strings.Builder, bullet, text string) {
	line := bullet
	for _, word := range strings.Fields(text) {
		if len(line) > len(bullet) && utf8.RuneCountInString(line+" "+word) > markdownColumns {
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", len(bullet))
		}
		if len(line) > len(bullet) {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}

const markdownColumns = 120
