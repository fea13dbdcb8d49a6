//go:build !js

package term

import (
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
)

// screen is what the person has before them.
type screen uint8

// The screens; the package comment shows how one follows another.
const (
	screenAddress screen = iota
	screenMenu
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
	want     front.Want
	reached  bool // the server of want has answered before
	asked    bool // the person has been in the prompt or the menu: there is a way back
	call     *call
	question question
	failure  error // why the program ends, if it is an error

	menu    *front.Menu
	problem string // why what was chosen in the menu did not do
	listing *call
	relist  time.Time // when to ask next what is being played

	session *dial.Client
	view    client.Frame
	leaving bool // the person is asked whether to leave
	stick   stick
	look    look
	due     time.Time // when the next frame is
	canvas  canvas
}

func newModel(cfg Config, l *line) *model {
	m := &model{cfg: cfg, line: l, want: cfg.Want}
	m.look = look{view: cfg.View, colour: colourWanted()}
	m.prompt.insert(cfg.Want.Address)
	if m.want.Address == "" {
		m.asked = true
		return m
	}
	if m.want.Kind == front.Undecided {
		m.want.Kind = front.Quick
	}
	m.screen = screenDialling
	return m
}

// frame is the message that it is time to draw.
type frame time.Time

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.listen, tick(frameTime)}
	if m.screen == screenDialling {
		cmds = append(cmds, m.dial(m.want))
	}
	return tea.Batch(cmds...)
}

func tick(after time.Duration) tea.Cmd {
	return tea.Tick(after, func(now time.Time) tea.Msg { return frame(now) })
}

// dial joins what is wanted, in a goroutine of Bubble Tea's.
func (m *model) dial(want front.Want) tea.Cmd {
	m.drop()
	m.want, m.screen = want, screenDialling
	c := m.line.open(false)
	m.call = c
	return func() tea.Msg { return m.line.dial(c, want) }
}

// drop ends whatever is going on: a match, or an attempt at one.
func (m *model) drop() {
	for _, c := range []**call{&m.call, &m.listing} {
		if *c != nil {
			(*c).cancel()
			*c = nil
		}
	}
	if m.session != nil {
		m.line.leave(m.session)
		m.session = nil
	}
	m.view, m.leaving, m.problem = client.Frame{}, false, ""
	m.stick.letGo()
}

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
		switch m.screen {
		case screenAddress:
			m.prompt.insert(msg.Content)
		case screenMenu:
			m.menu.Type(msg.Content)
		}
	case question:
		if msg.call == nil || msg.call == m.call || msg.call == m.listing { // else nobody waits for the answer
			m.question, m.screen = msg, screenQuestion
		}
		return m, m.listen
	case listed:
		m.takeList(msg)
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
		m.view = m.session.Frame(now)
		m.screen = screenPlay
	}
	m.due = m.due.Add(frameTime)
	if m.due.Before(now) {
		m.due = now.Add(frameTime)
	}
	return tea.Batch(tick(m.due.Sub(now)), m.askForMatches(now))
}

// take takes the outcome of a call.
func (m *model) take(a answered) tea.Cmd {
	if a.call != m.call { // it was given up
		if a.session != nil {
			m.line.leave(a.session)
		}
		return nil
	}
	m.call = nil
	var refused *dial.RefusedError
	m.reached = m.reached || a.err == nil || errors.As(a.err, &refused)
	switch {
	case a.err == nil:
		m.session = a.session // the next frame shows it
	case !m.asked:
		m.failure = a.err
		return tea.Quit
	case m.reached:
		m.toMenu()
		m.problem = a.err.Error()
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
	case screenMenu:
		return m.pressInMenu(k)
	case screenQuestion:
		m.answerQuestion(k)
	case screenDialling:
		if letter(k) == 'q' {
			return tea.Quit
		}
		if k.Code == tea.KeyEscape {
			m.toMenu()
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
		return m.takeAddress(m.prompt.text())
	}
	return nil
}

// takeAddress goes on with a server: to the menu, unless it was said beforehand
// what is wanted.
func (m *model) takeAddress(address string) tea.Cmd {
	if address != m.want.Address {
		m.want.Address, m.reached = address, false
	}
	if m.cfg.Want.Kind == front.Undecided {
		m.toMenu()
		return nil
	}
	want := m.cfg.Want
	want.Address, want.Name = address, m.want.Name
	return m.dial(want)
}

// answerQuestion takes "y" for yes, and for no whatever else a person presses
// to get away. Other keys leave the question standing.
func (m *model) answerQuestion(k tea.Key) {
	yes := letter(k) == 'y'
	no := letter(k) == 'n' || letter(k) == 'q' || k.Code == tea.KeyEnter || k.Code == tea.KeyEscape
	if !yes && !no {
		return
	}
	m.question.answer <- yes
	listing := m.question.call != nil && m.question.call == m.listing
	m.question = question{}
	switch {
	case !listing:
		m.screen = screenDialling
	case no:
		m.toMenu()
		m.menu.Back() // the list would ask again
	default:
		m.screen = screenMenu
	}
}

func (m *model) pressInPlay(k tea.Key) tea.Cmd {
	if m.leaving && m.answerLeaving(k) {
		return nil
	}
	switch {
	case letter(k) == 'q':
		return tea.Quit
	case letter(k) == 'v':
		m.look.view = m.look.view.Next()
		m.session.SetView(m.look.view)
	case letter(k) == 'r' && m.view.Stage == client.StageOver && !m.view.Watching:
		m.session.Rematch()
	case letter(k) == 'r' && m.view.Stage == client.StageClosed:
		return m.dial(m.want)
	case letter(k) == 'c' && waitsForFriend(&m.view, m.want):
		command, _ := front.Invite(m.want.Address, m.view.Room)
		return tea.SetClipboard(command)
	case k.Code == tea.KeyEnter && m.view.Watching && standsStill(m.view.Stage):
		m.toMenu()
		m.menu.Open(front.PageWatch)
	case k.Code == tea.KeyEscape && (m.view.Watching || standsStill(m.view.Stage)):
		m.toMenu()
	case k.Code == tea.KeyEscape:
		m.leaving = true
	case !m.view.Watching:
		m.stick.press(steers(k))
	}
	return nil
}

// answerLeaving takes the answer to "Leave the match?". The paddle can be moved
// while it stands.
func (m *model) answerLeaving(k tea.Key) (taken bool) {
	switch {
	case letter(k) == 'y':
		m.toMenu()
	case letter(k) == 'n' || k.Code == tea.KeyEnter || k.Code == tea.KeyEscape:
		m.leaving = false
	default:
		return false
	}
	return true
}

// standsStill reports whether no game is going on, which nothing is lost by
// leaving.
func standsStill(s client.Stage) bool {
	return s == client.StageWaiting || s == client.StageOver || s == client.StageClosed
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
	m.look.steering, m.look.leaving, m.look.want = m.stick.steering, m.leaving, m.want
	switch m.screen {
	case screenPlay:
		return render(&m.canvas, &m.view, m.width, m.height, m.look)
	case screenQuestion:
		return renderQuestion(&m.canvas, m.question.Question, m.width, m.height, m.look.colour)
	case screenMenu:
		return renderMenu(&m.canvas, m.menu.Show(), m.problem, m.width, m.height, m.look.colour)
	case screenDialling:
		return renderPage(&m.canvas, m.width, m.height, m.look.colour,
			"Connecting to "+m.want.Address, m.want.Wait(), "Esc: back   q: quit")
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
