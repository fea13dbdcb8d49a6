package front

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"

	"pong/internal/crash"
	"pong/internal/dial"
)

// A question is asked by a call, whose goroutine waits for the answer.
type question struct {
	dial.Question
	answer chan bool // with room for one
}

// An outcome is the result of a call.
type outcome struct {
	session  Session
	matches  []dial.Match
	nearby   []NearbyGame
	err      error
	panicked string // if not empty, the call panicked with this value and stack
}

// raise panics if the call did. The caller is a front end, which restores the terminal before the program ends.
func (o outcome) raise() {
	if o.panicked != "" {
		panic(o.panicked)
	}
}

// A call runs Dial or List in a goroutine of its own. Step checks its channels and never waits for them.
type call struct {
	cancel    context.CancelFunc
	questions chan question
	done      chan outcome // with room for one
}

// begin starts a call. work counts its goroutine.
func begin(ctx context.Context, work *sync.WaitGroup, try func(ctx context.Context, ask Ask) outcome) *call {
	ctx, cancel := context.WithCancel(ctx)
	c := &call{cancel: cancel, questions: make(chan question), done: make(chan outcome, 1)}
	work.Go(crash.Guarded(func() {
		defer cancel()
		c.done <- guarded(func() outcome { return try(ctx, c.ask) })
	}))
	return c
}

// guarded turns a panic into an outcome, for raise.
func guarded(try func() outcome) (o outcome) {
	defer func() {
		if p := recover(); p != nil {
			o = outcome{panicked: fmt.Sprintf("%v\n\n%s", p, debug.Stack())}
		}
	}()
	return try()
}

// ask asks the person a question and waits for the answer. The goroutine of the call calls it.
func (c *call) ask(ctx context.Context, q dial.Question) bool {
	asked := question{q, make(chan bool, 1)}
	select {
	case c.questions <- asked:
	case <-ctx.Done():
		return false
	}
	select {
	case yes := <-asked.answer:
		return yes
	case <-ctx.Done():
		return false
	}
}

// abandon cancels a call, and closes the session if the call still makes one.
func (c *call) abandon(work *sync.WaitGroup) {
	c.cancel()
	work.Go(crash.Guarded(func() {
		if o := <-c.done; o.session != nil {
			o.session.Close()
		}
	}))
}

// saveReplay saves the newest game, and returns a channel for the sentence about it.
func saveReplay(save func() (path string, err error), work *sync.WaitGroup) <-chan string {
	done := make(chan string, 1)
	work.Go(crash.Guarded(func() {
		path, err := save()
		if err != nil {
			done <- "The replay cannot be saved: " + err.Error()
			return
		}
		done <- "Saved as " + path + ". Play it with: pong replay FILE"
	}))
	return done
}

// leave closes a session without waiting for it.
func leave(s Session, work *sync.WaitGroup) { work.Go(crash.Guarded(func() { s.Close() })) }
