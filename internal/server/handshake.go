package server

import (
	"net"

	"pong/internal/crash"
)

// A limitedConn is a connection whose TLS handshake is subject to a handshakeLimiter. During the handshake it gives its
// place up while Read waits. It ignores Write: a handshake's messages fit the kernel's send buffer.
//
//	Handshake --> waiting for bytes <--Read-- computing --> done
//	                 '--bytes, place free--------^
type limitedConn struct {
	net.Conn
	pending *pendingConn
	limiter *handshakeLimiter

	// Set and read only by the goroutine that runs the handshake.
	handshaking bool
	computing   bool   // has a place
	ahead       []byte // read from the connection, but not by TLS yet
}

// flightLen is how much is read at once during the handshake: more than a ClientHello. TLS reads a message in parts,
// and would otherwise wait for a place before each.
const flightLen = 4096

// Handshake runs f, which performs the TLS handshake on c and begins with a Read.
func (c *limitedConn) Handshake(f func() error) error {
	c.handshaking = true
	defer func() {
		c.handshaking = false
		c.giveUpPlace()
	}()
	return f()
}

// Read reads from the connection. During the handshake it takes a place before it returns, and has none while it waits.
// It fails if the connection is evicted meanwhile.
func (c *limitedConn) Read(b []byte) (int, error) {
	if len(c.ahead) > 0 {
		return c.take(b), nil
	}
	if !c.handshaking {
		return c.Conn.Read(b)
	}
	c.giveUpPlace()
	flight := make([]byte, flightLen)
	n, err := c.Conn.Read(flight)
	if err != nil {
		return 0, err
	}
	c.pending.spoke.Store(true)
	if err := c.limiter.acquire(c.pending.ctx, c.pending.crowding()); err != nil {
		return 0, err
	}
	c.computing, c.ahead = true, flight[:n]
	return c.take(b), nil
}

// take copies what was read ahead.
func (c *limitedConn) take(b []byte) int {
	n := copy(b, c.ahead)
	if c.ahead = c.ahead[n:]; len(c.ahead) == 0 {
		c.ahead = nil
	}
	return n
}

// giveUpPlace gives up the place, if the handshake has one.
func (c *limitedConn) giveUpPlace() {
	if c.computing {
		c.computing = false
		c.limiter.release()
	}
}

// CloseWrite closes the direction to the peer if the connection can do that.
func (c *limitedConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// onFreshStack runs f in a new goroutine and waits for it. A TLS handshake needs a stack of 16 KiB, and a written line
// one of 8: a goroutine that then waits for hours for a player's lines would keep a stack of that size.
func onFreshStack(f func()) {
	done := make(chan struct{})
	go crash.Guarded(func() {
		defer close(done)
		f()
	})()
	<-done
}
