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

// An app is the window without its pixels: the flow, and what the keys do to it. One goroutine owns it. It is advanced
// by step once a frame and shown by frame.
type app struct {
	ctx  context.Context
	flow *front.Flow
	work sync.WaitGroup // goroutines of the clipboard, which must end before Run returns

	screen front.Screen // what is shown
	mover  mover
	erase  repeat
	remove repeat
	rise   repeat // up and
	sink   repeat // down in the menu

	detail bool
	muted  bool
	tones  []tone // to be played after this step

	pasted chan string // what the clipboard had, when it has been read
	copied chan front.CopyResult
}

// newApp returns a window in front of a flow.
func newApp(ctx context.Context, now time.Time, flow *front.Flow, muted bool) *app {
	return &app{
		ctx: ctx, flow: flow, screen: flow.Screen(now), muted: muted,
		pasted: make(chan string, 1), copied: make(chan front.CopyResult, 1),
	}
}

// step takes the window one frame further. It never blocks.
func (a *app) step(now time.Time, c controls) {
	a.clipboard(&c)
	a.switches(c)
	a.flow.Do(now, a.input(now, c))
	if text := a.flow.TakeCopy(); text != "" {
		writeClipboard(a.ctx, &a.work, text, a.copied)
	}
	var in game.Input
	a.mover, in = a.moved(c)
	a.flow.Step(now, in)
	before := a.screen.Frame
	a.screen = a.flow.Screen(now)
	a.tones = tonesOf(a.tones[:0], before, a.screen.Frame)
}

// clipboard takes what the goroutines of the clipboard have brought, and asks for more.
func (a *app) clipboard(c *controls) {
	if c.commands.has(cmdPaste) {
		readClipboard(a.ctx, &a.work, a.pasted)
	}
	select {
	case text := <-a.pasted:
		c.typed += text
	case r := <-a.copied:
		a.flow.Copied(r)
	default:
	}
}

// switches carries out the commands that the window has of its own. Where a line is typed, their keys are letters.
func (a *app) switches(c controls) {
	if a.screen.Card.Typing {
		return
	}
	a.detail = a.detail != c.commands.has(cmdFigures)
	a.muted = a.muted != c.commands.has(cmdMute)
}

// input returns what the controls mean to the flow. Held keys act again and again, at their own pace.
func (a *app) input(now time.Time, c controls) front.Input {
	up, down := c.up, c.down
	if a.screen.Card.Typing {
		up, down = up&^heldLetter, down&^heldLetter
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
	return front.Input{Actions: actions, Text: c.typed, Row: c.row}
}

// moved works out the input of this frame. A window without the keyboard lets go of everything.
func (a *app) moved(c controls) (mover, game.Input) {
	if !c.focused {
		return mover{}, game.None
	}
	up, down := touched(a.screen.Frame.Me, c.fingers)
	return a.mover.move(c.up|up, c.down|down)
}

// frame returns what is to be seen now.
func (a *app) frame(now time.Time) frame {
	f := frame{Screen: a.screen, detail: a.detail, muted: a.muted, zoom: 1}
	f.Age = a.flow.Screen(now).Age
	return f
}

// atPlay reports whether the ball is in play and nothing lies over it: there is nothing to click.
func (a *app) atPlay() bool {
	return a.screen.Match && a.screen.Card.Kind == front.NoCard && a.screen.Frame.Stage == client.StagePlaying
}

// close leaves whatever is going on and waits for the goroutines.
func (a *app) close() {
	a.flow.Close()
	a.work.Wait()
}
