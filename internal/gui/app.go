//go:build !nogui

package gui

import (
	"context"
	"errors"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// app is the window without its pixels: the phases, the session, what is typed. One goroutine owns it. It is
// advanced by step once a frame and shown by frame.
type app struct {
	ctx    context.Context
	cfg    Config
	server server
	work   sync.WaitGroup // goroutines that must end before Run returns

	phase   phase
	entry   entry
	erase   repeat
	remove  repeat
	rise    repeat      // up and
	sink    repeat      // down in the menu
	paste   chan string // what the clipboard had, when it has been read
	copied  chan string // what has come of copying
	copy    string      // the last of that, to be shown
	want    front.Want
	reached bool // the server of want has answered before
	attempt *attempt
	asked   question
	failure string

	menu    *front.Menu
	listing *attempt
	relist  time.Time // when to ask next what is being played

	session session
	view    client.Frame
	mode    client.View
	mover   mover
	leaving bool

	detail bool
	muted  bool
	tones  []tone // to be played after this step
	quit   bool

	scene scene
	since time.Time // when the scene began
}

// newApp returns a window that asks for an address, or dials the one that it was given.
func newApp(ctx context.Context, cfg Config, server server, now time.Time) *app {
	a := &app{ctx: ctx, cfg: cfg.withDefaults(), server: server, mode: cfg.View, muted: cfg.Mute, since: now}
	a.paste, a.copied = make(chan string, 1), make(chan string, 1)
	a.want = cfg.Want
	a.entry.insert(cfg.Want.Address)
	if a.want.Address != "" {
		if a.want.Kind == front.Undecided {
			a.want.Kind = front.Quick
		}
		a.connect(a.want)
	}
	a.scene = sceneOf(a.phase, a.view.Stage)
	return a
}

// step takes the window one frame further. It never blocks.
func (a *app) step(now time.Time, c controls) {
	a.tones = a.tones[:0]
	a.poll(now)
	switch a.phase {
	case phasePrompt:
		a.stepPrompt(now, c)
	case phaseMenu:
		a.stepMenu(now, c)
	case phaseDialing:
		if c.commands.has(cmdBack) {
			a.toMenu()
		}
	case phaseQuestion:
		a.stepQuestion(c.commands)
	case phaseFailed:
		a.stepFailed(c.commands)
	case phaseMatch:
		a.stepMatch(now, c)
	}
	if s := sceneOf(a.phase, a.view.Stage); s != a.scene {
		a.scene, a.since = s, now
	}
}

// poll takes what the other goroutines have to say.
func (a *app) poll(now time.Time) {
	select {
	case s := <-a.paste:
		switch a.phase {
		case phasePrompt:
			a.entry.insert(s)
		case phaseMenu:
			a.menu.Type(s)
		}
	case a.copy = <-a.copied:
	default:
	}
	if o, ended := a.ask(a.attempt); ended {
		a.attempt = nil
		a.begun(o)
	}
	if o, ended := a.ask(a.listing); ended {
		a.listing = nil
		a.listed(now, o)
	}
}

// ask looks at an attempt: it may have a question, or have ended.
func (a *app) ask(t *attempt) (o outcome, ended bool) {
	if t == nil {
		return o, false
	}
	select {
	case q := <-t.questions:
		a.asked, a.phase = q, phaseQuestion
	case o = <-t.done:
		return o, true
	default:
	}
	return o, false
}

// begun takes the result of an attempt.
func (a *app) begun(o outcome) {
	var refused *dial.RefusedError
	a.reached = a.reached || o.err == nil || errors.As(o.err, &refused)
	if o.err != nil {
		a.failure, a.phase = o.err.Error(), phaseFailed
		return
	}
	a.session, a.phase = o.session, phaseMatch
	a.session.SetView(a.mode)
	a.view, a.mover, a.leaving = client.Frame{Scorer: -1, Winner: -1}, mover{}, false
}

// connect dials what is wanted.
func (a *app) connect(want front.Want) {
	a.drop()
	a.want, a.phase = want, phaseDialing
	a.attempt = begin(a.ctx, &a.work, func(ctx context.Context, ask Ask) outcome {
		s, err := a.server.dial(ctx, want, ask)
		return outcome{session: s, err: err}
	})
}

// drop ends whatever is going on: a match, or an attempt at one.
func (a *app) drop() {
	for _, t := range []**attempt{&a.attempt, &a.listing} {
		if *t != nil {
			(*t).abandon(&a.work)
			*t = nil
		}
	}
	if s := a.session; s != nil {
		a.work.Go(func() { s.Close() })
		a.session = nil
	}
	a.leaving, a.view, a.copy = false, client.Frame{}, ""
}

// toPrompt goes back to the address, from wherever the window is.
func (a *app) toPrompt() {
	a.drop()
	a.phase = phasePrompt
}

func (a *app) stepPrompt(now time.Time, c controls) {
	a.edit(now, c)
	switch {
	case c.commands.has(cmdBack):
		a.quit = true
	case c.commands.has(cmdConfirm):
		address := a.entry.String()
		if address == "" {
			address = a.cfg.Default
		}
		if address != a.want.Address {
			a.want.Address, a.reached = address, false
		}
		if a.want.Kind = a.cfg.Want.Kind; a.want.Kind == front.Undecided {
			a.toMenu()
			return
		}
		a.want.Room, a.want.Level, a.want.Match = a.cfg.Want.Room, a.cfg.Want.Level, a.cfg.Want.Match
		a.connect(a.want)
	}
}

// edit changes the typed line.
func (a *app) edit(now time.Time, c controls) {
	a.entry.insert(c.typed)
	if a.erase.fire(c.commands.has(cmdErase), now) {
		a.entry.erase()
	}
	if a.remove.fire(c.commands.has(cmdRemove), now) {
		a.entry.remove()
	}
	switch {
	case c.commands.has(cmdLeft):
		a.entry.step(-1)
	case c.commands.has(cmdRight):
		a.entry.step(1)
	case c.commands.has(cmdHome):
		a.entry.home()
	case c.commands.has(cmdEnd):
		a.entry.end()
	case c.commands.has(cmdClear):
		a.entry.clear()
	case c.commands.has(cmdPaste):
		readClipboard(a.ctx, &a.work, a.paste)
	}
}

// stepQuestion takes the answer about an unknown server: only a yes in so many words is one.
func (a *app) stepQuestion(c command) {
	no, yes := c.has(cmdNo|cmdBack|cmdConfirm), c.has(cmdYes)
	if !no && !yes {
		return
	}
	a.asked.answer <- !no
	switch {
	case a.listing == nil:
		a.phase = phaseDialing
	case no:
		a.toMenu()
		a.menu.Back() // the list would ask again
	default:
		a.phase = phaseMenu
	}
}

// stepFailed waits for what to do about a failure.
func (a *app) stepFailed(c command) {
	switch {
	case c.has(cmdRematch):
		a.connect(a.want)
	case c.has(cmdConfirm|cmdBack) && a.reached:
		a.toMenu()
	case c.has(cmdConfirm | cmdBack):
		a.toPrompt()
	}
}

func (a *app) stepMatch(now time.Time, c controls) {
	var in game.Input
	a.mover, in = a.moved(c)
	a.session.Update(now, in)
	before := a.view
	a.view = a.session.Frame(now)
	a.tones = tonesOf(a.tones, before, a.view)
	a.switches(c.commands)
	switch {
	case a.leaving:
		a.stepLeaving(c.commands)
	case c.commands.has(cmdBack) && atStake(a.view):
		a.leaving = true
	case c.commands.has(cmdBack):
		a.toMenu()
	case a.view.Watching && !watchable(a.view) && c.commands.has(cmdConfirm):
		a.toMenu()
		a.menu.Open(front.PageWatch)
	case a.view.Stage == client.StageClosed && c.commands.has(cmdRematch):
		a.connect(a.want)
	case a.view.Stage == client.StageClosed && c.commands.has(cmdConfirm):
		a.toMenu()
	case a.view.Stage == client.StageOver && !a.view.Watching && c.commands.has(cmdRematch|cmdConfirm):
		a.session.Rematch()
	}
}

// atStake reports whether to leave would cost something, so that it must be asked for: a game that is going on, and that is
// one's own.
func atStake(v client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageOver, client.StageClosed:
		return false
	}
	return !v.Watching
}

