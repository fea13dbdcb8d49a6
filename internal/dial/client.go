package dial

import (
	"sync"
	"time"

	"pong/internal/client"
	"pong/internal/crash"
	"pong/internal/game"
	"pong/internal/wire"
)

// A Client is a player's seat, or a watcher's place, at a server. It keeps it until Close, over as many connections as
// that takes. Its methods are for one goroutine, which owns the screen. The match does not depend on it: if it draws
// few frames, or none, the session is moved by a goroutine of the Client.
type Client struct {
	cfg  Config
	seat *seatNote

	mu       sync.Mutex       // guards the fields below; never held while waiting for the network
	conn     *connection      // in use
	rotation *client.Rotation // of the server's identity, if there was one when it was dialled first
	dropped  client.Drops     // by earlier connections
	redial
	stepping
}

// Update moves the session to now with the key that is held. It is called once a frame and never blocks.
func (c *Client) Update(now time.Time, in game.Input) { c.stepFrame(now, in) }

// Frame returns what to draw, right after Update. Each event is in one frame only. The first frame after a pause has
// none, because they are of the past.
func (c *Client) Frame(now time.Time) client.Frame {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Before(c.moved) {
		now = c.moved
	}
	f := c.conn.session.Frame(now)
	if now.Sub(c.shown) > hiddenAfter {
		f.Events = nil
	}
	c.shown = now
	f.Dropped = c.dropped
	c.conn.addDropped(&f.Dropped)
	return f
}

// Rematch asks for another game, as often as it takes until the server knows.
func (c *Client) Rematch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.session.AskRematch()
}

// Accept has the player accept the other one in a room, so that the match can begin at once.
func (c *Client) Accept() { c.sendDue((*client.Session).Accept) }

// Refuse sends away the other player from a room that this player has opened, until the match begins.
func (c *Client) Refuse() { c.sendDue((*client.Session).Refuse) }

// sendDue sends the server a line of the session, if one is due.
func (c *Client) sendDue(of func(*client.Session) (wire.Message, bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if line, due := of(c.conn.session); due {
		c.conn.enqueue(line)
	}
}

// SetSettings switches techniques off and on, and the way of drawing.
func (c *Client) SetSettings(to client.Settings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.session.SetSettings(to)
}

// Inspect returns an Inspection right after a Frame, which it is given.
func (c *Client) Inspect(now time.Time, f *client.Frame) client.Inspection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn.session.Inspect(now, f)
}

// SetShadow has a shadow with these settings, and no other one, draw the match beside the session. If they are nil,
// there is none.
func (c *Client) SetShadow(settings *client.Settings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.conn.session
	for len(s.Shadows()) > 0 {
		s.RemoveShadow(s.Shadows()[0])
	}
	if settings != nil {
		s.AddShadow(*settings)
	}
}

// Shadow returns what the shadow draws, right after Frame. ok is false if there is none.
func (c *Client) Shadow(now time.Time) (f client.Frame, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	shadows := c.conn.session.Shadows()
	if len(shadows) == 0 {
		return f, false
	}
	if now.Before(c.moved) {
		now = c.moved
	}
	return shadows[0].Frame(now), true
}

// Config returns the Config with which the same server can be joined again without a question.
func (c *Client) Config() Config { return c.cfg }

// Resume returns the secret with which this seat can be taken again.
func (c *Client) Resume() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.conn.welcome.Resume
}

// Close gives up the seat and releases everything, within a second. It may be called more than once.
func (c *Client) Close() error {
	c.stopStepping()
	left := false
	c.closing.Go(crash.Guarded(func() { left = c.conn.close(true) }))
	if freed := c.stopRedial(); freed || left { // it waits for closing
		c.seat.forget()
	} else {
		c.seat.release() // the server keeps the seat for a while, and the next process takes it again
	}
	return nil
}
