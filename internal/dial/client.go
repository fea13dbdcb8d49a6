// Package dial connects a player to a server: it finds the server, checks its identity, joins, and keeps a connection
// that works. Dial returns a Client, to be used by the goroutine that owns the screen: it calls Update with the key that
// is held and Frame for the picture, once a frame, and neither waits for the network.
//
// What is played and drawn is a client.Session, which has no socket, clock or goroutine. A connection gives it sockets:
// one goroutine receives datagrams, one reads and one writes control lines, and all pass them on through bounded queues.
// When a connection is lost, Client dials again in another goroutine, and changes over once the new connection has
// received a STATE (redial.go).
package dial

import (
	"context"
	"io"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/wire"
)

// Config says whom to join and as whom.
type Config struct {
	Address string      // what a person typed, or a join link
	Name    string      // If empty, "player".
	Room    string      // to meet whoever else names it. If empty, the next free player.
	Trust   string      // the fingerprint the server must have. If empty, the link, the pin, the system's roots or Ask decide.
	View    client.View // how to draw
	PinFile string      // where the identities of servers are kept. If empty, none are.

	// SeatDir is where a seat is noted while it is held, so that a process which was killed takes it again when it is
	// started again. If empty, seats are not noted.
	SeatDir string

	// Watch looks on instead of playing: at the match named, at that of Room, or at any.
	Watch bool
	Match string

	// Ask asks the person whether to trust an unknown server. If nil, such a server is refused.
	Ask func(ctx context.Context, q Question) bool

	// Rotated is called if the server has rotated its identity since it was dialled last. Frames have it, too.
	Rotated func(client.Rotation)

	// Resume is the secret of the seat to take again (Client.Resume of the last time). If empty, a new seat.
	Resume string

	// Patience is for how long a server that does not answer is looked for. If zero, a minute: for as long as it keeps a
	// seat.
	Patience time.Duration

	// KeyLog gets the keys of every session, see sealed.WriteKeyLog. If nil, nobody does.
	KeyLog io.Writer

	// Transport opens the channels to the server. If nil, System, which is TCP and UDP.
	Transport Transport
}

// Question is about a server that nobody has vouched for.
type Question struct {
	Host, Fingerprint string // the fingerprint exactly as the server prints it
}

// checked fills in what may be left empty, and says what cannot be used.
func (cfg Config) checked() (Config, error) {
	if cfg.Name == "" {
		cfg.Name = "player"
	}
	if err := wire.CheckName(cfg.Name); err != nil {
		return cfg, err
	}
	if cfg.Room != "" {
		cfg.Room = wire.CleanRoom(cfg.Room)
		if err := wire.CheckRoom(cfg.Room); err != nil {
			return cfg, err
		}
	}
	if cfg.Transport == nil {
		cfg.Transport = System{}
	}
	return cfg, nil
}

// A Client is a player's place at a server, for as long as the player wants it. Its methods are for one goroutine: the
// one that owns the screen.
type Client struct {
	cfg      Config
	seat     *seatNote
	conn     *connection      // the one that is played over
	rotation *client.Rotation // of the server's identity, if there was one when it was dialled first
	dropped  client.Drops     // by the connections before
	redial
}

// Dial joins a server: TCP, TLS, the decision whether to trust it, JOIN, WELCOME, and the socket of the game channel.
// It blocks until that is done or ctx is. Its errors are for the person.
func Dial(ctx context.Context, cfg Config) (*Client, error) {
	cfg, err := cfg.checked()
	if err != nil {
		return nil, err
	}
	c := &Client{cfg: cfg}
	cfg.Rotated = func(r client.Rotation) {
		if c.rotation = &r; c.cfg.Rotated != nil {
			c.cfg.Rotated(r)
		}
	}
	secrets := []string{cfg.Resume}
	if cfg.SeatDir != "" && !cfg.Watch {
		c.seat = noteSeat(cfg)
	}
	if cfg.Resume == "" {
		secrets = append(c.seat.noted(), "") // the seat of the process before may be gone
	}
	var asked Config
	c.conn, asked, err = connectWith(ctx, cfg, secrets)
	if err != nil {
		c.seat.release()
		return nil, err
	}
	c.cfg.Trust = asked.Trust
	c.cfg.Ask, c.cfg.Rotated = nil, nil // a server that was trusted once is dialled again without a question
	c.add(c.conn)
	return c, nil
}

// Update moves the session to now with the key that is held: once a frame. It never blocks.
func (c *Client) Update(now time.Time, in game.Input) {
	c.conn.update(now, in)
	c.redialIfDue(now, in)
}

// Frame returns what to draw, right after Update. Its events are handed out once.
func (c *Client) Frame(now time.Time) client.Frame {
	f := c.conn.session.Frame(now)
	f.Dropped = c.dropped
	c.conn.addDropped(&f.Dropped)
	return f
}

// Rematch gives the player's word for another game.
func (c *Client) Rematch() { c.conn.tell(wire.Message{Type: wire.Rematch}) }

// SetView switches the way of drawing.
func (c *Client) SetView(m client.View) { c.conn.session.SetView(m) }

// SetSettings switches techniques off and on, and the way of drawing.
func (c *Client) SetSettings(to client.Settings) { c.conn.session.SetSettings(to) }

// Config returns how to join the same server again without a question.
func (c *Client) Config() Config { return c.cfg }

// Resume returns the secret with which this seat can be taken again.
func (c *Client) Resume() string { return c.conn.welcome.Resume }

// Close gives up the seat and releases everything, within a second. It may be called more than once.
func (c *Client) Close() error {
	c.stopRedial(true)
	c.conn.close(true)
	c.seat.forget()
	return nil
}
