// Package udp has UDP sockets for the loops of a server, and for programs with as many datagrams. On Linux a system
// call sends or receives many datagrams, and a timer wakes a loop precisely at its next tick; elsewhere, and where the
// system refuses these calls, a socket of the Go runtime does the work. The package knows nothing of what the datagrams
// hold.
package udp

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"time"

	"pong/internal/exclusive"
)

// A Socket is a UDP socket of Listen, or a PacketConn that NewSocket has made into one. One goroutine calls Wait,
// Receive, Send and Flush; any goroutine may call Wake.
type Socket interface {
	// Wait waits until a time, or until Wake has been called since the last Wait. A socket that cannot tell later when
	// a datagram arrived also returns when one arrives. An error means that the socket cannot be used any more.
	Wait(until time.Time) error

	// Receive calls take with the datagrams that have arrived, a batch at a time. It does not wait, and limits their
	// number so that ticks are not delayed. The data is valid until take returns. Data beyond MaxDatagram is cut off.
	Receive(take func(batch []Datagram)) error

	// Send queues a copy of a datagram, which is sent by the next Flush at the latest. A socket that is bound to all
	// addresses of the machine sends it from the given one if the system can do that. If from is invalid, or the
	// machine does not have that address any more, the system chooses.
	Send(from netip.Addr, to netip.AddrPort, datagram []byte)

	// Flush sends the queued datagrams. It returns how many the system has refused since the last Flush.
	Flush() (refused int)

	// Clock reads the clock that measures a loop's work: the CPU time of the calling thread if the system has it, so
	// that the work of other processes on the same core does not count.
	Clock() time.Duration

	// Wake ends the Wait that is running, or else the next one.
	Wake()

	LocalAddr() net.Addr
	Close() error
}

// receiveBuffer is the size of a socket's receive buffer. With the default size 100 000 garbage datagrams a second
// cause a loss of 3 to 13 % of the players' datagrams. A small datagram takes 832 bytes, so that the default of Linux
// holds 256 of them and this buffer 5 000.
const receiveBuffer = 4 << 20

// maxReceived limits the datagrams of one Receive, so that a flood does not stop the ticks. A full receive buffer holds
// less than twice as many.
const maxReceived = 4096

// MaxDatagram is how many bytes of a datagram are received. It is one more than the 1200 bytes of the longest datagram
// that is sent, so that a receiver can see that a datagram is too long.
const MaxDatagram = 1201

// A Datagram is one that has arrived. Package shard has the same type under the same name: the alias lets batches pass
// from one package to the other without an import.
type Datagram = struct {
	At   time.Time      // when it arrived
	From netip.AddrPort // the sender
	To   netip.Addr     // which of our addresses it was sent to; invalid if that is not known
	Data []byte
}

// listenUDP opens a UDP socket of the Go runtime.
func listenUDP(host string, port int) (*net.UDPConn, error) {
	network := "udp"
	if host == "0.0.0.0" {
		network = "udp4" // with udp, Go would listen on IPv6 as well
	}
	config := net.ListenConfig{Control: exclusive.Control}
	packets, err := config.ListenPacket(context.Background(), network, net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	conn := packets.(*net.UDPConn)
	// An error leaves a smaller buffer, which is good enough to play.
	_ = conn.SetReadBuffer(receiveBuffer)
	return conn, nil
}
