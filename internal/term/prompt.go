//go:build !js

package term

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"pong/internal/dial"
)

// prompt is the line in which a person types the server's address.
type prompt struct {
	typed   []rune
	problem string // why the last address did not do
}

// longest is how much can be typed: more than a join link needs.
const longest = 512

// press takes a key. Done says that there is an address to dial, left that the
// person does not want to give one.
func (p *prompt) press(k tea.Key) (done, left bool) {
	switch {
	case k.Code == tea.KeyEscape:
		return false, true
	case k.Code == tea.KeyEnter:
		if p.text() != "" {
			p.problem = ""
			return true, false
		}
		p.problem = "Type a name or address, or paste a pong:// link."
	case k.Code == tea.KeyBackspace && len(p.typed) > 0:
		p.typed = p.typed[:len(p.typed)-1]
	case k.Code == 'u' && k.Mod.Contains(tea.ModCtrl):
		p.typed = nil
	default:
		p.insert(k.Text)
	}
	return false, false
}

// insert adds text, as far as it is printable and there is room.
func (p *prompt) insert(text string) {
	for _, char := range text {
		if unicode.IsPrint(char) && len(p.typed) < longest {
			p.typed = append(p.typed, char)
		}
	}
}

// text is what was typed, without blanks around it.
func (p *prompt) text() string { return strings.TrimSpace(string(p.typed)) }

// render draws the prompt. A long address shows its end, where the person types.
func (p *prompt) render(c *canvas, width, height int, colour bool) string {
	from := len(p.typed)
	for room := width - 5; from > 0 && cells(p.typed[from-1]) <= room; from-- {
		room -= cells(p.typed[from-1])
	}
	return renderPage(c, width, height, colour, "Server address", "> "+string(p.typed[from:])+"█", p.problem, "Enter: connect   Esc: quit")
}

// renderQuestion draws the question whether to trust an unknown server.
func renderQuestion(c *canvas, q dial.Question, width, height int, colour bool) string {
	return renderPage(c, width, height, colour,
		"Unknown server "+q.Host,
		"Its fingerprint is",
		halved(q.Fingerprint),
		"If whoever runs the server has told you the same one, it is theirs. If not, somebody may be in between.",
		"Trust it?  y: yes   Enter: no (default)",
	)
}

// halved breaks a fingerprint between two of its groups, so that it can be compared
// by eye.
func halved(fingerprint string) string {
	groups := strings.Split(fingerprint, ":")
	if len(groups) < 10 {
		return fingerprint
	}
	middle := (len(groups) + 1) / 2
	return strings.Join(groups[:middle], ":") + ":\n" + strings.Join(groups[middle:], ":")
}

// renderPage draws a page of text: a headline and paragraphs, in the middle of
// the screen and one blank line apart where there is room for that.
func renderPage(c *canvas, width, height int, colour bool, head string, paragraphs ...string) string {
	c.reset(width, height)
	measure := min(width-2, 72)
	if measure < 1 {
		return ""
	}
	lines := wrap(head, measure)
	heads := len(lines)
	for _, text := range paragraphs {
		if text != "" {
			lines = append(append(lines, ""), wrap(text, measure)...)
		}
	}
	if len(lines) > height {
		lines = compact(lines)
	}
	left, top := (width-measure)/2, max((height-len(lines))/2, 0)
	for i, line := range lines {
		s := plain
		if i < heads {
			s = alert
		}
		c.text(left, top+i, measure, line, s)
	}
	return c.render(colour)
}

// compact leaves out the blank lines.
func compact(lines []string) []string {
	kept := lines[:0]
	for _, line := range lines {
		if line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}
