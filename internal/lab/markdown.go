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
	markdownText(&b, "", fmt.Sprintf("This page has the figures of the laboratory: `%s` measured them with the real "+
		"server and client in virtual time. `make figures` generates the page with all views.", r.command()))
	b.WriteString("\n")
	markdownText(&b, "", "Each cell has the mean over the seeds, the worst seed in brackets, and in the first view "+
		"the target; a missed target is **bold**. Behind ± is the standard error of the mean. The first view is "+
		"played twice where there are losses or stalls: packet by packet, and on L1t, L2t and so on in time. The "+
		"bounds are the same in time, but for 1.6 times the jumps of the opponent's paddle, a tick more between the "+
		"two times and 20 ms more to the opponent's picture. On L14 matches are three times as long, and in the first "+
		"view there are three times as many seeds.")
	rows := r.index()
	for _, view := range r.Views {
		fmt.Fprintf(&b, "\n## The view `%s`\n", view)
		for _, part := range groups(r.Profiles) {
			r.markdownTable(&b, rows, view, part)
		}
	}
	b.WriteString("\n## Definitions\n\n")
	for _, m := range r.Measures {
		markdownText(&b, "- ", fmt.Sprintf("**%s** (`%s`, %s): %s", m.Title, m.Name, m.Unit, m.Explained()))
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

// command returns the command line that has the result.
func (r *Result) command() string {
	line := fmt.Sprintf("pong lab --seeds %d --minutes %s", r.Seeds, brief(r.Minutes))
	if r.First > 1 {
		line += fmt.Sprintf(" --seed %d", r.First)
	}
	if views := strings.Join(r.Views, ","); views != "filter,predict,interp,original" {
		return line + " --views " + views
	}
	return line + " --baseline"
}

func (r *Result) markdownTable(b *strings.Builder, rows map[key]*Row, view string, profiles []Named) {
	fmt.Fprintf(b, "\n%s:\n\n| |", groupTitle(profiles))
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
				if cell += " " + row.Target.String(); row.Missed() && !row.TooShort {
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
