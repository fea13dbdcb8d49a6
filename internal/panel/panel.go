// Package panel is the lab panel of a running game, as a value: what a person can change of the network and of the
// techniques of the client, and which sentence explains a change. Front ends draw its rows and pass it what the person
// does; it changes simulated links by itself and returns the settings of the session.
//
//	panel.go      the panel and its rows
//	link.go       the figures of a link, as sliders
//	words.go      what was switched, and what to look for
//	history.go    ten seconds of figures, for graphs
//	glossary.go   the words of the figures, for people
package panel

import (
	"fmt"
	"time"

	"pong/internal/client"
	"pong/netcode/netsim"
)

// A Link is the two directions of a simulated link.
type Link struct{ Up, Down netsim.Profile }

// A Named link is a network of the laboratory.
type Named struct {
	Name, Title string
	Link
}

// A Network is a simulated link that can be changed while datagrams pass it.
type Network interface {
	Set(up, down netsim.Profile)
	Profiles() (up, down netsim.Profile)
}

// A Config is what a panel can change.
type Config struct {
	You   Network // of the person's own datagrams. If nil, no network is simulated.
	Bot   Network // of the bot for practice. If nil, there is none.
	Known []Named // networks to choose from

	Settings client.Settings // to begin with
}

// A Panel is the state of a lab panel. Its methods are for one goroutine.
type Panel struct {
	cfg      Config
	settings client.Settings
	open     bool
	at       int // the marked row
	way      way
	practice bool // there is a bot
	bot      bool // the rows about the network are about that of the bot
	note     string
	until    time.Time // for when the note is shown
	outages  [2]outage // of the person's network and of the bot's
}

// An outage is a time in which a network loses everything.
type outage struct {
	end  time.Time // zero if there is none
	then Link      // the link after it
}

// noteTime is how long a sentence about a change is shown.
const noteTime = 3 * time.Second

// New returns a closed panel.
func New(cfg Config) *Panel { return &Panel{cfg: cfg, settings: cfg.Settings} }

// A Command is what a person does with the panel. Its zero value does nothing.
type Command struct {
	Toggle    bool    // open or close it
	Move      int     // mark the row so many below
	Turn      int     // change the marked row by so many steps
	Technique int     // switch the technique of this number, from 1
	Row       int     // act on this row, from 1, as with a mouse ...
	Part      float64 // ... at this share of its width
	Drag      bool    // the mouse was pressed before, and is held: only sliders follow
	NextView  bool    // switch to the next way of drawing
}

// Practise sets whether there is a bot, whose network can be changed, too.
func (p *Panel) Practise(yes bool) { p.practice, p.bot = yes, p.bot && yes }

// Settings returns the settings that the session should have.
func (p *Panel) Settings() client.Settings { return p.settings }

// IsOpen reports whether the panel is shown.
func (p *Panel) IsOpen() bool { return p.open }

// Note returns the sentence about the last change, while it is shown.
func (p *Panel) Note(now time.Time) string {
	if now.Before(p.until) {
		return p.note
	}
	return ""
}

// say shows a sentence for a while.
func (p *Panel) say(now time.Time, text string) { p.note, p.until = text, now.Add(noteTime) }

// Step ends outages that are over. It is called in every frame.
func (p *Panel) Step(now time.Time) {
	for i := range p.outages {
		if o := &p.outages[i]; !o.end.IsZero() && !now.Before(o.end) {
			o.end = time.Time{}
			p.network(i == 1).Set(o.then.Up, o.then.Down)
		}
	}
}

// Do carries out a command.
func (p *Panel) Do(now time.Time, c Command) {
	if c.Toggle {
		p.open = !p.open
	}
	if c.NextView {
		p.setView(now, p.settings.View.Next())
	}
	if !p.open {
		return
	}
	rows := p.rows()
	if c.Technique > 0 {
		p.switchTechnique(now, c.Technique-1)
	}
	if c.Move != 0 {
		p.at = min(max(p.at+c.Move, 0), len(rows)-1)
	}
	if p.at = min(p.at, len(rows)-1); c.Turn != 0 {
		rows[p.at].turn(now, c.Turn)
	}
	if c.Row > 0 && c.Row <= len(rows) {
		if r := &rows[c.Row-1]; !c.Drag || r.Kind == Slider && p.at == c.Row-1 {
			p.at = c.Row - 1
			r.click(now, min(max(c.Part, 0), 1))
		}
	}
}

