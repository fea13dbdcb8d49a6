package server

import (
	"net"
	"runtime"
)

// turns are what handshakes take to compute: one fewer than there are threads, so that however many strangers come, one is
// left for the shards. Who waits for the other side holds none, or silent strangers would keep everybody out.
type turns chan struct{}

func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// A turned is a connection whose handshake takes turns.
type turned struct {
	net.Conn
	turns   turns
	shaking bool // the handshake is under way, and nobody else reads
}

// handshake does a handshake over the connection, in turns.
func (c *turned) handshake(f func() error) error {
	c.turns <- struct{}{}
	c.shaking = true
	err := f()
	c.shaking = false
	<-c.turns
	return err
}

// Read leaves the turn to others while it waits. Writes do not wait: what a handshake sends fits the system's buffer.
func (c *turned) Read(b []byte) (int, error) {
	if c.shaking {
		<-c.turns
		defer func() { c.turns <- struct{}{} }()
	}
	return c.Conn.Read(b)
}

// CloseWrite closes one direction, where the connection beneath can.
func (c *turned) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
