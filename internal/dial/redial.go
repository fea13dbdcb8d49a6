package dial

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/crash"
	"pong/internal/game"
	"pong/internal/wire"
)

// The times of redialling.
const (
	redialAfter = 2500 * time.Millisecond // without datagrams: a new socket alone has not helped
	renewAfter  = 11 * time.Hour          // the server ends a session after twelve
	firstPause  = 250 * time.Millisecond  // between two attempts; each is twice as long as the one before
	longPause   = 2 * time.Second         // at most, so that a server that has restarted is soon found

	// reconnectWithin bounds the time for TCP. An address that is dead would hold up the next attempt, and with it the
	// address at which the server may have started again meanwhile.
	reconnectWithin = 2 * time.Second
)

// redial is the state of a Client that concerns its next connection. While the connection in use is in trouble, the
// Client joins again with its resume secret, as often as it takes. The new connection registers, and replaces the old
// one when its first STATE arrives.
//
//	fine --control lost or silent, 2.5 s of silence, server ends--> dialling --joined--> registering --STATE--> fine
//	                                                                ^   |                    |
//	                                                                '---'--- failed: wait <--'--- no STATE
type redial struct {
	attempt *attempt
	next    *connection // has joined, and has received no STATE yet
	tries   int
	again   time.Time      // when to try next
	closing sync.WaitGroup // of connections that are being closed
	over    bool           // Close was called

	// secrets are those with which the seat may be taken again, newest first: that of the connection in use, and of
	// others that have joined since. The server may have received datagrams of one of these, and retired all before
	// it, though we received nothing. Those that the server has refused are left out.
	secrets []string
}

// maxSecrets is how many secrets are remembered.
const maxSecrets = 8

// add takes a connection that has joined: it keeps its secret, in memory and in the note of the seat.
func (c *Client) add(conn *connection) {
	if c.rotation != nil {
		conn.session.NoteRotation(*c.rotation)
	}
	c.secrets = remember(c.secrets, conn.welcome.Resume, conn.stale)
	c.seat.keep(c.secrets)
}

// remember adds a new secret to those that are known, newest first, less those that the server has refused: these never
// work again. If there are too many, the second oldest is forgotten: the oldest belongs to the connection in use, and
// is the only one that works if nothing of the others has reached the server.
func remember(known []string, fresh string, refused []string) []string {
	all := append([]string{fresh}, known...)
	all = slices.DeleteFunc(all, func(secret string) bool { return slices.Contains(refused, secret) })
	if n := len(all); n > maxSecrets {
		all = append(all[:maxSecrets-1], all[n-1])
	}
	return all
}

// An attempt is one to connect, in a goroutine of its own.
type attempt struct {
	cancel context.CancelFunc
	done   chan outcome // of capacity 1
}

// An outcome is that of an attempt.
type outcome struct {
	conn *connection
	err  error
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
		c.updateNext(now, in)
	case c.attempt == nil && c.needsConnection(now) && !now.Before(c.again):
		c.tries++
		c.conn.session.NoteRedial(c.tries)
		c.conn.noteSilence(now)
		c.attempt = c.begin()
	}
}

// needsConnection reports whether the session in use needs another connection now. If other servers can take over the
// match, it is not waited for long.
func (c *Client) needsConnection(now time.Time) bool {
	is := c.conn.session.Status(now)
	knocks := c.conn.nodes.Load() != nil && is.Running && (is.Refused || is.Stalled > knockAfter)
	return needsConnection(is) || knocks && !is.Closed
}

// needsConnection reports whether a session needs another connection, and may still get one.
func needsConnection(s client.Status) bool {
	if s.Closed || s.GivenUp {
		return false
	}
	return s.Closing || !s.Control || s.ControlSilent || s.Stalled > redialAfter || s.Age > renewAfter
}

