//go:build !js

package term

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// acts returns a table with actions, which it notes.
func acts(matches int) (m *operator, done *[]string) {
	m, done = operatorOf(matches), new([]string)
	m.cfg.Kick = func(id string) bool {
		*done = append(*done, "kick "+id)
		return id != "gone"
	}
	m.cfg.CountFrom = func(prefix string) (players, watchers int) { return 3, 1 }
	m.cfg.Ban = func(prefix string) (players, watchers int, err error) {
		*done = append(*done, "ban "+prefix)
		return 3, 1, nil
	}
	m.sized(100, 24)
	return m, done
}

// keys presses keys one after the other, and lets what each begins end before the next: a command that gives an answer
// at once, in contrast to one that waits.
func (m *operator) keys(keys ...rune) {
	for _, k := range keys {
		cmd := m.press(tea.Key{Code: k})
		if step := m.action.step; cmd != nil && (step == counting || step == acting) {
			m.Update(cmd())
		}
	}
}

// lastLine returns the line of the keys.
func (m *operator) lastLine() string {
	lines := strings.Split(m.draw(), "\n")
	return lines[len(lines)-1]
}

func TestOperator_Kick(t *testing.T) {
	m, done := acts(3)
	m.keys('k', tea.KeyDown, tea.KeyDown, tea.KeyDown)
	if want := "Kick ソクラテス (2001:db8:1:2::/64), match m2?"; !strings.Contains(m.lastLine(), want) {
		t.Errorf("three steps down it asks %q, want %q", m.lastLine(), want)
	}
	m.keys(tea.KeyEnter)
	if !strings.Contains(m.lastLine(), "(y/n)?") || len(*done) != 0 {
		t.Errorf("after Enter it asks %q and has done %v, want a question and nothing", m.lastLine(), *done)
	}
	m.keys('y')
	if fmt.Sprint(*done) != "[kick right2]" || !strings.Contains(m.lastLine(), "Kicked ソクラテス") {
		t.Errorf("after y it has done %v and says %q, want a kick of right2", *done, m.lastLine())
	}
	m.keys('x')
	if !strings.Contains(m.lastLine(), "k: kick   b: ban   q: end") {
		t.Errorf("after another key the last line is %q, want the keys", m.lastLine())
	}
}

// TestOperator_BanOfTheWorstPrefix is two keys and a y away, and says beforehand whom it removes.
func TestOperator_BanOfTheWorstPrefix(t *testing.T) {
	for _, test := range []struct{ file, before, after string }{
		{"", "Ban 10.0.0.7 (y/n)? It removes 3 players and 1 watcher, until the server ends.",
			"Banned 10.0.0.7. It has removed 3 players and 1 watcher, and lasts until the server ends."},
		{"/etc/deny", "Ban 10.0.0.7 (y/n)? It removes 3 players and 1 watcher, and is written to /etc/deny.",
			"Banned 10.0.0.7. It has removed 3 players and 1 watcher, and is written to /etc/deny."},
	} {
		m, done := acts(2)
		m.cfg.DenyFile = test.file
		m.known.Worst = []OperatorPrefix{{"10.0.0.7", 812}, {"10.0.0.8", 9}}
		m.keys('b', tea.KeyEnter)
		if !strings.Contains(m.lastLine(), test.before) || len(*done) != 0 {
			t.Errorf("before the ban it has done %v and asks %q, want %q", *done, m.lastLine(), test.before)
		}
		m.keys('y')
		if fmt.Sprint(*done) != "[ban 10.0.0.7]" || !strings.Contains(m.lastLine(), test.after) {
			t.Errorf("after y it has done %v and says %q, want %q", *done, m.lastLine(), test.after)
		}
	}
}

func TestOperator_BanOfAPlayersAddress(t *testing.T) {
	m, done := acts(2)
	m.known.Worst = []OperatorPrefix{{"10.0.0.7", 812}}
	m.known.Rows[0].Prefixes[0] = "" // not known, so not to be banned
	m.keys('b', tea.KeyDown, tea.KeyEnter, 'y')
	if fmt.Sprint(*done) != "[ban 2001:db8:1:2::/64]" {
		t.Errorf("it has done %v, want a ban of the first player whose address is known", *done)
	}
	m.cfg.Ban = func(string) (int, int, error) { return 0, 0, errors.New("disk full") }
	m.keys('b', tea.KeyEnter, 'y')
	if want := "Banned 10.0.0.7. It has removed nobody, and lasts until the server ends, because the file was not " +
		"changed: disk full"; !strings.HasPrefix(want, strings.TrimSpace(stripped(m.lastLine()))) {
		t.Errorf("after an error it says %q, want the beginning of %q", stripped(m.lastLine()), want)
	}
}

