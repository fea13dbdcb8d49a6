package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// A PacketConn sends or receives one datagram with each call: a *net.UDPConn, or a simulated socket in tests.
type PacketConn interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	SetReadDeadline(t time.Time) error
	LocalAddr() net.Addr
	Close() error
}

// A routedConn is a PacketConn of a machine with several addresses.
type routedConn interface {
	PacketConn

	// readTo reads a datagram, and returns the address that it was sent to; an invalid one if that is not known.
	readTo(b []byte) (n int, from netip.AddrPort, to netip.Addr, err error)

	// writeFrom sends a datagram from an address. If that is invalid, or not one of the machine any more, the system
	// chooses.
	writeFrom(b []byte, from netip.Addr, to netip.AddrPort) error
}

// NewSocket makes a Socket of a PacketConn. It works on every system, and Listen uses it where there is nothing better.
// Its Wait returns for each datagram, because there is no other way to know when one arrived.
func NewSocket(conn PacketConn) Socket { return newConnSocket(conn, nil) }

// newConnSocket makes a Socket of a conn because the system refuses what a better one needs, or because there is none.
func newConnSocket(conn PacketConn, why error) *connSocket {
	c := &connSocket{PacketConn: conn, created: time.Now(), why: why}
	if u, ok := conn.(*net.UDPConn); ok {
		c.routed = newRoutedConn(u)
	}
	return c
}

// Fallback returns why a socket of Listen handles datagrams one at a time: which call the system refuses. It returns
// nil for other sockets.
func Fallback(s Socket) error {
	if outer, ok := s.(interface{ Unwrap() Socket }); ok {
		s = outer.Unwrap()
	}
	if c, ok := s.(*connSocket); ok {
		return c.why
	}
	return nil
}

// wholeDatagram is more than a datagram can hold. If one is longer than the buffer, Windows returns an error and no
// address, where other systems cut it off.
const wholeDatagram = 1 << 16

// A connSocket is a Socket over a PacketConn.
type connSocket struct {
	PacketConn
	routed   routedConn // the same; nil if it does not know to which address a datagram was sent
	why      error      // of Fallback
	created  time.Time
	woken    atomic.Bool
	behind   bool // the time of the last Wait had already passed
	received bool // batch has a datagram
	batch    [1]Datagram
	refused  int
	buffer   [wholeDatagram]byte
}

// Wait reads a datagram, unless the time has already passed or Wake was called.
func (c *connSocket) Wait(until time.Time) error {
	c.received = false
	if err := c.SetReadDeadline(until); err != nil {
		return err
	}
	// Check for a Wake after the deadline is set: a later Wake sets it to now.
	if c.behind = !until.After(time.Now()); c.woken.Swap(false) || c.behind {
		return nil
	}
	_, err := c.readOne()
	return err
}

// readOne reads a datagram, and sets received if it has one. It returns false if nothing more arrives before the
// deadline.
func (c *connSocket) readOne() (more bool, err error) {
	n, from, to, err := c.readTo(c.buffer[:])
	var failed net.Error
	switch {
	case err == nil:
		c.received = true
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		c.batch[0] = Datagram{time.Now(), from, to, c.buffer[:min(n, MaxDatagram)]}
		return true, nil
	case errors.Is(err, net.ErrClosed):
		return false, err
	case errors.As(err, &failed) && failed.Timeout(): // the deadline has passed, or Wake was called
		return false, nil
	}
	// Any other error, such as ECONNREFUSED from a client that is gone, is at most a hint about one address.
	return true, nil
}

func (c *connSocket) readTo(b []byte) (n int, from netip.AddrPort, to netip.Addr, err error) {
	if c.routed != nil {
		return c.routed.readTo(b)
	}
	n, from, err = c.ReadFromUDPAddrPort(b)
	return n, from, netip.Addr{}, err
}

// drainWithin is how long a loop that is behind reads datagrams. With a deadline in the past a read returns none
// although some have arrived, so that an overloaded loop would never receive a datagram again.
const drainWithin = 100 * time.Microsecond

// Receive calls take with the datagram of the last Wait. If the loop is behind it reads more.
func (c *connSocket) Receive(take func(batch []Datagram)) error {
	if c.received {
		take(c.batch[:])
	}
	if !c.behind {
		return nil
	}
	if err := c.SetReadDeadline(time.Now().Add(drainWithin)); err != nil {
		return err
	}
	for range maxReceived {
		c.received = false
		more, err := c.readOne()
		if c.received {
			take(c.batch[:])
		}
		if !more {
			return err
		}
	}
	return nil
}

// Send sends a datagram at once.
func (c *connSocket) Send(from netip.Addr, to netip.AddrPort, datagram []byte) {
	if err := c.writeFrom(datagram, from, to); err != nil {
		c.refused++
	}
}

func (c *connSocket) writeFrom(b []byte, from netip.Addr, to netip.AddrPort) error {
	if c.routed != nil {
		return c.routed.writeFrom(b, from, to)
	}
	_, err := c.WriteToUDPAddrPort(b, to)
	return err
}

// Flush returns how many datagrams were refused since the last Flush.
func (c *connSocket) Flush() (refused int) {
	refused, c.refused = c.refused, 0
	return refused
}

// Clock returns the time since the socket was made.
func (c *connSocket) Clock() time.Duration { return time.Since(c.created) }

// Wake ends the Wait that is running, or else the next one.
func (c *connSocket) Wake() {
	c.woken.Store(true)
	_ = c.SetReadDeadline(time.Now())
}
