//go:build !nogui

package gui

import (
	"context"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/internal/game"
)

// An app is the window without its pixels: the flow, and the controls that the window has of its own. One goroutine
// owns it, and calls step and then frame once a frame.
type app struct {
	ctx  context.Context
	flow *front.Flow
	work sync.WaitGroup // goroutines of the clipboard; Run waits for them

	screen front.Screen // what is shown
	mover  mover
	erase  repeat
	remove repeat
	rise   repeat // of Up
	sink   repeat // of Down

	muted  bool
	labels [2]string // of the keys that move the paddle
	tones  []tone    // to play after this step

	pasted chan paste
	copied chan front.CopyResult
}

// newApp returns an app for a flow.
func newApp(ctx context.Context, now time.Time, flow *front.Flow, muted bool) *app {
	return &app{
		ctx: ctx, flow: flow, screen: flow.Screen(now), muted: muted, labels: defaultLabels,
		pasted: make(chan paste, 1), copied: make(chan front.CopyResult, 1),
	}
}

// step moves the window to now. It never blocks.
func (a *app) step(now time.Time, c controls) {
	a.clipboard(&c)
	a.switches(c)
	if c.labels != [2]string{} {
		a.labels = c.labels
	}
	a.flow.Do(now, a.input(now, c))
	if text := a.flow.TakeCopy(); text != "" {
		writeClipboard(a.ctx, &a.work, text, a.copied)
	}
	var in game.Input
	if a.mover, in = a.moved(c); c.hidden {
		a.flow.StepHidden(now)
	} else {
		a.flow.Step(now, in)
	}
	before := a.screen.Frame
	a.screen = a.flow.Screen(now)
	a.tones = tonesOf(a.tones[:0], before, a.screen.Frame)
}

// clipboard starts to read the clipboard if the person pastes, and takes the results of its goroutines.
func (a *app) clipboard(c *controls) {
	if c.commands.has(cmdPaste) {
		readClipboard(a.ctx, &a.work, a.pasted)
	}
	select {
	case p := <-a.pasted:
		c.typed += p.text
		a.flow.Pasted(p.result)
	case r := <-a.copied:
		a.flow.Copied(r)
	default:
	}
}

// switches carries out the commands for the window itself. Where a line is typed, their keys are letters.
func (a *app) switches(c controls) {
	if a.screen.Card.Typing {
		return
	}
	a.muted = a.muted != c.commands.has(cmdMute)
}

// input returns the Input for the flow. Keys that are held repeat.
func (a *app) input(now time.Time, c controls) front.Input {
	up, down := c.up, c.down
	switch {
	case a.screen.Card.Typing:
		up, down = up&^heldLetter, down&^heldLetter
	case a.screen.PanelTakes():
		up, down = up&heldArrow, down&heldArrow
	}
	actions := c.actions &^ (front.Erase | front.Remove)
	for _, k := range []struct {
		repeat *repeat
		held   bool
		action front.Action
	}{
		{&a.erase, c.actions.Has(front.Erase), front.Erase},
		{&a.remove, c.actions.Has(front.Remove), front.Remove},
		{&a.rise, up != 0, front.Up},
		{&a.sink, down != 0, front.Down},
	} {
		if k.repeat.fire(k.held, now) {
			actions |= k.action
		}
	}
	return front.Input{Actions: actions, Text: c.typed, Row: c.row, Digit: c.digit, Panel: c.panel}
}

// moved returns the input of this frame, and the mover after it. A window without the keyboard releases all keys.
func (a *app) moved(c controls) (mover, game.Input) {
	if !c.focused {
		return mover{}, game.None
	}
	up, down := touched(a.screen.Frame.Me, c.fingers)
	if up, down = c.up|up, c.down|down; a.screen.PanelTakes() {
		up, down = up&^heldArrow, down&^heldArrow
	}
	return a.mover.move(up, down)
}

// frame returns what to draw at now.
func (a *app) frame(now time.Time) frame {
	f := frame{Screen: a.screen, muted: a.muted, labels: a.labels, zoom: 1}
	f.Age = a.flow.Age(now)
	return f
}

// atPlay reports whether the ball is in play and nothing covers the field, so that there is nothing to click.
func (a *app) atPlay() bool {
	if a.screen.Lab.Panel != nil || a.screen.Lab.HUD == front.HUDGraphs {
		return false
	}
	return a.screen.Match && a.screen.Card.Kind == front.NoCard && a.screen.Frame.Stage == client.StagePlaying
}

// close ends the flow and waits for all goroutines.
func (a *app) close() {
	a.flow.Close()
	a.work.Wait()
}
