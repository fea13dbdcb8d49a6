//go:build !js

package term

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
)

// operatorOf returns the table of a server with so many matches.
func operatorOf(matches int) *operator {
	m := &operator{cfg: OperatorConfig{
		Title: "Pong server: control TCP 5555, game UDP 5556",
		Links: []string{"pong://192.168.1.20:5555/#k=qXB151fxqXB151fxqXB151fxqXB151fxqXB151fxqXB"},
		QR:    strings.Repeat(strings.Repeat("█▀▄ ", 10)+"█\n", 21),
		Start: func() {}, Quit: func() {}, Log: &OperatorLog{Out: new(bytes.Buffer)},
	}}
	m.known = Operation{Matches: matches, Players: 2 * matches, CPU: 0.031, Lateness: 180 * time.Microsecond,
		In: 120 * matches, Out: 40 * matches}
	for i := range min(matches, mostRows) {
		m.known.Rows = append(m.known.Rows, OperatorRow{
			Match: fmt.Sprintf("m%d", i+1), Names: [2]string{"Xanthippe", "ソクラテス"}, Score: [2]int{i % 11, 3},
			State: "playing", RTT: [2]time.Duration{12345 * time.Microsecond, 250 * time.Millisecond},
			Loss:     [2]float64{0, 0.051},
			IDs:      [2]string{fmt.Sprintf("left%d", i+1), fmt.Sprintf("right%d", i+1)},
			Prefixes: [2]string{"192.0.2.7", "2001:db8:1:2::/64"},
		})
	}
	return m
}

// sized draws the table on a terminal of a size.
func (m *operator) sized(width, height int) []string {
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return strings.Split(m.draw(), "\n")
}

// TestOperator_TableFits every terminal, with any number of matches, and leaves the log some space.
func TestOperator_TableFits(t *testing.T) {
	for _, matches := range []int{0, 1, 3, 200, 5000} {
		for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}, {60, 15}, {40, 10}, {20, 6}, {10, 3}, {2, 2},
			{1, 1}} {
			for _, picture := range []bool{false, true} {
				m := operatorOf(matches)
				m.picture = picture
				lines := m.sized(size[0], size[1])
				if len(lines) > max(size[1]-1, 1) {
					t.Errorf("%d matches at %dx%d: %d lines", matches, size[0], size[1], len(lines))
				}
				if space := size[1] - len(lines); !picture && size[1] >= 24 && space < leastLog {
					t.Errorf("%d matches at %dx%d leave %d lines for the log", matches, size[0], size[1], space)
				}
				for _, line := range lines {
					if w := lipgloss.Width(line); w > size[0] {
						t.Errorf("%d matches at %dx%d: a line of %d cells: %q", matches, size[0], size[1], w, line)
					}
				}
			}
		}
	}
}

