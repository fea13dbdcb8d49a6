package front

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/panel"
	"pong/netcode/netsim"
)

// A simLink is a simulated link of a test.
type simLink struct{ up, down netsim.Profile }

func (n *simLink) Set(up, down netsim.Profile)         { n.up, n.down = up, down }
func (n *simLink) Profiles() (up, down netsim.Profile) { return n.up, n.down }

// inLab is a person who plays with a panel for a network.
func inLab(t *testing.T, script func(p *person, you *simLink)) {
	t.Helper()
	you := new(simLink)
	try(t, Config{Want: Want{Address: "h"}, Lab: panel.Config{You: you}}, func(p *person) {
		p.wait(0)
		script(p, you)
	})
}

func TestLab_SwitchesTakeEffectInTheSameFrame(t *testing.T) {
	inLab(t, func(p *person, _ *simLink) {
		if p.atOnce(Input{Digit: 2}); p.match.settings.NoReconciliation {
			t.Error("a digit switches a technique while the panel is closed")
		}
		p.atOnce(Input{Actions: ToggleLab})
		p.atOnce(Input{Digit: 2})
		if s := p.screen(); !p.match.settings.NoReconciliation || s.Lab.Note == "" || s.Lab.Panel == nil {
			t.Errorf("after L and 2 the session has %+v, and the note is %q", p.match.settings, s.Lab.Note)
		}
		p.wait(3 * time.Second)
		if note := p.screen().Lab.Note; note != "" {
			t.Errorf("after three seconds the note is %q", note)
		}
		p.atOnce(Input{Actions: NextView})
		if !p.match.settings.NoReconciliation || p.match.settings.View != client.ViewPredict {
			t.Errorf("V gives the session %+v, want the switch to stay", p.match.settings)
		}
	})
}

// The arrows are the panel's while it is open and no card has them.
func TestLab_ArrowsChangeRows(t *testing.T) {
	inLab(t, func(p *person, you *simLink) {
		p.atOnce(Input{Actions: ToggleLab})
		p.atOnce(Input{Actions: Down}) // from the network to the direction
		p.atOnce(Input{Actions: Down}) // to the delay
		p.atOnce(Input{Actions: Right})
		if s := p.screen(); you.up.Delay != 5*time.Millisecond || !s.PanelTakes() {
			t.Errorf("the arrows give a delay of %v", you.up.Delay)
		}
		p.became(client.StageOver)
		p.atOnce(Input{Actions: Right})
		if s := p.screen(); you.up.Delay != 5*time.Millisecond || s.PanelTakes() {
			t.Errorf("over a card the arrows give a delay of %v", you.up.Delay)
		}
	})
}

// An outage ends although the person has left the match meanwhile.
func TestLab_OutageEndsWithoutAMatch(t *testing.T) {
	inLab(t, func(p *person, you *simLink) {
		p.atOnce(Input{Actions: ToggleLab})
		rows := p.screen().Lab.Panel.Rows
		for i, r := range rows {
			if r.Label == "outage" {
				p.atOnce(Input{Panel: panel.Command{Row: i + 1}})
			}
		}
		if you.up.Loss != 1 {
			t.Fatalf("in an outage the loss is %v", you.up.Loss)
		}
		p.became(client.StageOver)
		p.press(Back)
		p.wait(2 * time.Second)
		if p.flow.kind() == NoCard || you.up.Loss != 0 {
			t.Errorf("after the match, at %v, the loss is %v", p.flow.kind(), you.up.Loss)
		}
	})
}

// Nothing is inspected while nothing of it is shown.
func TestLab_ClosedCostsNothing(t *testing.T) {
	inLab(t, func(p *person, _ *simLink) {
		p.wait(time.Second)
		if p.match.inspections > 0 {
			t.Errorf("a closed panel inspects the session %d times", p.match.inspections)
		}
		for name, a := range map[string]Action{"L": ToggleLab, "G": ShowGhost} {
			p.atOnce(Input{Actions: a})
			before := p.match.inspections
			p.wait(time.Second / 60)
			if p.match.inspections == before {
				t.Errorf("after %s the session is not inspected", name)
			}
			p.atOnce(Input{Actions: a})
		}
	})
}

func TestLab_GhostGraphsAndHelp(t *testing.T) {
	inLab(t, func(p *person, _ *simLink) {
		p.match.inspected = client.Inspection{Ball: client.Point{X: 7}, Age: 40 * time.Millisecond, BallInPlay: true}
		p.atOnce(Input{Actions: ShowGhost})
		p.wait(0)
		if g := p.screen().Lab.Ghost; g == nil || g.Ball.X != 7 || GhostLabel(g) != "ghost: the server 40 ms ago" {
			t.Errorf("the ghost is %+v", g)
		}
		p.atOnce(Input{Actions: NextHUD})
		p.atOnce(Input{Actions: NextHUD})
		p.atOnce(Input{Actions: Explain})
		if l := p.screen().Lab; l.HUD != HUDGraphs || len(l.Graphs) != panel.Graphs || l.Explained != 1 {
			t.Errorf("Tab, Tab and ? show %v with %d graphs, of which %d is explained", l.HUD, len(l.Graphs),
				l.Explained)
		}
		words := 0
		for page := HelpKeys; page < helpPages; page++ {
			if p.atOnce(Input{Actions: Glossary}); p.screen().Lab.Help != page {
				t.Errorf("F1 shows page %d, want %d", p.screen().Lab.Help, page)
			}
			if page >= HelpGlossary {
				words += len(GlossaryPage(int(page - HelpGlossary)))
			}
		}
		if p.atOnce(Input{Actions: Glossary}); p.screen().Lab.Help != NoHelp || words != len(panel.Glossary) {
			t.Errorf("F1 once more shows page %d; the pages have %d words of %d", p.screen().Lab.Help, words,
				len(panel.Glossary))
		}
	})
}
