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
func (m *match) SetView(client.View)               {}
func (m *match) Close() error                      { return nil }

// A desk is a person in front of the window.
type desk struct {
	app   *app
	now   time.Time
	match *match
}

// sit runs a script in a bubble.
func sit(t *testing.T, want front.Want, script func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		d := &desk{now: time.Unix(0, 0), match: &match{frame: fronttest.Rally()}}
		cfg := front.Config{
			Want: want,
			Dial: func(context.Context, front.Want, front.Ask) (front.Session, error) { return d.match, nil },
			List: func(context.Context, string, front.Ask) ([]dial.Match, error) { return nil, nil },
		}
		d.app = newApp(ctx, d.now, front.New(ctx, d.now, cfg), false)
		d.do(controls{})
		script(d)
		cancel()
		d.app.close()
	})
}

// frame lets a frame pass with some controls.
func (d *desk) frame(c controls) {
	d.app.step(d.now, c)
	d.now = d.now.Add(time.Second / 60)
	synctest.Wait()
}

// do is a frame with some controls, and a second without, so that what follows is shown and can be chosen from.
func (d *desk) do(c controls) {
	c.focused = true
	d.frame(c)
	for range 60 {
		d.frame(controls{focused: true})
	}
}

func (d *desk) card() front.Card { return d.app.screen.Card }

func TestApp_KeysReachTheSessionOnceAFrame(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(d *desk) {
		d.match.inputs = nil
		d.frame(controls{focused: true, up: heldLetter})
		d.frame(controls{focused: true, up: heldLetter, down: heldArrow})
		d.frame(controls{up: heldLetter}) // the window has lost the keyboard
		d.frame(controls{focused: true, fingers: []client.Point{{X: 10, Y: 500}}})
		want := []game.Input{game.Up, game.Down, game.None, game.Down}
		if !slices.Equal(d.match.inputs, want) {
			t.Errorf("the session was given %v, want %v", d.match.inputs, want)
		}
	})
}

func TestApp_HeldKeysMoveInTheMenu(t *testing.T) {
	sit(t, front.Want{}, func(d *desk) {
		d.do(controls{typed: "h"})
		d.do(controls{actions: front.Enter})
		for _, by := range []held{heldLetter, heldArrow, heldPad, heldStick} {
			at := d.card().At
			d.do(controls{down: by})
			if got := d.card().At; got != at+1 {
				t.Errorf("a frame with %b held moves from row %d to row %d", by, at, got)
			}
		}
		for range 30 { // half a second, with the first repeat after 400 ms
			d.frame(controls{focused: true, up: heldArrow})
		}
		if got := d.card().At; got > 1 {
			t.Errorf("the arrow held for half a second moves from row 4 to row %d only", got)
		}
	})
}

func TestApp_LettersAreTextWhereALineIsTyped(t *testing.T) {
	sit(t, front.Want{}, func(d *desk) {
		d.do(controls{typed: "m", commands: cmdMute | cmdFigures})
		d.do(controls{actions: front.Enter})
		d.do(controls{row: 2})
		d.do(controls{typed: "maple-4ws", down: heldLetter, up: heldLetter, commands: cmdMute})
		if c := d.card(); c.Field.Text != "maple-4ws" || c.At != 0 || d.app.muted || d.app.detail {
			t.Errorf("typing gives %q at row %d, muted %v, in detail %v", c.Field.Text, c.At, d.app.muted, d.app.detail)
		}
		d.do(controls{actions: front.Erase})
		for range 40 { // held
			d.frame(controls{focused: true, actions: front.Erase})
		}
		if got := d.card().Field.Text; len(got) > 2 {
			t.Errorf("Backspace held leaves %q", got)
		}
	})
}

func TestApp_ClipboardIsTyped(t *testing.T) {
	sit(t, front.Want{}, func(d *desk) {
		d.app.pasted <- "pong://h:5555\n"
		d.do(controls{})
		if got := d.card().Field.Text; got != "pong://h:5555" {
			t.Errorf("pasting gives %q", got)
		}
	})
}

func TestApp_Switches(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(d *desk) {
		d.do(controls{commands: cmdFigures | cmdMute})
		if f := d.app.frame(d.now); !f.detail || !f.muted {
			t.Errorf("in detail %v, muted %v; want both", f.detail, f.muted)
		}
		d.do(controls{commands: cmdFigures})
		if f := d.app.frame(d.now); f.detail || !f.muted {
			t.Errorf("in detail %v, muted %v; want only the second", f.detail, f.muted)
		}
	})
}

func TestApp_PointerIsNeededWhereThereAreButtons(t *testing.T) {
	sit(t, front.Want{Address: "h"}, func(d *desk) {
		if !d.app.atPlay() {
			t.Error("in a rally the pointer is shown")
		}
		if d.do(controls{actions: front.Back}); d.app.atPlay() {
			t.Error("while the person is asked whether to leave the pointer is hidden")
		}
	})
}
