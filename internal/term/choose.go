//go:build !js

package term

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/front"
)

// relistEvery is how often the list of matches is renewed while it is on the
// screen.
const relistEvery = time.Second

// toMenu goes back to the menu of the server, open at the page that it was left
// at.
func (m *model) toMenu() {
	m.drop()
	if m.menu == nil || m.menu.Address() != m.want.Address {
		m.menu = front.NewMenu(m.want.Address, m.want.Name, m.cfg.Alone && m.want.Address == m.cfg.Want.Address)
	}
	m.screen, m.asked, m.relist = screenMenu, true, time.Time{}
}

// pressInMenu moves in the menu, until something is chosen or it is left.
func (m *model) pressInMenu(k tea.Key) tea.Cmd {
	m.problem = ""
	typing := m.menu.Show().Typing
	if typing && m.typeInMenu(k) {
		return nil
	}
	switch {
	case k.Code == tea.KeyEnter:
		want, done := m.menu.Enter()
		m.want.Name = m.menu.Show().Name
		if done {
			return m.dial(want)
		}
	case k.Code == tea.KeyEscape:
		if !m.menu.Back() {
			m.drop()
			m.screen = screenAddress
		}
	case k.Code == tea.KeyTab && k.Mod.Contains(tea.ModShift):
		m.menu.Step(-1)
	case k.Code == tea.KeyTab:
		m.menu.Step(1)
	case letter(k) == 'q':
		return tea.Quit
	default:
		m.menu.Step(stepOf(k))
	}
	return nil
}

// stepOf is where a key that moves the paddle moves the choice.
func stepOf(k tea.Key) int {
	switch key := steers(k); {
	case key <= keyK:
		return -1
	case key <= keyJ:
		return 1
	}
	return 0
}

// typeInMenu changes the line of a page that has one, if the key is for it.
func (m *model) typeInMenu(k tea.Key) (taken bool) {
	switch {
	case k.Code == tea.KeyBackspace:
		m.menu.Erase()
	case k.Code == 'u' && k.Mod.Contains(tea.ModCtrl):
		m.menu.Clear()
	case k.Text != "":
		m.menu.Type(k.Text)
	default:
		return false
	}
	return true
}

// askForMatches sees to it that the list of matches is asked for while it is
// looked at, and not longer.
func (m *model) askForMatches(now time.Time) tea.Cmd {
	switch {
	case m.screen != screenMenu:
		return nil
	case !m.menu.WantsList():
		if m.listing != nil {
			m.listing.cancel()
			m.listing = nil
		}
		m.relist = time.Time{}
		return nil
	case m.listing != nil || now.Before(m.relist):
		return nil
	}
	c, address := m.line.open(true), m.menu.Address()
	m.listing, m.relist = c, now.Add(relistEvery)
	return func() tea.Msg { return m.line.list(c, address) }
}

// takeList takes the list of matches.
func (m *model) takeList(l listed) {
	if l.call != m.listing {
		return // it was given up
	}
	m.listing = nil
	m.reached = m.reached || l.err == nil
	m.menu.Listed(l.matches, l.err)
}

// renderMenu draws a page of the menu. Where the rows do not all fit, the choice
// is among those that are shown.
func renderMenu(c *canvas, m front.Shown, problem string, width, height int, colour bool) string {
	c.reset(width, height)
	measure := min(width-2, 72)
	if measure < 1 {
		return ""
	}
	remark, wrong := m.Remark, m.Wrong
	if problem != "" {
		remark, wrong = problem, true
	}
	remarks := wrap(remark, measure)
	above := len(remarks) + 3 // with the title and the blanks
	if m.Typing {
		above += 2
	}
	below := 3 // the keys and the server
	rows := min(len(m.Rows), max(height-above-below, 1))
	y, left := max((height-above-rows-below)/2, 0), (width-measure)/2

	c.text(left, y, measure, m.Title, alert)
	y += 2
	for _, text := range remarks {
		s := plain
		if wrong {
			s = alert
		}
		c.text(left, y, measure, text, s)
		y++
	}
	if y++; m.Typing {
		c.text(left, y, measure, "> "+m.Text+"█", mine)
		y += 2
	}
	first := max(min(m.At-rows/2, len(m.Rows)-rows), 0)
	for i, row := range m.Rows[first : first+rows] {
		drawRow(c, row, left, y+i, measure, first+i == m.At)
	}
	keys := []string{"↑/↓: choose", "Enter: go", "Esc: back"}
	if !m.Typing {
		keys = append(keys, "q: quit")
	}
	c.text(left, y+rows+1, measure, strings.Join(keys, "   "), faint)
	c.text(left, y+rows+2, measure, "Server: "+m.Server, faint)
	return c.render(colour)
}

// drawRow draws something that can be chosen, with a mark if Enter takes it.
func drawRow(c *canvas, row front.Row, x, y, width int, chosen bool) {
	mark, s := "  ", plain
	if chosen {
		mark, s = "▸ ", bold
	}
	used := c.text(x, y, width, mark+row.Label, s)
	if row.Detail != "" {
		at := max(used+2, min(26, width/2))
		c.text(x+at, y, width-at, row.Detail, faint)
	}
}
