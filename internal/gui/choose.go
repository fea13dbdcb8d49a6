//go:build !nogui

package gui

import (
	"context"
	"time"

	"pong/internal/front"
)

// relistEvery is how often the list of matches is renewed while it is on the screen.
const relistEvery = time.Second

// toMenu goes back to the menu of the server, from wherever the window is. It is open at the page that it was left at.
func (a *app) toMenu() {
	a.drop()
	if a.menu == nil || a.menu.Address() != a.want.Address {
		a.menu = front.NewMenu(a.want.Address, a.want.Name, a.cfg.Alone && a.want.Address == a.cfg.Want.Address)
	}
	a.phase, a.relist = phaseMenu, time.Time{}
}

// stepMenu moves in the menu, until something is chosen or it is left.
func (a *app) stepMenu(now time.Time, c controls) {
	typing := a.menu.Show().Typing
	a.typeInMenu(now, c, typing)
	up, down := c.up, c.down
	if typing {
		up, down = up&^heldLetter, down&^heldLetter
	}
	if a.rise.fire(up != 0, now) {
		a.menu.Step(-1)
	}
	if a.sink.fire(down != 0, now) {
		a.menu.Step(1)
	}
	var want front.Want
	done := false
	switch row := c.commands.row(); {
	case row >= 0:
		want, done = a.menu.Choose(firstRow(a.menu.Show()) + row)
	case c.commands.has(cmdConfirm):
		want, done = a.menu.Enter()
	case c.commands.has(cmdBack):
		if !a.menu.Back() {
			a.toPrompt()
			return
		}
	}
	a.want.Name = a.menu.Show().Name
	if done {
		a.connect(want)
		return
	}
	a.askForMatches(now)
}

// typeInMenu changes the line of a page that has one.
func (a *app) typeInMenu(now time.Time, c controls, typing bool) {
	if a.erase.fire(c.commands.has(cmdErase), now) && typing {
		a.menu.Erase()
	}
	if !typing {
		return
	}
	a.menu.Type(c.typed)
	switch {
	case c.commands.has(cmdClear):
		a.menu.Clear()
	case c.commands.has(cmdPaste):
		readClipboard(a.ctx, &a.work, a.paste)
	}
}

// askForMatches sees to it that the list of matches is asked for while it is looked at, and not longer.
func (a *app) askForMatches(now time.Time) {
	switch {
	case !a.menu.WantsList():
		if a.listing != nil {
			a.listing.abandon(&a.work)
			a.listing = nil
		}
		a.relist = time.Time{}
	case a.listing == nil && !now.Before(a.relist):
		address := a.menu.Address()
		a.listing = begin(a.ctx, &a.work, func(ctx context.Context, ask Ask) outcome {
			matches, err := a.server.list(ctx, address, ask)
			return outcome{matches: matches, err: err}
		})
	}
}

// listed takes the list of matches.
func (a *app) listed(now time.Time, o outcome) {
	a.reached = a.reached || o.err == nil
	a.relist = now.Add(relistEvery)
	a.menu.Listed(o.matches, o.err)
}
