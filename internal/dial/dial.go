// Package dial connects a player to a server: it checks the server's identity, joins, and keeps a connection that
// works. Dial returns a Client for the goroutine that owns the screen. Once a frame this goroutine calls Update with
// the key that is held and Frame for the picture; neither waits for the network.
//
// The game itself is a client.Session, which has no socket, clock or goroutine. The package reads in the order of a
// dial:
//
//	Dial, connect    dial.go        one attempt after another
//	  retryWhileBusy busy.go        again after a pause if the server is busy
//	  dialControl    control.go     a stream of the Transport, TLS, the decision to trust, a rotation
//	  join           join.go        JOIN and WELCOME
//	  newConnection  connection.go  keys, Session, game channel, goroutines
//	Client.Update    client.go      frame by frame
//	  step           step.go        datagrams and lines to the Session, with frames and without
//	  redialIfDue    redial.go      another connection when this one is lost
package dial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"slices"
	"time"

	"pong/internal/client"
	"pong/internal/trust"
	"pong/internal/wire"
)

// dialWithin bounds the time for TCP and TLS together, and then that for the WELCOME.
const dialWithin = 10 * time.Second

// Dial joins a server and opens the game channel. It blocks until that is done or ctx ends. Its errors are written for
// the person who wants to play.
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
	var secrets []string
	cfg.Ask = askOnce(cfg.Ask)
	err = retryWhileBusy(ctx, cfg, func() (err error) {
		secrets, err = c.connect(ctx, cfg)
		return err
	})
	if err != nil {
		if refusedWith(err, wire.CodeKicked) { // the next attempt is to get a new seat
			c.seat.forget()
		}
		c.seat.release()
		return nil, err
	}
	c.cfg.Trust, c.cfg.Agreed = c.conn.cfg.Trust, c.conn.cfg.Agreed
	// A server that was trusted once is dialled again without a question.
	c.cfg.Ask, c.cfg.Rotated, c.cfg.LinkDecided, c.cfg.Unkept, c.cfg.Waiting = nil, nil, nil, nil, nil
	if c.conn.cfg.Resume != "" { // what the note has still works, until the server has received a datagram
		c.secrets = slices.DeleteFunc(secrets, func(secret string) bool { return secret == "" })
	}
	c.add(c.conn)
	c.startStepping()
	return c, nil
}

// connect makes the first connection. The note of a seat is that of the server that has been reached, so it is read
// when that is known. connect returns the secrets that it has tried in turn, an empty one for a new seat.
func (c *Client) connect(ctx context.Context, cfg Config) (secrets []string, err error) {
	control, cfg, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if cfg.SeatDir != "" && !cfg.Watch && c.seat == nil {
		var server []trust.Fingerprint
		if server, err = trust.Identities(time.Now(), control.ConnectionState().PeerCertificates); err == nil {
			c.seat, err = noteSeatWithin(seatNoteTime, cfg, server)
		}
		cfg.unkept(err)
	}
	if secrets = []string{cfg.Resume}; cfg.Resume == "" {
		secrets = append(c.seat.noted(), "") // the seat of the previous process may be gone
	}
	cfg.Resume = secrets[0]
	if c.conn, err = joinOver(ctx, cfg, control); !refusedWith(err, wire.CodeResume) || len(secrets) == 1 {
		return secrets, err
	}
	if c.conn, err = connectAny(ctx, cfg, secrets[1:]); err == nil {
		c.conn.stale = append(secrets[:1:1], c.conn.stale...)
	}
	return secrets, err
}

// connectAny connects with the first of some resume secrets that the server knows. An empty secret asks for a new seat.
func connectAny(ctx context.Context, cfg Config, secrets []string) (c *connection, err error) {
	for i, secret := range secrets {
		cfg.Resume = secret
		if c, err = connect(ctx, cfg); !refusedWith(err, wire.CodeResume) {
			if err == nil {
				c.stale = secrets[:i]
			}
			break
		}
	}
	return c, err
}

// connect makes one connection. Its Config has the secret that it was made with, and the fingerprint that the person
// has agreed to.
func connect(ctx context.Context, cfg Config) (*connection, error) {
	control, cfg, err := dialControl(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return joinOver(ctx, cfg, control)
}

// joinOver joins over a control connection, and makes the connection of the two channels.
func joinOver(ctx context.Context, cfg Config, control *tls.Conn) (*connection, error) {
	lines := bufio.NewReaderSize(control, wire.MaxLine)
	welcome, err := join(ctx, cfg, control, lines)
	if err != nil {
		control.Close()
		return nil, err
	}
	c, err := newConnection(ctx, cfg, control, lines, welcome)
	if err != nil {
		control.Close()
		return nil, err
	}
	return c, nil
}

// refusedWith reports whether an error is the server's ERROR with a code.
func refusedWith(err error, code string) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Code == code
}
