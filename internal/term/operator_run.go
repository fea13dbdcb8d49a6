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
// the terminal, and gives them back as they were.
func RunOperator(ctx context.Context, cfg OperatorConfig) error {
	cfg.Log.hold()
	defer cfg.Log.release()
	m := &operator{cfg: cfg, palette: wantedPalette(), known: Operation{CPU: -1}}
	err := run(ctx, m,
		tea.WithInput(cfg.In),
		tea.WithOutput(cfg.Out),
		tea.WithoutSignalHandler(), // signals are the server's to obey, and ctx ends with them
	)
	switch {
	case errors.Is(err, tea.ErrProgramPanic):
		return fmt.Errorf("the operator's table has failed, which is a bug in pong: %w", err)
	case ctx.Err() != nil:
		return nil
	}
	return err
}

// The rhythm of the table.
const (
	lookEvery  = time.Second
	printEvery = 50 * time.Millisecond
)

// mostRecent is how many lines of the log are kept, to be printed again.
const mostRecent = 100

// operator is the whole of the table's state. Bubble Tea calls it from one goroutine.
type operator struct {
	cfg           OperatorConfig
	palette       palette
	width, height int

	known   Operation
	from    int // the first match that is shown
	picture bool
	ending  bool
	recent  []string // lines of the log that were printed last
	again   []string // some of them that are to be printed once more
	canvas  canvas
}

type (
	printTime struct{}  // it is time to print what is in the log
	lookTime  struct{}  // it is time to look again
	looked    Operation // how things are
)

// Init implements tea.Model.
func (m *operator) Init() tea.Cmd {
	return tea.Batch(m.look(), tea.Tick(printEvery, func(time.Time) tea.Msg { return printTime{} }))
}

// look asks how things are, in a goroutine of Bubble Tea's, which must not touch the model.
func (m *operator) look() tea.Cmd {
	look, from := m.cfg.Look, m.from
	return func() tea.Msg { return looked(look(from, mostRows)) }
}

// mostRows is how many matches the table asks for: more than any terminal shows.
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
		return m, tea.Tick(lookEvery, func(time.Time) tea.Msg { return lookTime{} })
	case tea.KeyPressMsg:
		m.press(msg.Key())
	}
	return m, nil
}

// resize takes the terminal's size. One that has become narrower has broken the lines of the table, and pushed some of
// them to where they cannot be reached: the screen begins anew, with the end of the log.
func (m *operator) resize(width, height int) tea.Cmd {
	narrower := width < m.width
	m.width, m.height = width, height
	m.scroll(0)
	if !narrower {
		return nil
	}
	m.again = m.recent[max(len(m.recent)-m.room(), 0):] // the next time, when the screen is clear
	return tea.ClearScreen
}

// room is how many lines of the log there is room for above the table.
func (m *operator) room() int { return max(m.height-m.tall()-2, 1) }

// print puts the lines that wait above the table, as many as there is room for in one go.
func (m *operator) print() tea.Cmd {
	again := tea.Tick(printEvery, func(time.Time) tea.Msg { return printTime{} })
	if m.height == 0 {
		return again // the terminal has not said yet how large it is
	}
	cmds := []tea.Cmd{again}
	lines := m.again
	if m.again = nil; len(lines) == 0 {
		lines = m.cfg.Log.take(m.room())
		m.recent = append(m.recent, lines...)
		m.recent = m.recent[max(len(m.recent)-mostRecent, 0):]
	}
	for _, line := range lines {
		cmds = append(cmds, tea.Println(line))
	}
	return tea.Sequence(append(cmds[1:], cmds[0])...)
}

func (m *operator) press(k tea.Key) {
	switch {
	case k.Code == 'c' && k.Mod.Contains(tea.ModCtrl), letter(k) == 'q':
		m.ending = true
		m.cfg.Quit()
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
}

// enters reports whether a key is ENTER: a carriage return from a keyboard, a line feed (Ctrl-J) from a script that types.
func enters(k tea.Key) bool {
	return k.Code == tea.KeyEnter || k.Code == 'j' && k.Mod.Contains(tea.ModCtrl)
}

// scroll moves the first match that is shown, and keeps it where there are matches.
func (m *operator) scroll(by int) {
	m.from = min(max(m.from+by, 0), max(m.known.Matches-m.rows(), 0))
}

// View implements tea.Model.
func (m *operator) View() tea.View { return tea.NewView(m.draw()) }
