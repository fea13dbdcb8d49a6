//go:build !js

package term

import (
	"context"
	"sync"

	"pong/internal/client"
)

// line makes the calls to Dial, one at a time and outside the screen's own
// goroutine. It sees to it that a session is closed even when it is opened just
// as the person leaves.
type line struct {
	ctx   context.Context
	dial  func(ctx context.Context, address string, ask Asker) (*client.Client, error)
	asked chan question

	underway sync.WaitGroup
	mu       sync.Mutex // guards the two below
	over     bool
	session  *client.Client
}

func newLine(ctx context.Context, dial func(context.Context, string, Asker) (*client.Client, error)) *line {
	return &line{ctx: ctx, dial: dial, asked: make(chan question)}
}

// answered is the message that a call has ended.
type answered struct {
	session *client.Client
	err     error
}

// question is the message that the server is unknown. Exactly one answer is
// taken.
type question struct {
	client.Question
	answer chan<- bool
}

// call dials, and blocks until that has succeeded or failed.
func (l *line) call(address string) answered {
	l.mu.Lock()
	if l.over {
		l.mu.Unlock()
		return answered{err: context.Canceled}
	}
	l.underway.Add(1)
	l.mu.Unlock()
	defer l.underway.Done()

	session, err := l.dial(l.ctx, address, l.ask)
	if err != nil {
		return answered{err: err}
	}
	l.mu.Lock()
	l.session = session
	l.mu.Unlock()
	return answered{session: session}
}

// ask takes a question to the screen and waits for the answer.
func (l *line) ask(ctx context.Context, q client.Question) bool {
	answer := make(chan bool, 1)
	select {
	case l.asked <- question{q, answer}:
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

// hangUp waits for a call under way, whose context must have ended, and closes
// the session.
func (l *line) hangUp() {
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.underway.Wait()
	if l.session != nil {
		_ = l.session.Close()
	}
}
