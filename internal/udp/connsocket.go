package udp

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// PacketConn is a socket with one datagram a call: a *net.UDPConn, or a simulated one in tests.
type PacketConn interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	SetReadDeadline(t time.Time) error
	LocalAddr() net.Addr
	Close() error
}

// NewSocket makes a Socket of a connection with one datagram a call. It works on every system, and is what Listen opens
// where there is nothing better. It wakes for each datagram, because nothing else tells when one came.
func NewSocket(conn PacketConn) Socket { return &connSocket{PacketConn: conn, created: time.Now()} }

type connSocket struct {
	PacketConn
	created  time.Time
	woken    atomic.Bool
	behind   bool // the time for which Wait was asked had passed
	received bool // a datagram, which is in batch
	batch    [1]Datagram
	refused  int
	buffer   [MaxDatagram]byte
}

func (o *connSocket) Wait(until time.Time) error {
	o.received = false
	if err := o.SetReadDeadline(until); err != nil {
		return err
	}
	// After the deadline is set: a later Wake sets it to now, and is not slept over.
	if o.behind = !until.After(time.Now()); o.woken.Swap(false) || o.behind {
		return nil
	}
	_, err := o.read()
	return err
}

// read takes a datagram, if one comes before the deadline.
func (o *connSocket) read() (ok bool, err error) {
	n, from, err := o.ReadFromUDPAddrPort(o.buffer[:])
	switch {
	case err == nil:
		o.received = true
		o.batch[0] = Datagram{time.Now(), netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), o.buffer[:n]}
		return true, nil
	case errors.Is(err, net.ErrClosed):
		return false, err
	}
	// The time has come, or a Wake; any other error, such as ECONNREFUSED from a player who is gone, is a hint about one
	// address at most.
	return false, nil
}

// drainWithin is how long a loop that is behind looks for datagrams. A deadline that has passed would find none, though
// they are there, and a loop past saturation would never hear a player again.
const drainWithin = 100 * time.Microsecond

func (o *connSocket) Receive(take func(batch []Datagram)) error {
	if o.received {
		take(o.batch[:])
	}
	if !o.behind {
		return nil
	}
	if err := o.SetReadDeadline(time.Now().Add(drainWithin)); err != nil {
		return err
	}
	for range maxReceived {
		ok, err := o.read()
		if !ok {
			return err
		}
		take(o.batch[:])
	}
	return nil
}

func (o *connSocket) Send(_ netip.Addr, to netip.AddrPort, datagram []byte) {
	if _, err := o.WriteToUDPAddrPort(datagram, to); err != nil {
		o.refused++
	}
}

func (o *connSocket) Flush() (refused int) {
	refused, o.refused = o.refused, 0
	return refused
}

func (o *connSocket) Clock() time.Duration { return time.Since(o.created) }

func (o *connSocket) Wake() {
	o.woken.Store(true)
	_ = o.SetReadDeadline(time.Now())
}
