//go:build !js

package term

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

// RunOperator shows the table of a server until ctx is done, which is no error. It takes the keys and the last lines of
// the terminal, and restores the terminal at the end.
func RunOperator(ctx context.Context, cfg OperatorConfig) error {
	cfg.Log.hold()
	defer cfg.Log.release()
	m := &operator{cfg: cfg, palette: wantedPalette(), known: Operation{CPU: -1}}
	err := run(ctx, m, cfg.In, cfg.Out,
		tea.WithoutSignalHandler(), // the server handles signals, which end ctx
	)
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the operator's table has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil:
		return nil
	}
	return err
}

// The intervals of the table.
const (
	lookEvery  = time.Second
	printEvery = 50 * time.Millisecond
)

// mostRecent is how many lines of the log are kept to be printed again.
const mostRecent = 100

// An operator is the state of the table. Bubble Tea calls its methods from one goroutine.
type operator struct {
	cfg           OperatorConfig
	palette       palette
	width, height int

	known   Operation
	from    int // the first match that is shown
	picture bool
	ending  bool
	recent  []string // the lines of the log that were printed last
	again   []string // those of them to be printed again
	canvas  canvas
	action  action
	said    string // what has happened; shown in place of the keys
	times   int    // how often something was said
}

type (
	printTime struct{}  // the message to print lines of the log
	lookTime  struct{}  // the message to call Look
	looked    Operation // the result of Look
)

// Init implements tea.Model.
func (m *operator) Init() tea.Cmd {
	return tea.Batch(m.look(), tea.Tick(printEvery, func(time.Time) tea.Msg { return printTime{} }))
}

// look calls Look in a goroutine of Bubble Tea, which must not touch the model.
func (m *operator) look() tea.Cmd {
	look, from := m.cfg.Look, m.from
	return func() tea.Msg { return looked(look(from, mostRows)) }
}

// mostRows is how many matches are asked for: more than any terminal shows.
const mostRows = 200

// Update implements tea.Model.
func (m *operator) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return m, m.resize(msg.Width, msg.Height)
	case tea.ColorProfileMsg:
		m.palette.few = msg.Profile < colorprofile.ANSI256
	case printTime:
		return m, m.print()
	case lookTime:
		return m, m.look()
	case looked:
		m.known = Operation(msg)
		m.scroll(0)
		if m.action.step == choosing {
			m.choose(0)
		}
		return m, tea.Tick(lookEvery, func(time.Time) tea.Msg { return lookTime{} })
	case tea.KeyPressMsg:
		return m, m.press(msg.Key())
	case counted:
		if m.action.step == counting {
			m.action.step, m.action.players, m.action.others = confirming, msg.players, msg.watchers
		}
	case acted:
		m.action = action{}
		return m, m.say(string(msg))
	case forget:
		if int(msg) == m.times {
			m.said = ""
		}
	}
	return m, nil
}

// resize takes the size of the terminal. A narrower terminal has wrapped the lines of the table and scrolled some out
// of reach, so the screen is cleared and the end of the log printed again.
func (m *operator) resize(width, height int) tea.Cmd {
	narrower := width < m.width
	m.width, m.height = width, height
	m.scroll(0)
	if !narrower {
		return nil
	}
	m.again = m.recent[max(len(m.recent)-m.space(), 0):] // printed after the screen is cleared
	return tea.ClearScreen
}

// space returns the number of lines of the log that fit above the table.
func (m *operator) space() int { return max(m.height-m.tall()-2, 1) }

// print prints waiting lines above the table, at most as many as fit.
func (m *operator) print() tea.Cmd {
	again := tea.Tick(printEvery, func(time.Time) tea.Msg { return printTime{} })
	if m.height == 0 {
		return again // the size of the terminal is not known yet
	}
	cmds := []tea.Cmd{again}
	lines := m.again
	if m.again = nil; len(lines) == 0 {
		lines = m.cfg.Log.take(m.space())
		m.recent = append(m.recent, lines...)
		m.recent = m.recent[max(len(m.recent)-mostRecent, 0):]
	}
	for _, line := range lines {
		cmds = append(cmds, tea.Println(line))
	}
	return tea.Sequence(append(cmds[1:], cmds[0])...)
}

func (m *operator) press(k tea.Key) tea.Cmd {
	m.said = ""
	interrupts := k.Code == 'c' && k.Mod.Contains(tea.ModCtrl)
	switch {
	case m.action.step != noAction && !interrupts:
		return m.pressAction(k)
	case interrupts, letter(k) == 'q':
		m.action, m.ending = action{}, true
		m.cfg.Quit()
	case letter(k) == 'k' && m.cfg.Kick != nil:
		return m.act(false)
	case letter(k) == 'b' && m.cfg.Ban != nil:
		return m.act(true)
	case enters(k) && m.cfg.Start != nil:
		m.cfg.Start()
	case letter(k) == 'l' && m.cfg.QR != "":
		m.picture = !m.picture
	case k.Code == tea.KeyDown:
		m.scroll(1)
	case k.Code == tea.KeyUp:
		m.scroll(-1)
	case k.Code == tea.KeyPgDown:
		m.scroll(m.rows())
	case k.Code == tea.KeyPgUp:
		m.scroll(-m.rows())
	}
	return nil
}

// enters reports whether a key is Enter: a carriage return from a keyboard, or a line feed (Ctrl-J) from a script.
func enters(k tea.Key) bool {
	return k.Code == tea.KeyEnter || k.Code == 'j' && k.Mod.Contains(tea.ModCtrl)
}

// scroll scrolls the matches, as far as there are any.
func (m *operator) scroll(by int) {
	m.from = min(max(m.from+by, 0), max(m.known.Matches-m.rows(), 0))
}

// View implements tea.Model.
func (m *operator) View() tea.View { return tea.NewView(m.draw()) }
