//go:build !js

package term

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"pong/internal/front"
	"pong/internal/names"
	"pong/internal/panel"
)

// frameTime is the time between two frames.
const frameTime = time.Second / 60

// A model is the state of the screen: the flow, and the keys that are held. Bubble Tea calls its methods from one
// goroutine.
type model struct {
	flow   *front.Flow
	screen front.Screen // what is shown
	now    time.Time    // of the newest frame
	due    time.Time    // of the next frame
	stick  stick
	look   look
	width  int
	height int
	canvas canvas
}

func newModel(now time.Time, flow *front.Flow) *model {
	return &model{flow: flow, screen: flow.Screen(now), now: now, look: look{palette: wantedPalette()}}
}

// A frame is the message to play and draw a frame.
type frame time.Time

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	if m.look.palette.ground == noColours {
		return tick(frameTime)
	}
	return tea.Batch(tick(frameTime), tea.RequestBackgroundColor)
}

func tick(after time.Duration) tea.Cmd {
	return tea.Tick(after, func(now time.Time) tea.Msg { return frame(now) })
}

// Update implements tea.Model.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case frame:
		return m, m.next(time.Time(msg))
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.look.palette = m.look.palette.on(msg.IsDark())
	case tea.ModeReportMsg:
		m.canvas.clusters = m.canvas.clusters || measuresClusters(msg)
	case tea.ColorProfileMsg:
		m.look.palette.few = msg.Profile < colorprofile.ANSI256
	case tea.KeyboardEnhancementsMsg:
		if msg.SupportsEventTypes() {
			m.stick.reportsReleases()
		}
	case tea.BlurMsg, jobMsg:
		m.stick.letGo()
	case tea.KeyPressMsg:
		return m, m.press(msg.Key())
	case tea.KeyReleaseMsg:
		m.stick.release(steers(msg.Key()))
	case tea.MouseClickMsg:
		return m, m.click(msg.X, msg.Y, false)
	case tea.MouseMotionMsg:
		if msg.Button == tea.MouseLeft {
			return m, m.click(msg.X, msg.Y, true)
		}
	case tea.PasteMsg:
		return m, m.do(front.Input{Text: msg.Content})
	}
	return m, nil
}

// next plays a frame and schedules the one after it, at a steady rate: after a late frame the wait is shorter, by at
// most one frame.
func (m *model) next(now time.Time) tea.Cmd {
	m.now = now
	m.flow.Step(now, m.stick.input)
	m.show()
	if m.due = m.due.Add(frameTime); m.due.Before(now) {
		m.due = now.Add(frameTime)
	}
	return tick(m.due.Sub(now))
}

// press takes a key that went down, or repeats.
func (m *model) press(k tea.Key) tea.Cmd {
	if k.Mod.Contains(tea.ModCtrl) && letter(k) == 'z' {
		return suspend()
	}
	in := inputOf(k, m.screen.Card.Typing)
	arrow := k.Code == tea.KeyUp || k.Code == tea.KeyDown
	switch {
	case m.screen.Match && k.Code == tea.KeyTab:
		in = front.Input{Actions: front.NextHUD}
	case m.screen.PanelTakes() && arrow:
		return m.do(in)
	case m.screen.PanelTakes():
		steering := in.Actions&(front.Up|front.Down) != 0
		if in.Actions &^= front.Up | front.Down; steering {
			m.stick.press(steers(k), k.IsRepeat)
			return nil
		}
	}
	playing := m.screen.Match && !m.screen.Frame.Watching
	if playing && in.Digit == 0 && in.Actions&^(front.Up|front.Down|front.Pause) == 0 {
		m.stick.press(steers(k), k.IsRepeat)
	}
	return m.do(in)
}

// click takes a click on the lab panel, or the mouse that is moved with its button held.
func (m *model) click(x, y int, drag bool) tea.Cmd {
	for _, t := range m.canvas.clickables {
		if y == t.y && x >= t.x && x < t.x+t.wide {
			part := (float64(x-t.x) + 0.5) / float64(t.wide)
			if t.wide == sliderLong { // its ends are 0 and 1
				part = float64(x-t.x) / (sliderLong - 1)
			}
			return m.do(front.Input{Panel: panel.Command{Row: t.row, Part: part, Drag: drag}})
		}
	}
	return nil
}

// do carries out the person's actions, at the time of the newest frame.
func (m *model) do(in front.Input) tea.Cmd {
	m.flow.Do(m.now, in)
	m.show()
	if m.flow.Left() {
		return tea.Quit
	}
	if text := m.flow.TakeCopy(); text != "" {
		m.flow.Copied(front.CopySent)
		return tea.SetClipboard(text)
	}
	return nil
}

// show takes the screen of the flow. Outside of a match all keys are released.
func (m *model) show() {
	m.screen = m.flow.Screen(m.now)
	if !m.screen.Match {
		m.stick.letGo()
	}
}

// View implements tea.Model.
func (m *model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen = true
	v.ReportFocus = true
	if m.screen.PanelTakes() { // otherwise the mouse marks text
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.KeyboardEnhancements.ReportEventTypes = true
	// In a match letters are reported as keys, with releases; where a line is typed they are text. Alternate keys have
	// the Latin letter of a key in other alphabets.
	v.KeyboardEnhancements.ReportAllKeysAsEscapeCodes = m.screen.Match
	v.KeyboardEnhancements.ReportAlternateKeys = m.screen.Match
	return v
}

// draw returns the text of the screen.
func (m *model) draw() string {
	m.look.steering = m.stick.steering
	return render(&m.canvas, &m.screen, m.width, m.height, m.look)
}

// farewell returns a line with the score, which stays on the terminal when the screen is restored.
func (m *model) farewell() string {
	if v := &m.screen.Frame; v.Score != [2]int{} {
		result := printable(front.Result(v))
		if m.look.palette.ascii {
			result = names.ASCII(result)
		}
		return result
	}
	return ""
}
