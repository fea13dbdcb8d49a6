// Package udp has the UDP sockets of a server: many datagrams a system call where the system can, one elsewhere, and a
// timer that is exact enough for a tick. It knows nothing of what the datagrams hold.
package udp

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"sync/atomic"
	"time"
)

// Socket is the UDP socket of a shard as its loop uses it: one of Listen, or a PacketConn made into one with NewSocket.
// Wait, Receive, Send and Flush are called by one goroutine, Wake by any.
type Socket interface {
	// Wait returns when the time has come or Wake has been called since the last Wait; and earlier, where that is the only
	// way to learn when a datagram came. An error means that the socket is of no more use.
	Wait(until time.Time) error

	// Receive hands over what has arrived, a batch at a time, without waiting and only so much of it that ticks are not kept
	// waiting. All is lent; a datagram that is longer than MaxDatagram is cut.
	Receive(take func(batch []Datagram)) error

	// Send takes a datagram, which Flush sends at the latest. The datagram is lent. A socket on all addresses of the machine
	// sends it from the one given, where the system lets it choose; if that is invalid, the system chooses.
	Send(from netip.Addr, to netip.AddrPort, datagram []byte)

	// Flush sends what has been taken, and returns how many datagrams the system has refused since the last Flush.
	Flush() (refused int)

	// Clock reads the clock by which the loop's work is measured, from anywhere: the CPU time of the thread that calls,
	// where the system tells it, so that what others do on the same core is not counted.
	Clock() time.Duration

	Wake()
	LocalAddr() net.Addr
	Close() error
}

// receiveBuffer of a UDP socket. At 100 000 garbage datagrams a second the default loses 3 to 13 % of the players'. A small
// datagram takes 832 bytes of it, so the default of Linux holds 256 of them and this one 5 000.
const receiveBuffer = 4 << 20

// maxReceived is how many datagrams a Receive hands over at most, so that who floods a port does not stop the ticks. What
// a full receive buffer holds is less than twice that.
const maxReceived = 4096

// MaxDatagram is how much of a datagram is received; a longer one is cut to this length. Our own have 1200 bytes at most:
// one byte more shows what is too long.
const MaxDatagram = 1201

// A Datagram is one that has arrived. Package shard has the same type under the same name: the alias lets batches pass from
// one to the other without either importing the other.
type Datagram = struct {
	At   time.Time // when it arrived
	From netip.AddrPort
	Data []byte
}

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

// listenUDP opens a UDP socket of the runtime's.
func listenUDP(host string, port int) (*net.UDPConn, error) {
	addr, err := net.ResolveUDPAddr("udp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, err
	}
	// A refusal leaves a smaller buffer: the system's limit stands, and play goes on.
	_ = conn.SetReadBuffer(receiveBuffer)
	return conn, nil
}