// A Kind is a kind of row.
type Kind uint8

// The kinds.
const (
	Slider  Kind = iota
	Choice       // one of Options
	Switch       // on or off
	Buttons      // each of Options does something
)

// A Row is a line of the panel.
type Row struct {
	Kind    Kind
	Section string // the heading above the row, if one begins with it
	Label   string
	Value   string  // of a slider, a choice or a switch
	Key     string  // that switches it, if there is one
	Part    float64 // of a slider, from 0 to 1
	On      bool    // of a switch
	Options []string
	Chosen  int // of the Options of a choice; -1 if none
	Marked  bool

	turn  func(now time.Time, by int)
	click func(now time.Time, part float64)
}

// Shown is what a front end draws of a panel.
type Shown struct {
	Rows []Row
	Note string // about the last change
}

// Show returns what to draw, nil if the panel is closed.
func (p *Panel) Show(now time.Time) *Shown {
	if !p.open {
		return nil
	}
	rows := p.rows()
	p.at = min(p.at, len(rows)-1)
	rows[p.at].Marked = true
	return &Shown{Rows: rows, Note: p.Note(now)}
}

// rows returns all rows.
func (p *Panel) rows() []Row {
	rows := append(p.networkRows(), p.techniqueRows()...)
	return append(rows, p.viewRow())
}

// techniqueRows returns a switch for each technique with a key.
func (p *Panel) techniqueRows() []Row {
	rows := make([]Row, len(techniques))
	for i, t := range techniques {
		on := !*client.Technique(&p.settings, t.name)
		value := onOff(on)
		if p.settings.View == client.ViewOriginal { // which has its own
			on, value = false, "–"
		}
		act := func(now time.Time) { p.switchTechnique(now, i) }
		rows[i] = Row{
			Kind: Switch, Label: t.label, Key: fmt.Sprint(i + 1), On: on, Value: value,
			turn:  func(now time.Time, _ int) { act(now) },
			click: func(now time.Time, _ float64) { act(now) },
		}
	}
	rows[0].Section = "Techniques"
	return rows
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// switchTechnique switches a technique.
func (p *Panel) switchTechnique(now time.Time, i int) {
	if i < 0 || i >= len(techniques) {
		return
	}
	t := techniques[i]
	if p.settings.View == client.ViewOriginal {
		p.say(now, "The original has no techniques to switch: choose another view first.")
		return
	}
	off := client.Technique(&p.settings, t.name)
	if *off = !*off; *off {
		p.say(now, t.off)
	} else {
		p.say(now, t.on)
	}
}

// views are the views in the order in which they are shown.
var views = []client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewOriginal}

// viewRow returns the choice of a view.
func (p *Panel) viewRow() Row {
	r := Row{Kind: Choice, Section: "View", Label: "view", Key: "V", Value: p.settings.View.String(), Chosen: -1}
	for i, v := range views {
		r.Options = append(r.Options, v.String())
		if v == p.settings.View {
			r.Chosen = i
		}
	}
	choose := func(now time.Time, i int) { p.setView(now, views[min(max(i, 0), len(views)-1)]) }
	r.turn = func(now time.Time, by int) { choose(now, r.Chosen+by) }
	r.click = func(now time.Time, part float64) { choose(now, optionAt(part, len(views))) }
	return r
}

func (p *Panel) setView(now time.Time, v client.View) {
	if v != p.settings.View {
		p.settings.View = v
		p.say(now, aboutView[v])
	}
}

// optionAt returns the option at a share of the width of a row.
func optionAt(part float64, n int) int { return min(int(part*float64(n)), n-1) }
