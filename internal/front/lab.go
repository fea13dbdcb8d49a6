package front

import (
	"fmt"
	"time"

	"pong/internal/client"
	"pong/internal/panel"
)

// A HUD is how much a person sees of the network.
type HUD uint8

// The kinds of HUD, in the order in which Tab switches.
const (
	HUDLine    HUD = iota // a line at the bottom
	HUDFigures            // a column with all figures
	HUDGraphs             // a column with graphs of ten seconds
	huds
)

// A HelpPage is a page of help beside the field.
type HelpPage uint8

// The pages, in the order in which F1 turns them.
const (
	NoHelp HelpPage = iota
	HelpKeys
	HelpGlossary // and the pages after it
	helpPages    = HelpGlossary + GlossaryPages
)

// GlossaryPages is the number of pages of the glossary.
const GlossaryPages = 3

// GlossaryPage returns the words of a page of the glossary, from 0.
func GlossaryPage(page int) []panel.Term {
	all := panel.Glossary
	each := (len(all) + GlossaryPages - 1) / GlossaryPages
	from := min(max(page*each, 0), len(all))
	return all[from:min(from+each, len(all))]
}

// A LabView is what a screen shows of the lab panel and the network.
type LabView struct {
	Panel  *panel.Shown  // nil if it is closed
	Note   string        // a sentence about a change, for the person to read once
	HUD    HUD           // no HUDLine while a card covers the field
	Graphs []panel.Graph // with HUDGraphs

	Explained int // the graph whose sentence is shown, from 1; 0 is none
	Help      HelpPage
	Ghost     *Ghost // nil if it is hidden
	Marks     []panel.Mark
	Beside    *Beside // nil if there is none
}

// A Ghost is where the newest STATE has things.
type Ghost struct {
	Ball       client.Point
	Paddle     [2]float64
	BallInPlay bool
	Age        time.Duration // of the STATE
	True       bool          // it is the server's present, not the newest STATE of this client
}

// GhostLabel returns the text about a ghost.
func GhostLabel(g *Ghost) string {
	if g.True {
		return "ghost: the server now"
	}
	return fmt.Sprintf("ghost: the server %d ms ago", g.Age.Round(time.Millisecond).Milliseconds())
}

// lab is the part of a Flow that is about the lab panel.
type lab struct {
	panel     *panel.Panel
	hud       HUD
	help      HelpPage
	explained int
	ghost     bool
	history   panel.History
	inspected client.Inspection
	present   *client.Inspection // the server's present; nil if it is not known
	beside    beside
}

// newLab returns the lab of a flow.
func newLab(cfg Config) lab {
	cfg.Lab.Settings.View = cfg.View
	return lab{panel: panel.New(cfg.Lab), beside: newBeside(cfg.Shadow)}
}

// looks reports whether the person looks at what an inspection has.
func (l *lab) looks() bool { return l.ghost || l.hud == HUDGraphs || l.panel.IsOpen() }

// join gives a new session its settings. The network of the bot can be changed in practice.
func (l *lab) join(s Session, practice bool) {
	l.history = panel.History{}
	l.panel.Practise(practice)
	l.apply(s)
	l.beside.apply(s)
}

// apply gives a session its settings.
func (l *lab) apply(s Session) { s.SetSettings(l.panel.Settings()) }

// follow takes a frame of a session.
func (l *lab) follow(now time.Time, s Session, f *client.Frame) {
	l.beside.follow(now, s)
	if l.looks() {
		l.inspected = s.Inspect(now, f)
		l.history.Add(now, f, l.inspected)
	}
}

// do carries out what a person does, and reports whether the settings have changed. The arrow keys are the panel's only
// while no card has them.
func (l *lab) do(now time.Time, in Input, uncovered bool) (changed bool) {
	before := l.panel.Settings()
	c := in.Panel
	c.Toggle, c.NextView = in.Actions.Has(ToggleLab), in.Actions.Has(NextView)
	if c.Technique = in.Digit; uncovered {
		for _, k := range []struct {
			action Action
			count  *int
			by     int
		}{{Up, &c.Move, -1}, {Down, &c.Move, 1}, {Left, &c.Turn, -1}, {Right, &c.Turn, 1}} {
			if in.Actions.Has(k.action) {
				*k.count += k.by
			}
		}
	}
	l.panel.Do(now, c)
	if in.Actions.Has(NextHUD) {
		l.hud, l.explained = (l.hud+1)%huds, 0
	}
	if in.Actions.Has(ShowGhost) {
		l.ghost = !l.ghost
	}
	if in.Actions.Has(Glossary) {
		l.help = (l.help + 1) % helpPages
	}
	if in.Actions.Has(Explain) && l.hud == HUDGraphs {
		l.explained = (l.explained + 1) % (panel.Graphs + 1)
	}
	return l.panel.Settings() != before
}

// show returns what a screen shows at now.
func (l *lab) show(now time.Time) LabView {
	s := LabView{
		Beside: l.beside.show(),
		Panel:  l.panel.Show(now), Note: l.panel.Note(now), HUD: l.hud, Help: l.help, Explained: l.explained,
	}
	if l.hud == HUDGraphs {
		s.Graphs = l.history.Graphs()
	}
	if i := &l.inspected; l.ghost {
		if l.present != nil {
			i = l.present
		}
		s.Ghost = &Ghost{
			Ball: i.Ball, Paddle: i.Paddle, BallInPlay: i.BallInPlay, Age: i.Age, True: l.present != nil,
		}
	}
	if l.looks() {
		s.Marks = l.history.Marks(now)
	}
	return s
}

// PanelTakes reports whether the lab panel takes the arrow keys, which otherwise move the paddle.
func (s *Screen) PanelTakes() bool { return s.Lab.Panel != nil && s.Card.Kind == NoCard }