// TestOperator_TableSaysHowThingsAre what is promised: matches, players, scores, round trips, loss, lateness, processor
// and link.
func TestOperator_TableSaysHowThingsAre(t *testing.T) {
	m := operatorOf(3)
	m.known.Rows[1].State, m.known.Rows[2].Names[1] = "paused", ""
	text := strings.Join(m.sized(80, 24), "\n")
	for _, want := range []string{
		"control TCP 5555, game UDP 5556", m.cfg.Links[0], "3 matches, 6 players", "CPU 3%", "late 0.2 ms (p99)",
		"360 in, 120 out",
		"Xanthippe", "ソクラテス", "2:3", "playing", "paused", "12 ms 0.0%  250 ms 5.1%", "12 ms 0.0%  -",
		"Enter: start", "q: end",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
	m.known.Waiting, m.known.Dropped = 1, 17
	m.known.Worst = []OperatorPrefix{{"10.0.0.7", 812}, {"10.0.0.8", 9}}
	if text := strings.Join(m.sized(110, 24), "\n"); !strings.Contains(text, "most refused: 10.0.0.7 (812), 10.0.0.8") {
		t.Errorf("the table does not name the address that is refused most:\n%s", text)
	}
	m.known.Skipped = 18
	text = strings.Join(m.sized(80, 24), "\n")
	for _, want := range []string{"All 2 players connected: Enter starts", "17 dropped",
		"overloaded: 18 STATEs left out"} {
		if !strings.Contains(text, want) {
			t.Errorf("the table does not say %q:\n%s", want, text)
		}
	}
	if text := strings.Join(operatorOf(0).sized(80, 24), "\n"); !strings.Contains(text, "no match yet") {
		t.Errorf("a server without matches says\n%s", text)
	}
}

// TestOperator_Scrolls through more matches than there is space for, and not beyond them.
func TestOperator_Scrolls(t *testing.T) {
	m := operatorOf(200)
	var asked [2]int
	m.cfg.Look = func(from, rows int) Operation {
		asked = [2]int{from, rows}
		return m.known
	}
	m.sized(80, 24)
	rows := m.rows()
	m.press(tea.Key{Code: tea.KeyPgDown})
	m.press(tea.Key{Code: tea.KeyDown})
	m.look()()
	if want := [2]int{rows + 1, mostRows}; asked != want {
		t.Errorf("a page and a line down, it looks from %d on for %d matches, want %d", asked[0], asked[1], want)
	}
	for range 1000 {
		m.press(tea.Key{Code: tea.KeyPgDown})
	}
	if m.from != 200-rows {
		t.Errorf("at the end the first match shown is %d, want %d", m.from, 200-rows)
	}
	m.Update(looked(operatorOf(3).known)) // most have gone
	if m.from != 0 {
		t.Errorf("of three matches the first one shown is %d", m.from)
	}
	for range 10 {
		m.press(tea.Key{Code: tea.KeyUp})
	}
	if m.from != 0 {
		t.Errorf("above the first match is %d", m.from)
	}
}

func TestOperator_Keys(t *testing.T) {
	m := operatorOf(1)
	started, quit := 0, 0
	m.cfg.Start, m.cfg.Quit = func() { started++ }, func() { quit++ }
	for _, k := range []tea.Key{{Code: tea.KeyEnter}, {Code: 'j', Mod: tea.ModCtrl}, {Code: 'x'}, {Code: 'j'}} {
		m.press(k)
	}
	if started != 2 {
		t.Errorf("Enter twice has started %d times", started)
	}
	m.press(tea.Key{Code: 'l'})
	if text := strings.Join(m.sized(80, 30), "\n"); !strings.Contains(text, "█▀▄ █▀▄") {
		t.Errorf("l does not show the QR code:\n%s", text)
	}
	if text := strings.Join(m.sized(80, 20), "\n"); strings.Contains(text, "█▀▄") ||
		!strings.Contains(text, "needs a terminal of 41 by 23") {
		t.Errorf("where the QR code does not fit, the screen shows\n%s", text)
	}
	m.press(tea.Key{Code: 'q'})
	m.press(tea.Key{Code: 'c', Mod: tea.ModCtrl})
	if quit != 2 || !strings.Contains(strings.Join(m.sized(80, 24), "\n"), "Ending") {
		t.Errorf("q and Ctrl-C have ended %d times", quit)
	}
	m.cfg.Start = nil
	m.press(tea.Key{Code: tea.KeyEnter}) // and nothing happens
}

// TestOperator_NamesAreHarmless: a player's name is nobody's escape sequence.
func TestOperator_NamesAreHarmless(t *testing.T) {
	m := operatorOf(1)
	m.known.Rows[0].Names[0] = "\x1b[2Jevil\r\n"
	if text := strings.Join(m.sized(80, 24), "\n"); strings.Contains(text, "\x1b[2J") || strings.Contains(text, "\r") {
		t.Errorf("the name gets to the terminal: %q", text)
	}
}

// TestOperatorLog_KeepsTheNewestLines: lines pass through, wait while there is a table, and the oldest give way.
func TestOperatorLog_KeepsTheNewestLines(t *testing.T) {
	var out bytes.Buffer
	l := &OperatorLog{Out: &out}
	fmt.Fprintln(l, "before")
	l.hold()
	fmt.Fprintln(l, "one")
	fmt.Fprint(l, "two\nthree\n")
	if got := l.take(2); strings.Join(got, " ") != "one two" {
		t.Errorf("the first two lines are %q", got)
	}
	for i := range 150 {
		fmt.Fprintln(l, i)
	}
	got := l.take(1)
	if len(got) != 2 || !strings.Contains(got[0], "51 lines left out") || got[1] != "50" {
		t.Errorf("after 150 lines at once: %q, want a note about 51 of them and then line 50", got)
	}
	l.take(98)
	l.release()
	fmt.Fprintln(l, "after")
	if out.String() != "before\n149\nafter\n" {
		t.Errorf("printed without a table: %q", out.String())
	}
}

// TestOperator_RestoresTheTerminal: the terminal is as before when the server ends, and no line of the log is lost.
func TestOperator_RestoresTheTerminal(t *testing.T) {
	w := newTerminal(t, "")
	log := &OperatorLog{Out: w}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	looked := make(chan struct{}, 100)
	go func() {
		ended <- RunOperator(ctx, OperatorConfig{
			Title: "title", Log: log, In: w, Out: w, Quit: func() {},
			Look: func(int, int) Operation { looked <- struct{}{}; return Operation{} },
		})
	}()
	<-looked
	fmt.Fprintln(log, "the last line")
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("RunOperator ended with %v", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	text := w.written.String()
	if strings.Contains(text, "\x1b[?1049h") {
		t.Error("the table takes the whole screen: the log would be gone with it")
	}
	if n := strings.Count(text, "the last line"); n != 1 {
		t.Errorf("the last line is printed %d times: %q", n, text)
	}
	if on, off := strings.LastIndex(text, "\x1b[?25l"), strings.LastIndex(text, "\x1b[?25h"); on >= 0 && off < on {
		t.Errorf("the cursor stays hidden: %q", text)
	}
}
