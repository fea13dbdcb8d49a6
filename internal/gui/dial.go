//go:build !nogui

package gui

import (
	"context"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
)

// session is what the window needs of a *dial.Client. Tests put a made-up match in its place.
type session interface {
	Update(now time.Time, in game.Input)
	Frame(now time.Time) client.Frame
	Rematch()
	SetView(m client.View)
	Close() error
}

// server is Config's Dial and List, with a session for a result.
type server struct {
	dial func(ctx context.Context, want front.Want, ask Ask) (session, error)
	list func(ctx context.Context, address string, ask Ask) ([]dial.Match, error)
}

// serverOf adapts a Config. A nil *dial.Client must not become a session that is not nil.
func serverOf(cfg Config) server {
	return server{
		dial: func(ctx context.Context, want front.Want, ask Ask) (session, error) {
			c, err := cfg.Dial(ctx, want, ask)
			if err != nil {
				return nil, err
			}
			return c, nil
		},
		list: cfg.List,
	}
}

// question is one that Dial puts to the person; its goroutine waits for the answer.
type question struct {
	dial.Question
	answer chan bool // room for one
}

// outcome is how an attempt ended.
type outcome struct {
	session session
	matches []dial.Match
	err     error
}

// attempt is a call of Dial or List in a goroutine of its own. The screen looks at its channels once a frame and
// never waits for them.
type attempt struct {
	cancel    context.CancelFunc
	questions chan question
	done      chan outcome // room for one
}

// begin starts an attempt. Goroutines are counted in work.
func begin(ctx context.Context, work *sync.WaitGroup, try func(ctx context.Context, ask Ask) outcome) *attempt {
	ctx, cancel := context.WithCancel(ctx)
	a := &attempt{cancel: cancel, questions: make(chan question), done: make(chan outcome, 1)}
	work.Go(func() {
		defer cancel()
		a.done <- try(ctx, a.ask)
	})
	return a
}

// ask hands a question to the screen and waits, in the dialing goroutine.
func (a *attempt) ask(ctx context.Context, q dial.Question) bool {
	asked := question{q, make(chan bool, 1)}
	select {
	case a.questions <- asked:
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

// abandon ends an attempt that nobody waits for any more, and leaves the session that it may still have made.
func (a *attempt) abandon(work *sync.WaitGroup) {
	a.cancel()
	work.Go(func() {
		if o := <-a.done; o.session != nil {
			o.session.Close()
		}
	})
}