// begin starts an attempt.
func (c *Client) begin() *attempt {
	ctx, cancel := context.WithCancel(context.Background())
	a := &attempt{cancel: cancel, done: make(chan outcome, 1)}
	cfg, secrets := c.cfg, append(slices.Clone(c.secrets), "")
	cfg.connectWithin = reconnectWithin
	if nodes := c.conn.nodes.Load(); nodes != nil {
		others, known := c.nodeConfigs(cfg, *nodes), secrets[:len(secrets)-1]
		newSeat := c.tries > seatTries || !c.conn.running
		go crash.Guarded(func() {
			conn, err := connectCluster(ctx, others, known, newSeat)
			a.done <- outcome{conn, err}
		})()
		return a
	}
	go crash.Guarded(func() {
		conn, err := connectAny(ctx, cfg, secrets)
		a.done <- outcome{conn, err}
	})()
	return a
}

// take takes the outcome of an attempt.
func (c *Client) take(now time.Time, o outcome) {
	switch {
	case o.err == nil:
		c.next = o.conn
		c.conn.session.NoteJoined(true)
		c.add(o.conn)
		if o.conn.cfg.Resume == "" {
			c.next.session.NoteNewSeat()
		}
	case isFinal(o.err):
		if refusedWith(o.err, wire.CodeKicked) {
			c.seat.forget()
		}
		c.conn.session.Fail(o.err)
	default:
		c.conn.session.NoteJoined(false)
		c.wait(now)
	}
}

// wait puts off the next attempt.
func (c *Client) wait(now time.Time) { c.again = now.Add(backOff(c.tries)) }

// updateNext changes over to the new connection when a STATE arrives on it. If none does, the new connection is closed
// and there will be another attempt, at another address of the server if it has one. The server ends the old
// session when the new one has registered, which shows only that datagrams arrive there: the old session goes on
// counting for how long nothing has arrived here.
func (c *Client) updateNext(now time.Time, in game.Input) {
	c.next.update(now, in)
	next := c.next.session.Status(now)
	switch {
	case next.Started:
		old := c.conn
		old.addDropped(&c.dropped)
		if old.session.Rekey(now, c.next.session) {
			c.next.session = old.session
		} else {
			c.next.session.Continue(old.session)
		}
		c.conn, c.next = c.next, nil
		c.tries = 0
		c.wait(now)
		c.secrets = c.secrets[:1] // the server has retired all others
		c.seat.keep(c.secrets)
		c.closing.Go(crash.Guarded(func() { old.close(false) }))
	case next.Closed || next.Closing || !next.Control || next.Silence > c.next.silenceWithin():
		old := c.next
		old.noteSilence(now)
		c.next = nil
		if next.Closed && c.conn.session.Status(now).Replaced {
			c.conn.session.EndAs(old.session) // the seat is gone
		}
		c.conn.session.NoteJoined(next.Control && !next.Closing)
		c.wait(now)
		c.closing.Go(crash.Guarded(func() { old.close(false) }))
	}
}

// stopRedial cancels an attempt and waits for it. It gives up the seat that the attempt may have taken, and reports
// whether the server has confirmed that.
func (c *Client) stopRedial() (freed bool) {
	c.over = true
	if c.attempt != nil {
		c.attempt.cancel()
		if o := <-c.attempt.done; o.conn != nil {
			freed = o.conn.close(true)
		}
		c.attempt = nil
	}
	if c.next != nil {
		freed = c.next.close(true)
		c.next = nil
	}
	c.closing.Wait()
	return freed
}

// isFinal reports whether another attempt would have the same result: the server has another identity, or has refused
// something that does not change.
func isFinal(err error) bool {
	var refused *RefusedError
	if errors.As(err, &refused) {
		switch refused.Code {
		case wire.CodeVersion, wire.CodeName, wire.CodeRole, wire.CodeRoom, wire.CodeBadLine,
			wire.CodeDenied, wire.CodeKicked,
			wire.CodeTicketMissing, wire.CodeTicketInvalid, wire.CodeTicketServer, wire.CodeTicketExpired,
			wire.CodeTicketRole:
			return true
		}
		return false
	}
	var distrust *DistrustError
	return errors.As(err, &distrust) || errors.Is(err, errTicketServer)
}
