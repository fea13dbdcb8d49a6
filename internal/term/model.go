//go:build !js

package term

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/client"
)

// screen is what the person has before them.
type screen uint8

// The screens; the package comment shows how one follows another.
const (
	screenAddress screen = iota
	screenDialling
	screenQuestion
	screenPlay
)

// frameTime is how long a frame is there.
const frameTime = time.Second / 60

// model is the whole of the screen's state. Bubble Tea calls it from one
// goroutine.
type model struct {
	cfg    Config
	line   *line
	screen screen
	width  int
	height int

	prompt   prompt
	address  string
	question question
	failure  error // why the program ends, if it is an error

	session *client.Client
	view    client.View
	stick   stick
	look    look
	due     time.Time // when the next frame is
	canvas  canvas
}

func newModel(cfg Config, l *line) *model {
	m := &model{cfg: cfg, line: l, address: cfg.Address}
	m.look = look{view: cfg.View, colour: colourWanted()}
	if m.address != "" {
		m.screen = screenDialling
	}
	return m
}

// frame is the message that it is time to draw.
type frame time.Time

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.listen, tick(frameTime)}
	if m.screen == screenDialling {
		cmds = append(cmds, m.call)
	}
	return tea.Batch(cmds...)
}

func tick(after time.Duration) tea.Cmd {
	return tea.Tick(after, func(now time.Time) tea.Msg { return frame(now) })
}

// call dials the address. It runs in a goroutine of Bubble Tea's.
func (m *model) call() tea.Msg { return m.line.call(m.address) }

// listen waits for a question from a call.
func (m *model) listen() tea.Msg {
	select {
	case q := <-m.line.asked:
		return q
	case <-m.line.ctx.Done():
		return nil
	}
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case frame:
		return m, m.next(time.Time(msg))
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.KeyboardEnhancementsMsg:
		if msg.SupportsEventTypes() {
			m.stick.reportsReleases()
		}
	case tea.BlurMsg:
		m.stick.letGo()
	case tea.KeyPressMsg:
		return m, m.press(msg.Key())
	case tea.KeyReleaseMsg:
		m.stick.release(steers(msg.Key()))
	case tea.PasteMsg:
		if m.screen == screenAddress {
			m.prompt.insert(msg.Content)
		}
	case question:
		m.question, m.screen = msg, screenQuestion
		return m, m.listen
	case answered:
		return m, m.take(msg)
	}
	return m, nil
}

// next plays one frame, and asks for the one after it at a steady pace: late
// frames are made up for by a shorter wait, but never by more than one frame.
func (m *model) next(now time.Time) tea.Cmd {
	if m.session != nil {
		m.session.Update(now, m.stick.input)
		m.view = m.session.View(now)
		m.screen = screenPlay
	}
	m.due = m.due.Add(frameTime)
	if m.due.Before(now) {
		m.due = now.Add(frameTime)
	}
	return tick(m.due.Sub(now))
}

// take takes the outcome of a call.
func (m *model) take(a answered) tea.Cmd {
	switch {
	case a.err == nil:
		m.session = a.session // the next frame shows it
	case m.cfg.Address != "":
		m.failure = a.err
		return tea.Quit
	default:
		m.prompt.problem, m.screen = a.err.Error(), screenAddress
	}
	return nil
}

// press takes a key that went down, or repeats.
func (m *model) press(k tea.Key) tea.Cmd {
	if k.Code == 'c' && k.Mod.Contains(tea.ModCtrl) {
		return tea.Quit
	}
	switch m.screen {
	case screenAddress:
		return m.pressInPrompt(k)
	case screenQuestion:
		m.answerQuestion(k)
	case screenDialling:
		if letter(k) == 'q' || k.Code == tea.KeyEscape {
			return tea.Quit
		}
	case screenPlay:
		return m.pressInPlay(k)
	}
	return nil
}

func (m *model) pressInPrompt(k tea.Key) tea.Cmd {
	switch done, left := m.prompt.press(k); {
	case left:
		return tea.Quit
	case done:
		m.address, m.screen = m.prompt.text(), screenDialling
		return m.call
	}
	return nil
}

// answerQuestion takes "y" for yes, and for no whatever else a person presses
// to get away. Other keys leave the question standing.
func (m *model) answerQuestion(k tea.Key) {
	yes := letter(k) == 'y'
	no := letter(k) == 'n' || letter(k) == 'q' || k.Code == tea.KeyEnter || k.Code == tea.KeyEscape
	if yes || no {
		m.question.answer <- yes
		m.question, m.screen = question{}, screenDialling
	}
}

func (m *model) pressInPlay(k tea.Key) tea.Cmd {
	switch letter(k) {
	case 'q':
		return tea.Quit
	case 'v':
		m.look.view = m.look.view.Next()
		m.session.SetView(m.look.view)
	case 'r':
		if m.view.Stage == client.StageOver {
			m.session.Rematch()
		}
	default:
		m.stick.press(steers(k))
	}
	return nil
}

// View implements tea.Model.
func (m *model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen = true
	v.ReportFocus = true
	v.KeyboardEnhancements.ReportEventTypes = true
	// Letters are reported like other keys only while they steer: in the
	// address prompt they are text. The second asks for the Latin letter at the
	// place of a key, which other alphabets steer by.
	v.KeyboardEnhancements.ReportAllKeysAsEscapeCodes = m.screen == screenPlay
	v.KeyboardEnhancements.ReportAlternateKeys = m.screen == screenPlay
	return v
}

// draw returns the text of the screen.
func (m *model) draw() string {
	m.look.steering = m.stick.steering
	switch m.screen {
	case screenPlay:
		return render(&m.canvas, &m.view, m.width, m.height, m.look)
	case screenQuestion:
		return renderQuestion(&m.canvas, m.question.Question, m.width, m.height, m.look.colour)
	case screenDialling:
		return renderPage(&m.canvas, m.width, m.height, m.look.colour, "Connecting to "+m.address, "q: quit")
	}
	return m.prompt.render(&m.canvas, m.width, m.height, m.look.colour)
}

// farewell is the line that stays on the terminal once the screen is given
// back: how the match stood.
func (m *model) farewell() string {
	v := &m.view
	if v.Score == [2]int{} {
		return ""
	}
	return fmt.Sprintf("%s %d : %d %s", printable(label(v, 0)), v.Score[0], v.Score[1], printable(label(v, 1)))
}
