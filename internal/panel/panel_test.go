package panel

import (
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/netcode/netsim"
)

// A madeUpNetwork is a network of a test.
type madeUpNetwork struct{ up, down netsim.Profile }

func (n *madeUpNetwork) Set(up, down netsim.Profile)         { n.up, n.down = up, down }
func (n *madeUpNetwork) Profiles() (up, down netsim.Profile) { return n.up, n.down }

var start = time.Unix(1000, 0)

// opened returns an open panel of a person who practises, and the two networks.
func opened() (p *Panel, you, bot *madeUpNetwork) {
	you, bot = new(madeUpNetwork), new(madeUpNetwork)
	far := netsim.Profile{Delay: 50 * time.Millisecond, Loss: 0.05, Burst: 2}
	p = New(Config{You: you, Bot: bot, Known: []Named{
		{"L0", "LAN", Link{netsim.Profile{Delay: time.Millisecond}, netsim.Profile{Delay: time.Millisecond}}},
		{"L4", "far", Link{far, far}},
	}})
	p.Practise(true)
	p.Do(start, Command{Toggle: true})
	return p, you, bot
}

// row returns the number of the row with a label, from 1.
func row(t *testing.T, p *Panel, label string) int {
	t.Helper()
	for i, r := range p.Show(start).Rows {
		if r.Label == label {
			return i + 1
		}
	}
	t.Fatalf("there is no row %q", label)
	return 0
}

func TestPanel_SlidersChangeTheLink(t *testing.T) {
	p, you, bot := opened()
	p.Do(start, Command{Row: row(t, p, "delay"), Part: 0.25})
	want := netsim.Profile{Delay: 125 * time.Millisecond}
	if you.up != want || you.down != want {
		t.Errorf("a click at a quarter gives %+v and %+v, want 125 ms", you.up, you.down)
	}
	p.Do(start, Command{Row: row(t, p, "direction"), Part: 0.5})
	p.Do(start, Command{Row: row(t, p, "loss"), Part: 0.1})
	if you.up.Loss != 0.1 || you.down.Loss != 0 {
		t.Errorf("the loss is %v up and %v down, want it on the way up alone", you.up.Loss, you.down.Loss)
	}
	p.Do(start, Command{Turn: 1})
	if you.up.Loss != 0.11 {
		t.Errorf("a step to the right gives a loss of %v, want 0.11", you.up.Loss)
	}
	p.Do(start, Command{Row: row(t, p, "whose"), Part: 0.9})
	p.Do(start, Command{Row: row(t, p, "delay"), Part: 9}) // outside of the row
	if bot.up.Delay != 500*time.Millisecond || you.up.Delay != 125*time.Millisecond {
		t.Errorf("the bot's delay is %v and the person's %v, want 500 ms and 125 ms", bot.up.Delay, you.up.Delay)
	}
	p.Practise(false)
	if p.Do(start, Command{Row: row(t, p, "jitter"), Part: 0.5}); you.up.Jitter == 0 || bot.up.Jitter != 0 {
		t.Error("without a bot the rows are about the bot's network")
	}
}

func TestPanel_NetworksOfTheLaboratoryByName(t *testing.T) {
	p, you, _ := opened()
	at := row(t, p, "network")
	p.Do(start, Command{Row: at, Part: 0.9})
	p.Do(start, Command{Turn: 1})
	if r := p.Show(start).Rows[at-1]; r.Value != "L4 far" || you.up.Loss != 0.05 {
		t.Errorf("two steps lead to %q with %+v, want L4", r.Value, you.up)
	}
	p.Do(start, Command{Turn: -9})
	if r := p.Show(start).Rows[at-1]; r.Value != "as it is" || you.up != (netsim.Profile{}) {
		t.Errorf("back at the left end it is %q with %+v, want no simulation", r.Value, you.up)
	}
}

// Nothing passes in an outage. A slider that is changed meanwhile counts after it.
func TestPanel_OutagesEnd(t *testing.T) {
	p, you, _ := opened()
	p.Do(start, Command{Row: row(t, p, "delay"), Part: 0.1})
	p.Do(start, Command{Row: row(t, p, "outage"), Part: 0.9})
	if you.up.Loss != 1 || you.down.Loss != 1 {
		t.Errorf("in an outage the loss is %v up and %v down", you.up.Loss, you.down.Loss)
	}
	p.Do(start, Command{Row: row(t, p, "jitter"), Part: 0.1})
	if p.Step(start.Add(4999 * time.Millisecond)); you.up.Loss != 1 {
		t.Error("the outage of 5 s has ended early")
	}
	p.Step(start.Add(5 * time.Second))
	want := netsim.Profile{Delay: 50 * time.Millisecond, Jitter: 10 * time.Millisecond}
	if you.up != want || you.down != want {
		t.Errorf("after the outage the link is %+v, want %+v", you.up, want)
	}
}

