//go:build !js

package term

import (
	"context"
	"sync"

	"pong/internal/dial"
	"pong/internal/front"
)

// line makes the calls to Dial and List, outside the screen's own goroutine. It
// sees to it that a session is closed even when it is opened just as the person
// leaves.
type line struct {
	ctx   context.Context
	cfg   Config
	asked chan question

	underway sync.WaitGroup
	mu       sync.Mutex // guards the two below
	over     bool
	sessions map[*dial.Client]bool // that are open
}

func newLine(ctx context.Context, cfg Config) *line {
	return &line{ctx: ctx, cfg: cfg, asked: make(chan question), sessions: make(map[*dial.Client]bool)}
}

// call is one call of Dial or List, which ends with its context.
type call struct {
	ctx    context.Context
	cancel context.CancelFunc
	list   bool
}

// open begins a call.
func (l *line) open(list bool) *call {
	c := &call{list: list}
	c.ctx, c.cancel = context.WithCancel(l.ctx)
	return c
}

// answered is the message that a call to Dial has ended, listed that one to List
// has.
type (
	answered struct {
		call    *call
		session *dial.Client
		err     error
	}
	listed struct {
		call    *call
		matches []dial.Match
		err     error
	}
)

// question is the message that the server is unknown. Exactly one answer is
// taken.
type question struct {
	dial.Question
	call   *call
	answer chan<- bool
}

// dial joins, and blocks until that has succeeded or failed.
func (l *line) dial(c *call, want front.Want) answered {
	defer c.cancel()
	if !l.begin() {
		return answered{call: c, err: context.Canceled}
	}
	defer l.underway.Done()
	session, err := l.cfg.Dial(c.ctx, want, l.asker(c))
	if err != nil {
		return answered{call: c, err: err}
	}
	if c.ctx.Err() != nil { // nobody waits for it any more
		_ = session.Close()
		return answered{call: c, err: context.Cause(c.ctx)}
	}
	l.mu.Lock()
	l.sessions[session] = true
	l.mu.Unlock()
	return answered{call: c, session: session}
}

// list asks what is being played, and blocks until that has succeeded or failed.
func (l *line) list(c *call, address string) listed {
	defer c.cancel()
	if !l.begin() {
		return listed{call: c, err: context.Canceled}
	}
	defer l.underway.Done()
	matches, err := l.cfg.List(c.ctx, address, l.asker(c))
	return listed{c, matches, err}
}

// begin counts a call, unless the person has left.
func (l *line) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.underway.Add(1)
	}
	return !l.over
}

// asker takes the questions of a call to the screen and waits for the answers.
func (l *line) asker(c *call) Asker {
	return func(ctx context.Context, q dial.Question) bool {
		answer := make(chan bool, 1)
		select {
		case l.asked <- question{q, c, answer}:
		case <-ctx.Done():
			return false
		}
		select {
		case yes := <-answer:
			return yes
		case <-ctx.Done():
			return false
		}
	}
}

// leave closes a session without waiting for it.
func (l *line) leave(session *dial.Client) {
	if !l.begin() {
		return // hangUp closes it
	}
	go func() {
		defer l.underway.Done()
		l.mu.Lock()
		delete(l.sessions, session)
		l.mu.Unlock()
		_ = session.Close()
	}()
}

// hangUp waits for the calls under way, whose context must have ended, and
// closes the sessions.
func (l *line) hangUp() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.underway.Wait()
	for session := range l.sessions {
		_ = session.Close()
	}
}
