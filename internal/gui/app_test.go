//go:build !nogui

package gui

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/front/fronttest"
	"pong/internal/game"
)

// A match is a session of a test.
type match struct {
	frame  client.Frame
	inputs []game.Input
}

func (m *match) Update(_ time.Time, in game.Input) { m.inputs = append(m.inputs, in) }
func (m *match) Frame(time.Time) client.Frame      { return m.frame }
func (m *match) Rematch()                          {}
func (m *match) Accept()                           {}
func (m *match) Refuse()                           {}
func (m *match) SetSettings(client.Settings)       {}
func (m *match) Inspect(time.Time, *client.Frame) client.Inspection {
	return client.Inspection{}
}
func (m *match) Close() error { return nil }

// A person sits in front of the window.
type person struct {
	app   *app
	now   time.Time
	match *match
}

// sit runs a script in a bubble.
func sit(t *testing.T, want front.Want, script func(p *person)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		p := &person{now: time.Unix(0, 0), match: &match{frame: fronttest.Rally()}}
		cfg := front.Config{
			Want: want,
			Dial: func(context.Context, front.Want, front.Ask) (front.Session, error) { return p.match, nil },
			List: func(context.Context, string, front.Ask) ([]dial.Match, error) { return nil, nil },
		}
		p.app = newApp(ctx, p.now, front.New(ctx, p.now, cfg), false)
		p.do(controls{})
		script(p)
		cancel()
		p.app.close()
	})
}

// frame lets a frame pass with some controls.
func (p *person) frame(c controls) {
	p.app.step(p.now, c)
	p.now = p.now.Add(time.Second / 60)
	synctest.Wait()
}

// do is a frame with some controls, and a second without, so that what follows is shown and can be chosen from.
func (p *person) do(c controls) {
	c.focused = true
	p.frame(c)
	for range 60 {
		p.frame(controls{focused: true})
	}
}

func (p *person) card() front.Card { return p.app.screen.Card }

func TestApp_KeysReachTheSessionOnceAFrame(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(p *person) {
		p.match.inputs = nil
		p.frame(controls{focused: true, up: heldLetter})
		p.frame(controls{focused: true, up: heldLetter, down: heldArrow})
		p.frame(controls{up: heldLetter}) // the window has lost the keyboard
		p.frame(controls{focused: true, fingers: []client.Point{{X: 10, Y: 500}}})
		want := []game.Input{game.Up, game.Down, game.None, game.Down}
		if !slices.Equal(p.match.inputs, want) {
			t.Errorf("the session was given %v, want %v", p.match.inputs, want)
		}
	})
}

func TestApp_HeldKeysMoveInTheMenu(t *testing.T) {
	sit(t, front.Want{}, func(p *person) {
		p.do(controls{typed: "h"})
		p.do(controls{actions: front.Enter})
		for _, by := range []held{heldLetter, heldArrow, heldPad, heldStick} {
			at := p.card().At
			p.do(controls{down: by})
			if got := p.card().At; got != at+1 {
				t.Errorf("a frame with %b held moves from row %d to row %d", by, at, got)
			}
		}
		for range 30 { // half a second, with the first repeat after 400 ms
			p.frame(controls{focused: true, up: heldArrow})
		}
		if got := p.card().At; got > 1 {
			t.Errorf("the arrow held for half a second moves from row 4 to row %d only", got)
		}
	})
}

func TestApp_LettersAreTextWhereALineIsTyped(t *testing.T) {
	sit(t, front.Want{}, func(p *person) {
		p.do(controls{typed: "m", commands: cmdMute, actions: front.NextHUD | front.ToggleLab})
		p.do(controls{actions: front.Enter})
		p.do(controls{row: 2})
		p.do(controls{typed: "maple-4ws", down: heldLetter, up: heldLetter, commands: cmdMute})
		if c := p.card(); c.Field.Text != "maple-4ws" || c.At != 0 || p.app.muted || p.app.screen.Lab.Panel != nil {
			t.Errorf("typing gives %q at row %d, muted %v, lab %v", c.Field.Text, c.At, p.app.muted, p.app.screen.Lab)
		}
		p.do(controls{actions: front.Erase})
		for range 40 { // held
			p.frame(controls{focused: true, actions: front.Erase})
		}
		if got := p.card().Field.Text; len(got) > 2 {
			t.Errorf("Backspace held leaves %q", got)
		}
	})
}

func TestApp_ClipboardIsTyped(t *testing.T) {
	sit(t, front.Want{}, func(p *person) {
		p.app.pasted <- paste{text: "pong://h:5555\n"}
		p.do(controls{})
		if got := p.card().Field.Text; got != "pong://h:5555" {
			t.Errorf("pasting gives %q", got)
		}
	})
}

func TestApp_Switches(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(p *person) {
		p.do(controls{commands: cmdMute, actions: front.NextHUD})
		if f := p.app.frame(p.now); f.Lab.HUD != front.HUDFigures || !f.muted {
			t.Errorf("the HUD is %v, muted %v; want the figures, and silence", f.Lab.HUD, f.muted)
		}
		for _, want := range []front.HUD{front.HUDGraphs, front.HUDLine} {
			p.do(controls{actions: front.NextHUD})
			if f := p.app.frame(p.now); f.Lab.HUD != want || !f.muted {
				t.Errorf("the HUD is %v, muted %v; want %v, and silence", f.Lab.HUD, f.muted, want)
			}
		}
	})
}

func TestApp_PointerIsNeededWhereThereAreButtons(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(p *person) {
		if !p.app.atPlay() {
			t.Error("in a rally the pointer is shown")
		}
		if p.do(controls{actions: front.Back}); p.app.atPlay() {
			t.Error("while the person is asked whether to leave the pointer is hidden")
		}
	})
}

// TestApp_MinimisedWindowPlaysNoFrames counts the frames that a session is given.
func TestApp_MinimisedWindowPlaysNoFrames(t *testing.T) {
	sit(t, front.Want{Address: "a"}, func(p *person) {
		before := len(p.match.inputs)
		p.frame(controls{hidden: true})
		if n := len(p.match.inputs) - before; n != 0 {
			t.Errorf("%d updates while minimised, want none", n)
		}
		p.frame(controls{focused: true})
		if n := len(p.match.inputs) - before; n != 1 {
			t.Errorf("%d updates after one frame of the restored window, want 1", n)
		}
	})
}
