//go:build !js

package term

import (
	"fmt"
	"strings"
	"time"

	"pong/internal/front"
	"pong/internal/names"
)

// The lines of the table: above the matches a rule, the title, the link, two lines of figures and the heads of the
// columns; below them the keys.
const (
	operatorAbove = 6
	operatorBelow = 1
	leastLog      = 6 // lines for the log, on a terminal of usual height
)

// rows returns the number of matches that fit. On a low terminal they take space from the log.
func (m *operator) rows() int {
	return max(m.height-operatorAbove-operatorBelow-min(leastLog, m.height/4), 1)
}

// tall returns the number of lines of the table. It grows with the matches, so that an idle server leaves the space to
// the log.
func (m *operator) tall() int {
	if m.picture {
		return min(strings.Count(m.cfg.QR, "\n")+3, m.height-1)
	}
	return min(operatorAbove+min(m.rows(), max(m.known.Matches, 1))+operatorBelow, max(m.height-1, 1))
}

// draw returns the text of the table.
func (m *operator) draw() string {
	if m.width == 0 {
		return ""
	}
	c := &m.canvas
	c.reset(m.width, m.tall())
	c.ascii = m.palette.ascii
	if m.picture {
		m.drawPicture(c)
	} else {
		m.drawTable(c)
	}
	m.drawKeys(c, c.height-1)
	return c.render(m.palette)
}

func (m *operator) drawTable(c *canvas) {
	k := &m.known
	c.text(0, 0, c.width, strings.Repeat("─", c.width), faint)
	up := "up " + clock(k.Uptime)
	c.text(0, 1, c.width-len(up)-1, m.cfg.Title, bold)
	c.text(c.width-len(up), 1, len(up), up, plain)
	c.text(0, 2, c.width, m.link(c.width), plain)
	cpu := "-"
	if k.CPU >= 0 {
		cpu = fmt.Sprintf("%.0f%%", 100*k.CPU)
	}
	x := c.text(0, 3, c.width, fmt.Sprintf("%d %s, %d %s   CPU %s   ticks late %s (p99)",
		k.Matches, plural(k.Matches, "match", "matches"), k.Players, plural(k.Players, "player", "players"), cpu,
		millis(k.Lateness)), plain)
	if k.Denied > 0 {
		c.text(x, 3, c.width-x, fmt.Sprintf("   denied: %d/s", k.Denied), alert)
	}
	x = c.text(0, 4, c.width, fmt.Sprintf("datagrams a second: %d in, %d out", k.In, k.Out), plain)
	if k.Dropped > 0 {
		x += c.text(x, 4, c.width-x, fmt.Sprintf(", %d dropped", k.Dropped), alert)
	}
	if k.Skipped > 0 {
		x += c.text(x, 4, c.width-x, fmt.Sprintf(", overloaded: %d STATEs left out", k.Skipped), alert)
	}
	m.drawWorst(c, x, 4)
	l := m.columns()
	l.line(c, 5, [6]string{"match", "left", "right", "score", "state", "round trip, loss"}, faint)
	for i := range m.visible() {
		m.drawRow(c, l, operatorAbove+i, &k.Rows[i])
	}
	if len(k.Rows) == 0 {
		c.text(0, operatorAbove, c.width, "no match yet", faint)
	}
}

// drawWorst writes the address prefixes that cause most refusals.
func (m *operator) drawWorst(c *canvas, x, y int) {
	for i, w := range m.known.Worst {
		before := ", "
		if i == 0 {
			before = "   most refused: "
		}
		x += c.text(x, y, c.width-x, before, alert)
		text, s := fmt.Sprintf("%s (%d)", w.Prefix, w.Count), m.marked(target{prefix: w.Prefix}, alert)
		x += c.text(x, y, c.width-x, text, s)
	}
}

// marked returns the style of a target: reversed if it is the one that the operator chooses.
func (m *operator) marked(t target, s style) style {
	if m.chosen(t) {
		return s | reverse
	}
	return s
}

// visible returns the number of rows that are drawn.
func (m *operator) visible() int {
	return max(min(len(m.known.Rows), m.tall()-operatorAbove-operatorBelow), 0)
}

