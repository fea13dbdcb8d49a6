//go:build linux || darwin || windows

package udp

import (
	"net"
	"net/netip"
)

// An infoConn is a socket of the Go runtime that is bound to all addresses of the machine. It knows to which of them a
// datagram was sent, and can send from a given one.
type infoConn struct {
	*net.UDPConn
	zones   zones
	control [maxControl]byte // of the datagram that was read last
	source  []byte           // scratch for writeFrom
}

// newRoutedConn returns conn as a routedConn, or nil if it has one address only or the system cannot do it.
func newRoutedConn(conn *net.UDPConn) routedConn {
	bound, _ := conn.LocalAddr().(*net.UDPAddr)
	if bound == nil || !bound.IP.IsUnspecified() {
		return nil
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil
	}
	var refused error
	err = raw.Control(func(fd uintptr) { refused = requestPacketInfo(fd, bound.IP.To4() == nil) })
	if err != nil || refused != nil {
		return nil
	}
	return &infoConn{UDPConn: conn, zones: make(zones)}
}

func (c *infoConn) readTo(b []byte) (n int, from netip.AddrPort, to netip.Addr, err error) {
	n, k, _, from, err := c.ReadMsgUDPAddrPort(b, c.control[:])
	if err != nil {
		return n, from, to, err
	}
	to, index := parsePacketInfo(c.control[:k])
	return n, from, c.zones.add(to, index), nil
}

func (c *infoConn) writeFrom(b []byte, from netip.Addr, to netip.AddrPort) error {
	if from.IsValid() {
		c.source = appendPacketInfo(c.source[:0], from, c.zones.index(from.Zone()))
		if _, _, err := c.WriteMsgUDPAddrPort(b, c.source, to); err == nil {
			return nil
		}
		// The machine may not have the address any more.
	}
	_, err := c.WriteToUDPAddrPort(b, to)
	return err
}