// watchable reports whether there is something to look on at.
func watchable(v client.Frame) bool {
	switch v.Stage {
	case client.StageWaiting, client.StageOver, client.StageClosed:
		return false
	}
	return true
}

// moved works out the input of this frame. A window without the keyboard lets go of everything.
func (a *app) moved(c controls) (mover, game.Input) {
	if !c.focused || a.view.Watching {
		return mover{}, game.None
	}
	up, down := touched(a.view.Me, c.fingers)
	return a.mover.move(c.up|up, c.down|down)
}

// switches carries out the commands that a match always has.
func (a *app) switches(c command) {
	if c.has(cmdFigures) {
		a.detail = !a.detail
	}
	if c.has(cmdMute) {
		a.muted = !a.muted
	}
	if c.has(cmdView) {
		a.mode = a.mode.Next()
		a.session.SetView(a.mode)
	}
	if c.has(cmdCopy) && waitsForFriend(a.view, a.want) {
		command, _ := front.Invite(a.want.Address, a.view.Room)
		writeClipboard(a.ctx, &a.work, command, a.copied)
	}
}

// stepLeaving takes the answer to "Leave the match?".
func (a *app) stepLeaving(c command) {
	switch {
	case c.has(cmdNo | cmdBack | cmdConfirm), !atStake(a.view):
		a.leaving = false
	case c.has(cmdYes):
		a.toMenu()
	}
}

// frame returns what is to be seen now.
func (a *app) frame(now time.Time) frame {
	f := frame{
		scene:    a.scene,
		leaving:  a.leaving,
		age:      now.Sub(a.since),
		entry:    a.entry,
		standard: a.cfg.Default,
		want:     a.want,
		reached:  a.reached,
		question: a.asked.Question,
		failure:  a.failure,
		copied:   a.copy,
		view:     a.view,
		mode:     a.mode,
		detail:   a.detail,
		muted:    a.muted,
		zoom:     1,
	}
	if a.menu != nil {
		f.menu = a.menu.Show()
	}
	return f
}

// close leaves whatever is going on and waits for the goroutines.
func (a *app) close() {
	a.drop()
	a.work.Wait()
}
