package netsim

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// largestPacket is the largest payload of an IPv4 UDP datagram.
const largestPacket = 65507

// A PacketConn is one end of a [Pipe]. It is a net.PacketConn and, because it has only one other end, a net.Conn, and
// it has the netip methods of net.UDPConn. Several goroutines may use it at once, and it works in a testing/synctest
// bubble if it was made there.
//
// Its errors are those of a socket: net.ErrClosed after Close and os.ErrDeadlineExceeded after a deadline. A read
// whose buffer is too short for the packet loses the rest of it. Writes do not block.
type PacketConn struct {
	in, out       *timedLink
	local, remote netip.AddrPort

	mu            sync.Mutex // guards writeDeadline
	writeDeadline time.Time
}

var (
	_ net.PacketConn = (*PacketConn)(nil)
	_ net.Conn       = (*PacketConn)(nil)
)

// Pipe returns the two ends of a bad network in memory. Packets from client to server pass a link with the profile up,
// those from server to client one with the profile down. The ends have the addresses 192.0.2.1:1 and 192.0.2.2:2,
// which are reserved for documentation.
func Pipe(up, down Profile, seed uint64) (client, server *PacketConn) {
	towards, back := newTimedLink(up, subSeed(seed, 0)), newTimedLink(down, subSeed(seed, 1))
	a, b := netip.MustParseAddrPort("192.0.2.1:1"), netip.MustParseAddrPort("192.0.2.2:2")
	return &PacketConn{in: back, out: towards, local: a, remote: b},
		&PacketConn{in: towards, out: back, local: b, remote: a}
}

// ReadFromUDPAddrPort waits for a packet.
func (c *PacketConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	n, err := c.in.receive(b)
	if err != nil {
		return 0, netip.AddrPort{}, err
	}
	return n, c.remote, nil
}

// WriteToUDPAddrPort sends a packet. A packet to any address but that of the other end is lost.
func (c *PacketConn) WriteToUDPAddrPort(b []byte, address netip.AddrPort) (int, error) {
	c.mu.Lock()
	deadline := c.writeDeadline
	c.mu.Unlock()
	switch {
	case c.in.isClosed():
		return 0, net.ErrClosed
	case !deadline.IsZero() && !time.Now().Before(deadline):
		return 0, os.ErrDeadlineExceeded
	case len(b) > largestPacket:
		return 0, fmt.Errorf("packet of %d bytes: a datagram holds %d", len(b), largestPacket)
	}
	if netip.AddrPortFrom(address.Addr().Unmap(), address.Port()) == c.remote {
		c.out.send(b)
	}
	return len(b), nil
}

// ReadFrom waits for a packet. The address is a *net.UDPAddr.
func (c *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, err := c.Read(b)
	if err != nil {
		return 0, nil, err
	}
	return n, c.RemoteAddr(), nil
}

// WriteTo sends a packet. The address must be a *net.UDPAddr.
func (c *PacketConn) WriteTo(b []byte, address net.Addr) (int, error) {
	to, ok := address.(*net.UDPAddr)
	if !ok {
		return 0, fmt.Errorf("write to %v: %T is not a *net.UDPAddr", address, address)
	}
	return c.WriteToUDPAddrPort(b, to.AddrPort())
}

// Read waits for a packet.
func (c *PacketConn) Read(b []byte) (int, error) { return c.in.receive(b) }

// Write sends a packet to the other end.
func (c *PacketConn) Write(b []byte) (int, error) { return c.WriteToUDPAddrPort(b, c.remote) }

// LocalAddr returns the address of this end, a *net.UDPAddr.
func (c *PacketConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local) }

// RemoteAddr returns the address of the other end, a *net.UDPAddr.
func (c *PacketConn) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.remote) }

// Set changes the profile for packets sent from this end from now on.
func (c *PacketConn) Set(p Profile) { c.out.set(p) }

// Stats returns the counts of the packets sent from this end.
func (c *PacketConn) Stats() Stats { return c.out.stats() }

// Close ends reads and writes at this end. Packets in flight to it are lost; those that it has sent still arrive. The
// other end is not notified.
func (c *PacketConn) Close() error { return c.in.close() }

// SetDeadline sets both deadlines. The zero time removes them.
func (c *PacketConn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline makes reads, including those that wait already, fail with os.ErrDeadlineExceeded at time t.
func (c *PacketConn) SetReadDeadline(t time.Time) error {
	if c.in.isClosed() {
		return net.ErrClosed
	}
	c.in.setDeadline(t)
	return nil
}

// SetWriteDeadline makes writes fail with os.ErrDeadlineExceeded from time t on.
func (c *PacketConn) SetWriteDeadline(t time.Time) error {
	if c.in.isClosed() {
		return net.ErrClosed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writeDeadline = t
	return nil
}