// stripped returns a line without escape sequences.
func stripped(line string) string {
	for {
		begin := strings.IndexByte(line, 0x1b)
		if begin < 0 {
			return line
		}
		line = line[:begin] + line[begin+strings.IndexByte(line[begin:], 'm')+1:]
	}
}

// TestOperator_EverythingButYDoesNothing: Escape, n, q and Enter lead back at every step, and q does not end the
// server.
func TestOperator_EverythingButYDoesNothing(t *testing.T) {
	for _, keys := range [][]rune{
		{'k', tea.KeyEscape}, {'k', 'q'}, {'b', 'n'}, {'k', tea.KeyEnter, 'n'}, {'b', tea.KeyEnter, tea.KeyEnter},
		{'b', tea.KeyEnter, 'q'}, {'k', tea.KeyEnter, tea.KeyEscape}, {'b', 'y', tea.KeyEscape},
	} {
		m, done := acts(2)
		ended := false
		m.cfg.Quit = func() { ended = true }
		m.keys(keys...)
		if m.action.step != noAction || len(*done) > 0 || ended {
			t.Errorf("the keys %q lead to step %d, have done %v, and ended the server: %v; want nothing", keys,
				m.action.step, *done, ended)
		}
	}
	m, _ := acts(2)
	ended := false
	m.cfg.Quit = func() { ended = true }
	m.keys('b')
	if m.press(tea.Key{Code: 'c', Mod: tea.ModCtrl}); !ended {
		t.Error("Ctrl-C does not end the server while the operator chooses")
	}
}

// TestOperator_TargetStays the same while the table changes: the one that was confirmed is removed, and no other one
// that has taken its place.
func TestOperator_TargetStays(t *testing.T) {
	m, done := acts(3)
	m.keys('k', tea.KeyDown, tea.KeyDown) // left2
	fewer := operatorOf(3).known
	fewer.Rows = fewer.Rows[1:]
	m.Update(looked(fewer))
	if m.action.on.id != "left2" {
		t.Errorf("when a match above has gone, %q is chosen, want left2", m.action.on.id)
	}
	m.keys(tea.KeyEnter)
	m.Update(looked(operatorOf(1).known))
	m.keys('y')
	if fmt.Sprint(*done) != "[kick left2]" {
		t.Errorf("it has done %v, want a kick of left2, which was confirmed", *done)
	}
	m.keys('k')
	m.action.on.id = "gone"
	m.keys(tea.KeyEnter, 'y')
	if !strings.Contains(m.lastLine(), "has left already") {
		t.Errorf("about a player who has left it says %q", m.lastLine())
	}
	m.keys('k')
	m.Update(looked(operatorOf(0).known))
	if m.action.step != noAction {
		t.Error("with nobody left the operator still chooses")
	}
	if m.keys('b'); !strings.Contains(m.lastLine(), "nobody to kick or ban") {
		t.Errorf("with nobody there it says %q", m.lastLine())
	}
}

// TestOperator_TargetIsMarked in the table as well as named in the last line.
func TestOperator_TargetIsMarked(t *testing.T) {
	m, _ := acts(2)
	m.known.Worst = []OperatorPrefix{{"10.0.0.7", 812}}
	marked := func() string {
		for line := range strings.Lines(m.draw()) {
			if strings.Contains(line, ";7m") {
				return stripped(line)
			}
		}
		return ""
	}
	if got := marked(); got != "" {
		t.Errorf("without a choice %q is marked", got)
	}
	if m.keys('b'); !strings.Contains(marked(), "10.0.0.7 (812)") {
		t.Errorf("the worst prefix is chosen, and the line %q is marked", marked())
	}
	if m.keys(tea.KeyDown); !strings.Contains(marked(), "m1 ") {
		t.Errorf("a player of m1 is chosen, and the line %q is marked", marked())
	}
}

// TestOperator_SaidIsForgotten after a while, but not what was said since.
func TestOperator_SaidIsForgotten(t *testing.T) {
	m, _ := acts(0)
	m.say("one")
	m.say("two")
	if m.Update(forget(1)); m.said != "two" {
		t.Errorf("the table says %q, want what was said last", m.said)
	}
	if m.Update(forget(2)); m.said != "" {
		t.Errorf("the table says %q, want the keys again", m.said)
	}
}
