// Package udp has the UDP sockets of a server: many datagrams a system call where the system can, one elsewhere, and a
// timer that is exact enough for a tick. It knows nothing of what the datagrams hold.
package udp

import (
	"net"
	"net/netip"
	"strconv"
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