// Each key switches one technique, and says for three seconds what to look for.
func TestPanel_TechniquesHaveKeys(t *testing.T) {
	p, _, _ := opened()
	for i, technique := range techniques {
		now := start.Add(time.Duration(i) * time.Minute)
		p.Do(now, Command{Technique: i + 1})
		want, err := client.Settings{}.Without(technique.name)
		if err != nil || p.Settings() != want {
			t.Errorf("key %d gives %+v, %v, want %+v", i+1, p.Settings(), err, want)
		}
		if note := p.Show(now.Add(noteTime - 1)).Note; note != technique.off {
			t.Errorf("key %d: after 3 s the note is %q", i+1, note)
		}
		if note := p.Note(now.Add(noteTime)); note != "" {
			t.Errorf("key %d: after 3 s the note is still %q", i+1, note)
		}
		if p.Do(now, Command{Technique: i + 1}); p.Settings() != (client.Settings{}) {
			t.Errorf("key %d pressed again gives %+v, want all techniques", i+1, p.Settings())
		}
	}
	p.Do(start, Command{Technique: len(techniques) + 1})
	p.Do(start, Command{Toggle: true})
	if p.Do(start, Command{Technique: 1}); p.Settings() != (client.Settings{}) {
		t.Error("a closed panel switches techniques")
	}
}

func TestPanel_ViewsAndTheOriginal(t *testing.T) {
	p, _, _ := opened()
	p.Do(start, Command{Row: row(t, p, "view"), Part: 0.99})
	if p.Settings().View != client.ViewOriginal {
		t.Errorf("the last view is %v, want the original", p.Settings().View)
	}
	if r := p.Show(start).Rows[row(t, p, "timing")-1]; r.On || r.Value != "–" {
		t.Errorf("in the original the switch of the timing is %v, %q", r.On, r.Value)
	}
	p.Do(start, Command{Technique: 1})
	if !strings.Contains(p.Note(start), "original") || p.Settings().NoPrediction {
		t.Errorf("in the original a switch says %q, and the settings are %+v", p.Note(start), p.Settings())
	}
	for _, want := range []client.View{client.ViewFilter, client.ViewPredict, client.ViewInterp, client.ViewFilter} {
		if p.Do(start, Command{NextView: true}); p.Settings().View != want {
			t.Errorf("V leads to %v, want %v", p.Settings().View, want)
		}
	}
}

// An impossible link changes nothing but the note, and every row can be reached and changed with keys without one.
func TestPanel_ImpossibleValuesAreOneLine(t *testing.T) {
	p, you, _ := opened()
	p.setLink(start, Link{Up: netsim.Profile{Loss: 2}, Down: netsim.Profile{Burst: -1}}, "")
	if note := p.Note(start); !strings.HasPrefix(note, "Nothing is changed: loss 2") || strings.Contains(note, "\n") ||
		you.up != (netsim.Profile{}) {
		t.Errorf("the note is %q and the link %+v", note, you.up)
	}
	p, you, _ = opened()
	for range p.Show(start).Rows {
		for _, by := range []int{1, 1, -1, 100, -100} {
			p.Do(start, Command{Turn: by})
			if strings.Contains(p.Note(start), "Nothing is changed") {
				t.Errorf("turning row %d by %d: %s", p.at, by, p.Note(start))
			}
			if err := you.up.Validate(); err != nil {
				t.Errorf("turning row %d by %d: %v", p.at, by, err)
			}
			p.Do(start, Command{Row: p.at + 1, Part: float64(by)})
		}
		p.Do(start, Command{Move: 1})
	}
	if p.at != len(p.rows())-1 {
		t.Errorf("the mark is at row %d at the end", p.at)
	}
}

// Only a slider follows a mouse that is dragged: a switch would flicker.
func TestPanel_DraggingMovesSlidersOnly(t *testing.T) {
	p, you, _ := opened()
	at := row(t, p, "loss")
	p.Do(start, Command{Row: at, Part: 0.1})
	p.Do(start, Command{Row: at, Part: 0.2, Drag: true})
	p.Do(start, Command{Row: at + 1, Part: 0.9, Drag: true})
	p.Do(start, Command{Row: row(t, p, "timing"), Part: 0.5, Drag: true})
	if you.up.Loss != 0.2 || you.up.Burst != 0 || p.Settings().NoTiming {
		t.Errorf("dragging gives a loss of %v, bursts of %v, and %+v", you.up.Loss, you.up.Burst, p.Settings())
	}
}

func TestPanel_WithoutANetwork(t *testing.T) {
	p := New(Config{})
	if p.Show(start) != nil {
		t.Error("a new panel is open")
	}
	p.Do(start, Command{Toggle: true, Move: 1, Turn: 1})
	if rows := p.Show(start).Rows; len(rows) != len(techniques)+1 {
		t.Errorf("without a network there are %d rows, want the techniques and the view", len(rows))
	}
}
