package server

import (
	"context"
	"net"
	"runtime"

	"golang.org/x/sync/semaphore"
)

// A handshakeLimiter bounds how many TLS handshakes are computed at once. One processor stays free for the shards, so a
// flood of new connections cannot delay a match. A handshake that waits for its peer does not count: otherwise silent
// connections would keep everyone else out.
type handshakeLimiter struct{ sem *semaphore.Weighted }

// newHandshakeLimiter returns a limiter with n places.
func newHandshakeLimiter(n int) handshakeLimiter {
	return handshakeLimiter{semaphore.NewWeighted(int64(n))}
}

// handshakePlaces returns the number of places of a server.
func handshakePlaces() int { return max(1, runtime.GOMAXPROCS(0)-1) }

// A limitedConn is a connection whose TLS handshake is subject to a handshakeLimiter. During the handshake it gives its
// place up while Read waits. It ignores Write: a handshake's messages fit the kernel's send buffer.
//
//	Handshake --place free--> computing --Read--> waiting without a place --bytes, place free--> computing --> done
type limitedConn struct {
	net.Conn
	limiter     handshakeLimiter
	handshaking bool // set and read only by the goroutine that runs the handshake
}

// Handshake runs f, which performs the TLS handshake on c. It returns ctx's error if the connection is evicted before a
// place is free.
func (c *limitedConn) Handshake(ctx context.Context, f func() error) error {
	if err := c.limiter.sem.Acquire(ctx, 1); err != nil {
		return err
	}
	defer c.limiter.sem.Release(1)
	c.handshaking = true
	defer func() { c.handshaking = false }()
	return f()
}

// Read reads from the connection, without a place while it waits.
func (c *limitedConn) Read(b []byte) (int, error) {
	if c.handshaking {
		c.limiter.sem.Release(1)
		defer c.limiter.sem.Acquire(context.Background(), 1) // never fails: the background context is never done
	}
	return c.Conn.Read(b)
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
	go func() {
		defer close(done)
		f()
	}()
	<-done
}