func (m *operator) drawRow(c *canvas, l layout, y int, r *OperatorRow) {
	var links [2]string
	for i := range links {
		links[i] = "-"
		if r.Names[i] != "" {
			links[i] = fmt.Sprintf("%s %.1f%%", millis(r.RTT[i]), 100*r.Loss[i])
		}
	}
	s := plain
	if r.State == "paused" {
		s = alert
	}
	l.line(c, y, [6]string{
		r.Match, l.seat(r, 0, c.ascii), l.seat(r, 1, c.ascii), fmt.Sprintf("%d:%d", r.Score[0], r.Score[1]), r.State,
		links[0] + "  " + links[1],
	}, s)
	for i, id := range r.IDs {
		if id != "" && m.chosen(target{id: id}) {
			c.text(l[1+i], y, l[2+i]-l[1+i]-1, l.seat(r, i, c.ascii), s|reverse)
		}
	}
}

// A layout has the columns at which the columns of the table begin, and at which the last one ends.
type layout [7]int

// columns returns the layout. The names get the width that the other columns leave.
func (m *operator) columns() (l layout) {
	const match, score, state, links = 7, 8, 9, 28
	name := min(max((m.width-match-score-state-links)/2, 6), 17)
	for i, w := range [6]int{match, name, name, score, state, links} {
		l[i+1] = l[i] + w
	}
	return l
}

func (l layout) line(c *canvas, y int, words [6]string, s style) {
	for i, word := range words {
		width := l[i+1] - l[i] - 1
		if i == len(words)-1 {
			width = c.width - l[i]
		}
		c.text(l[i], y, width, word, s)
	}
}

// link returns the first join link that fits a width, or else the last one.
func (m *operator) link(width int) string {
	for i, l := range m.cfg.Links {
		if len(l) <= width || i == len(m.cfg.Links)-1 {
			return l
		}
	}
	return ""
}

func (m *operator) drawPicture(c *canvas) {
	lines := strings.Split(strings.TrimRight(m.cfg.QR, "\n"), "\n")
	if len(lines) > c.height-1 || columns(lines[0]) > c.width {
		c.text(0, 0, c.width, fmt.Sprintf("The QR code needs a terminal of %d by %d.",
			columns(lines[0]), len(lines)+2), alert)
		c.text(0, 1, c.width, m.link(c.width), plain)
		return
	}
	for y, line := range lines {
		c.text(0, y, c.width, line, plain)
	}
}

// drawKeys writes what the operator can do, and what is waiting for the operator.
func (m *operator) drawKeys(c *canvas, y int) {
	k := &m.known
	x := 0
	if asked := m.prompt(); asked != "" {
		c.text(0, y, c.width, asked, bold)
		return
	}
	if m.said != "" {
		c.text(0, y, c.width, m.said, bold)
		return
	}
	add := func(text string, s style) { x += c.text(x, y, c.width-x, text, s) }
	switch {
	case m.ending:
		add("Ending once the points in play are over. q: end now", alert)
		return
	case k.Waiting == 1:
		add("All 2 players connected: Enter starts", alert)
	case k.Waiting > 1:
		add(fmt.Sprintf("%d matches have all 2 players connected: Enter starts them", k.Waiting), alert)
	case m.cfg.Start != nil:
		add("Enter: start", plain)
	case k.Matches <= m.visible() || m.picture:
		add("matches start by themselves", faint)
	}
	if m.cfg.QR != "" {
		add("   l: QR code", plain)
	}
	if k.Matches > m.visible() && !m.picture {
		add(fmt.Sprintf("   PgUp, PgDn: %d-%d of %d", m.from+1, m.from+m.visible(), k.Matches), plain)
	}
	if m.cfg.Kick != nil && m.cfg.Ban != nil {
		add("   k: kick   b: ban", plain)
	}
	add("   q: end", plain)
}

// seat returns the name of a player, with notes that remain when a long name is cut: on letters that are not what they
// seem, and on the side of a name that is written from right to left, because some terminals reorder such names.
func (l layout) seat(r *OperatorRow, player int, ascii bool) string {
	name, note := r.Names[player], ""
	switch {
	case name == "":
		return "-"
	case names.Mixed(name):
		note = " (mixed)"
	case names.RightToLeft(name):
		note = " (" + front.Side(player) + ")"
	}
	if ascii {
		name = names.ASCII(name)
	}
	return shorten(name, l[2+player]-l[1+player]-1-len(note)) + note
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// millis returns a duration in milliseconds, with one decimal below 10.
func millis(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 10 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// clock returns a duration in hours, minutes and seconds.
func clock(d time.Duration) string {
	s := int(d / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
