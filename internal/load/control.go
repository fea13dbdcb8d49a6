package load

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"sync"
	"time"

	"pong/internal/wire"
)

// Timing of the control channel.
const (
	keepAlive     = 10 * time.Second
	controlWithin = 5 * time.Second
	leaveWithin   = 10 * time.Second // for all players together
	workers       = 4
)

// A control is a player's control connection. One worker at a time uses it.
type control struct {
	conn  *tls.Conn
	lines *bufio.Reader
	busy  sync.Mutex // held while a worker uses the connection
	ended bool       // guarded by busy
}

// join sends JOIN and waits for the WELCOME.
func (c *control) join(name string) (w wire.Message, err error) {
	if err := c.write(wire.Message{Type: wire.Join, Version: wire.Version, Name: name,
		Role: wire.RolePlayer}); err != nil {
		return w, fmt.Errorf("join: %w", err)
	}
	w, err = c.read()
	switch {
	case err != nil:
		return w, fmt.Errorf("join: %w", err)
	case w.Type == wire.Error:
		return w, &refusedError{w.Code, w.Message}
	case w.Type != wire.Welcome:
		return w, fmt.Errorf("the server answered JOIN with %.20q", w.Type)
	}
	return w, nil
}

func (c *control) write(m wire.Message) error {
	_, err := c.conn.Write(wire.AppendLine(nil, m))
	return err
}

func (c *control) read() (wire.Message, error) {
	return wire.ReadMessage(c.lines)
}

// exchange sends a request and reads lines until the PONG. It returns the seat that the player has moved to, or -1,
// and why the connection has ended, if it has.
func (c *control) exchange(r request) (seat int, why string) {
	seat = -1
	first := wire.Message{Type: wire.Ping}
	if r.rematch {
		first.Type = wire.Rematch
	}
	if err := c.write(first); err != nil {
		return seat, "write"
	}
	if r.rematch {
		if err := c.write(wire.Message{Type: wire.Ping}); err != nil {
			return seat, "write"
		}
	}
	for {
		switch m, err := c.read(); {
		case err != nil:
			return seat, "read"
		case m.Type == wire.Pong:
			return seat, ""
		case m.Type == wire.Error:
			return seat, m.Code
		case m.Type == wire.Seat && (m.PlayerID == 1 || m.PlayerID == 2):
			seat = m.PlayerID - 1
		}
	}
}
