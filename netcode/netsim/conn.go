package netsim

import (
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// A Conn puts a bad network before a connection that carries datagrams, such as a connected UDP socket: what is written
// passes one link, and what arrives another one. Several goroutines may use it at once. Close ends the connection, and
// the goroutines of the Conn.
type Conn struct {
	net.Conn
	up, down *timedLink
	running  sync.WaitGroup
}

// NewConn returns a Conn whose writes pass a link with the profile up, and whose reads one with the profile down. It
// owns the connection from now on.
func NewConn(conn net.Conn, up, down Profile, seed uint64) *Conn {
	c := &Conn{Conn: conn, up: newTimedLink(up, subSeed(seed, 0)), down: newTimedLink(down, subSeed(seed, 1))}
	c.running.Go(c.send)
	c.running.Go(c.receive)
	return c
}

// send writes what the link up delivers.
func (c *Conn) send() {
	buffer := make([]byte, largestPacket+1)
	for {
		n, err := c.up.receive(buffer)
		if err != nil {
			return
		}
		_, _ = c.Conn.Write(buffer[:n]) // a network does not tell the sender of what it loses
	}
}

// receive puts what arrives into the link down.
func (c *Conn) receive() {
	buffer := make([]byte, largestPacket+1)
	for {
		n, err := c.Conn.Read(buffer)
		switch {
		case err == nil:
			c.down.send(buffer[:n])
		case errors.Is(err, net.ErrClosed):
			return
		default: // such as an ICMP error, which the reader wants to know of
			c.down.fail(err)
			time.Sleep(time.Millisecond) // should it be a broken connection
		}
	}
}

// Read waits for a datagram. It returns errors of the connection, too.
func (c *Conn) Read(b []byte) (int, error) { return c.down.receive(b) }

// Write sends a datagram. It does not block.
func (c *Conn) Write(b []byte) (int, error) {
	if c.up.isClosed() {
		return 0, net.ErrClosed
	}
	if len(b) > largestPacket {
		return 0, os.ErrInvalid
	}
	c.up.send(b)
	return len(b), nil
}

// Set changes the profiles for the datagrams from now on.
func (c *Conn) Set(up, down Profile) {
	c.up.set(up)
	c.down.set(down)
}

// Stats returns the counts of both directions.
func (c *Conn) Stats() (up, down Stats) { return c.up.stats(), c.down.stats() }

// SetReadDeadline makes reads fail with os.ErrDeadlineExceeded at time t.
func (c *Conn) SetReadDeadline(t time.Time) error {
	if c.down.isClosed() {
		return net.ErrClosed
	}
	c.down.setDeadline(t)
	return nil
}

// SetWriteDeadline does nothing, as writes do not block.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// SetDeadline is SetReadDeadline.
func (c *Conn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

// Close closes the connection. Datagrams that are on the way are lost.
func (c *Conn) Close() error {
	_ = c.up.close()
	_ = c.down.close()
	err := c.Conn.Close()
	c.running.Wait()
	return err
}
