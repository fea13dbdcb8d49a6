package dial

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
)

// The times of redialling.
const (
	redialAfter = 2500 * time.Millisecond // of silence, for which a new socket alone has not helped
	renewAfter  = 11 * time.Hour          // the server ends a session after twelve
	firstPause  = 250 * time.Millisecond  // between two tries; each is twice the one before
	longPause   = 2 * time.Second         // at most, so that a server which has started again is soon found
)

// redial brings a lost seat back. While the connection that is played over is in trouble, it joins again with the resume
// secret, as often as it takes; the new connection registers, and takes the place of the old one when it is heard.
//
//	fine --control lost, 2.5 s of silence, server ends--> trying --joined--> registering --heard--> fine
//	                                                      ^   |                   |
//	                                                      '---'-- failed: wait <--'-- never heard
type redial struct {
	attempt *attempt
	next    *connection // has joined, and has not been heard yet
	tries   int
	again   time.Time      // when to try next
	work    sync.WaitGroup // of connections that are being closed
	over    bool           // the player has left

	// secrets are those that may bring the seat back, newest first: of the connection that is played over, and of others
	// that have joined since. The server may have heard one of these, and retired all before it, without our hearing of it.
	secrets []string
}

// maxSecrets is how many connections that were never heard are remembered, and the one that was.
const maxSecrets = 4

// add takes a connection that has joined: it keeps its secret, here and for the next process.
func (c *Client) add(conn *connection) {
	if c.rotation != nil {
		conn.session.NoteRotation(*c.rotation)
	}
	c.secrets = append([]string{conn.welcome.Resume}, c.secrets[:min(len(c.secrets), maxSecrets-1)]...)
	c.seat.keep(c.secrets)
}

// attempt is a try to join in a goroutine of its own.
type attempt struct {
	cancel context.CancelFunc
	done   chan outcome // room for one
}

type outcome struct {
	conn  *connection
	fresh bool // the old seat is gone: this is another one
	err   error
}

// redialIfDue does what is due about a connection in trouble. It never blocks.
func (c *Client) redialIfDue(now time.Time, in game.Input) {
	if c.over {
		return
	}
	if c.attempt != nil {
		select {
		case o := <-c.attempt.done:
			c.attempt.cancel()
			c.attempt = nil
			c.take(now, o)
		default:
		}
	}
	switch {
	case c.next != nil:
		c.tryNext(now, in)
	case c.attempt == nil && needsConnection(c.conn.session.Status(now)) && !now.Before(c.again):
		c.tries++
		c.conn.session.NoteRedial(c.tries)
		c.attempt = c.begin()
	}
}

// take takes the outcome of a try.
func (c *Client) take(now time.Time, o outcome) {
	switch {
	case o.err == nil:
		c.next = o.conn
		c.add(o.conn)
		c.next.session.SetSettings(c.conn.session.Settings())
		if o.fresh {
			c.next.session.NoteNewSeat()
		}
	case forGood(o.err):
		c.conn.session.Fail(o.err)
	default:
		c.wait(now)
	}
}

// needsConnection reports whether a session needs another connection, and may still get one.
func needsConnection(s client.Status) bool {
	if s.Closed || s.GivenUp {
		return false
	}
	return s.Closing || !s.Control || s.Deaf > redialAfter || s.Age > renewAfter
}

// wait puts off the next try: longer each time, and by chance, so that the players of a server which starts again do not
// all come at once.
func (c *Client) wait(now time.Time) {
	pause := min(firstPause<<min(c.tries, 8), longPause)
	c.again = now.Add(pause/2 + rand.N(pause/2))
}

// tryNext changes over to the new connection when it is heard, or when the server ends the old one, which it does because
// the new one has registered: the two words race. If it is never heard, it goes, and another is tried.
func (c *Client) tryNext(now time.Time, in game.Input) {
	c.next.update(now, in)
	next := c.next.session.Status(now)
	switch {
	case next.Started, c.conn.session.Status(now).Closed && !next.Closed:
		old := c.conn
		old.addDropped(&c.dropped)
		c.conn, c.next = c.next, nil
		c.tries = 0
		c.wait(now)
		c.secrets = c.secrets[:1] // all before have been retired
		c.seat.keep(c.secrets)
		c.work.Go(func() { old.close(false) })
	case next.Closed || next.Closing || !next.Control || next.Silence > dialWithin:
		old := c.next
		c.next = nil
		c.wait(now)
		c.work.Go(func() { old.close(false) })
	}
}

// begin starts a try.
func (c *Client) begin() *attempt {
	ctx, cancel := context.WithCancel(context.Background())
	a := &attempt{cancel: cancel, done: make(chan outcome, 1)}
	cfg, secrets := c.cfg, append(slices.Clone(c.secrets), "")
	go func() {
		conn, cfg, err := connectWith(ctx, cfg, secrets)
		a.done <- outcome{conn, cfg.Resume == "", err}
	}()
	return a
}

// connectWith joins with the first of some secrets that the server knows; the empty one is for a new seat. The Config that
// comes back says which it was.
func connectWith(ctx context.Context, cfg Config, secrets []string) (c *connection, used Config, err error) {
	for _, cfg.Resume = range secrets {
		if c, cfg, err = connect(ctx, cfg); !refusedWith(err, wire.CodeResume) {
			break
		}
	}
	return c, cfg, err
}

// stopRedial ends a try that goes on, and waits for it. It gives up the seat that the try may have taken if leave says so.
func (c *Client) stopRedial(leave bool) {
	c.over = true
	if c.attempt != nil {
		c.attempt.cancel()
		if o := <-c.attempt.done; o.conn != nil {
			o.conn.close(leave)
		}
		c.attempt = nil
	}
	if c.next != nil {
		c.next.close(leave)
		c.next = nil
	}
	c.work.Wait()
}

// refusedWith reports whether an error is a server's no with this code.
func refusedWith(err error, code string) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Code == code
}

// forGood reports whether to try again would bring the same answer: the server is not the one it was, or has said that
// it will not have us.
func forGood(err error) bool {
	var refused *RefusedError
	if errors.As(err, &refused) {
		switch refused.Code {
		case wire.CodeVersion, wire.CodeName, wire.CodeRole, wire.CodeRoom, wire.CodeBadLine:
			return true
		}
		return false
	}
	var distrust *DistrustError
	return errors.As(err, &distrust)
}
