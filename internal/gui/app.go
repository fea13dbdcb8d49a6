//go:build !nogui

package gui

import (
	"context"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// app is the window without its pixels: the phases, the session, what is typed. One goroutine owns it. It is
// advanced by step once a frame and shown by frame.
type app struct {
	ctx  context.Context
	cfg  Config
	dial dialFunc
	work sync.WaitGroup // goroutines that must end before Run returns

	phase   phase
	entry   entry
	erase   repeat
	remove  repeat
	paste   chan string // what the clipboard had, when it has been read
	address string
	attempt *attempt
	asked   question
	failure string

	session session
	view    client.View
	mode    client.ViewMode
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
func newApp(ctx context.Context, cfg Config, dial dialFunc, now time.Time) *app {
	a := &app{ctx: ctx, cfg: cfg.withDefaults(), dial: dial, mode: cfg.View, muted: cfg.Mute, since: now}
	a.paste = make(chan string, 1)
	a.entry.insert(cfg.Address)
	if cfg.Address != "" {
		a.connect(cfg.Address)
	}
	a.scene = sceneOf(a.phase, a.view.Stage)
	return a
}

// step takes the window one frame further. It never blocks.
func (a *app) step(now time.Time, c controls) {
	a.tones = a.tones[:0]
	a.poll()
	switch a.phase {
	case phasePrompt:
		a.stepPrompt(now, c)
	case phaseDialing:
		if c.commands.has(cmdBack) {
			a.toPrompt()
		}
	case phaseQuestion:
		a.stepQuestion(c.commands)
	case phaseFailed:
		switch {
		case c.commands.has(cmdRematch):
			a.connect(a.address)
		case c.commands.has(cmdConfirm | cmdBack):
			a.toPrompt()
		}
	case phaseMatch:
		a.stepMatch(now, c)
	}
	if s := sceneOf(a.phase, a.view.Stage); s != a.scene {
		a.scene, a.since = s, now
	}
}

// poll takes what the other goroutines have to say.
func (a *app) poll() {
	select {
	case s := <-a.paste:
		if a.phase == phasePrompt {
			a.entry.insert(s)
		}
	default:
	}
	if a.attempt == nil {
		return
	}
	select {
	case q := <-a.attempt.questions:
		a.asked, a.phase = q, phaseQuestion
	case o := <-a.attempt.done:
		a.attempt = nil
		a.begun(o)
	default:
	}
}

// begun takes the result of an attempt.
func (a *app) begun(o outcome) {
	if o.err != nil {
		a.failure, a.phase = o.err.Error(), phaseFailed
		return
	}
	a.session, a.phase = o.session, phaseMatch
	a.session.SetView(a.mode)
	a.view, a.mover, a.leaving = client.View{Scorer: -1, Winner: -1}, mover{}, false
}

// connect dials an address.
func (a *app) connect(address string) {
	a.address, a.phase = address, phaseDialing
	a.attempt = begin(a.ctx, &a.work, a.dial, address)
}

// toPrompt goes back to the address, from wherever the window is.
func (a *app) toPrompt() {
	if a.attempt != nil {
		a.attempt.abandon(&a.work)
		a.attempt = nil
	}
	if s := a.session; s != nil {
		a.work.Go(func() { s.Close() })
		a.session = nil
	}
	a.phase, a.leaving, a.view = phasePrompt, false, client.View{}
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
		a.connect(address)
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
	switch {
	case c.has(cmdNo | cmdBack | cmdConfirm):
		a.asked.answer <- false
		a.phase = phaseDialing
	case c.has(cmdYes):
		a.asked.answer <- true
		a.phase = phaseDialing
	}
}

func (a *app) stepMatch(now time.Time, c controls) {
	var in game.Input
	a.mover, in = a.moved(c)
	a.session.Update(now, in)
	before := a.view
	a.view = a.session.View(now)
	a.tones = tonesOf(a.tones, before, a.view)
	a.switches(c.commands)
	switch {
	case a.leaving:
		a.stepLeaving(c.commands)
	case a.view.Stage == client.StageClosed:
		if c.commands.has(cmdConfirm | cmdBack) {
			a.toPrompt()
		}
	case c.commands.has(cmdBack):
		a.leaving = true
	case a.view.Stage == client.StageOver && c.commands.has(cmdRematch|cmdConfirm):
		a.session.Rematch()
	}
}

// moved works out the input of this frame. A window without the keyboard lets go of everything.
func (a *app) moved(c controls) (mover, game.Input) {
	if !c.focused {
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
}

// stepLeaving takes the answer to "Leave the match?".
func (a *app) stepLeaving(c command) {
	switch {
	case c.has(cmdNo | cmdBack | cmdConfirm), a.view.Stage == client.StageClosed:
		a.leaving = false
	case c.has(cmdYes):
		a.toPrompt()
	}
}

// frame returns what is to be seen now.
func (a *app) frame(now time.Time) frame {
	return frame{
		scene:    a.scene,
		leaving:  a.leaving,
		age:      now.Sub(a.since),
		entry:    a.entry,
		standard: a.cfg.Default,
		address:  a.address,
		question: a.asked.Question,
		failure:  a.failure,
		view:     a.view,
		mode:     a.mode,
		detail:   a.detail,
		muted:    a.muted,
		zoom:     1,
	}
}

// close leaves whatever is going on and waits for the goroutines.
func (a *app) close() {
	a.toPrompt()
	a.work.Wait()
}
