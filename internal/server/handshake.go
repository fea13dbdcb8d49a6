package server

import (
	"net"
	"runtime"
)

// handshakes are what handshakes take to compute: one fewer than there are threads, so that however many strangers come, one is
// left for the shards. Who waits for the other side holds none, or silent strangers would keep everybody out.
type handshakeLimiter chan struct{}

func newHandshakeLimiter() handshakeLimiter {
	return make(handshakeLimiter, max(1, runtime.GOMAXPROCS(0)-1))
}

// A limitedConn is a connection whose handshake takes turns.
type limitedConn struct {
	net.Conn
	limiter     handshakeLimiter
	handshaking bool // the handshake is under way, and nobody else reads
}

// Handshake does a handshake over the connection, in turns.
func (c *limitedConn) Handshake(f func() error) error {
	c.limiter <- struct{}{}
	c.handshaking = true
	err := f()
	c.handshaking = false
	<-c.limiter
	return err
}

// Read leaves the turn to others while it waits. Writes do not wait: what a handshake sends fits the system's buffer.
func (c *limitedConn) Read(b []byte) (int, error) {
	if c.handshaking {
		<-c.limiter
		defer func() { c.limiter <- struct{}{} }()
	}
	return c.Conn.Read(b)
}

// CloseWrite closes one direction, where the connection beneath can.
func (c *limitedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// onFreshStack runs a function in a goroutine that ends with it, and waits. A TLS handshake needs a stack of 16 KiB, a line that is
// written one of 8, and the goroutines that wait for a player's lines for hours would keep what they once had.
func onFreshStack(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}
