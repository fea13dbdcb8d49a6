package load

import (
	"fmt"
	"net/netip"
	"time"

	"pong/internal/udp"
)

// socketBuffer is the size of the batchSocket's buffers, each way. A round of STATEs for all players fits in.
const socketBuffer = 16 << 20

// A batchSocket is one UDP socket for all players. It sends each player's datagrams from the player's own address, so
// the server sees a host for each player, while neither side has thousands of sockets: those would double the server's
// own cost of sending, because no cache holds them all.
type batchSocket struct {
	socket  udp.Socket
	epoch   time.Time
	sources bool
	from    []netip.Addr // of each player
	to      []netip.AddrPort
	refused int // datagrams that the system refused to send

	deliver func(at time.Duration, datagram []byte) // of the receive in progress
	batch   func([]udp.Datagram)                    // handles a batch; kept, so that receive does not allocate
}

// openTransport opens a batchSocket to an IPv4 server on Linux, otherwise a socket for each player.
func openTransport(epoch time.Time, server netip.Addr) (transport, error) {
	if !batches || !server.Is4() {
		return newPlayerSockets(epoch), nil
	}
	socket, err := udp.ListenIPv4(socketBuffer)
	if err != nil {
		return nil, fmt.Errorf("game socket: %w", err)
	}
	s := &batchSocket{socket: socket, epoch: epoch, sources: hasSources(server)}
	s.batch = s.receiveBatch
	return s, nil
}

func (s *batchSocket) add(from netip.Addr, to netip.AddrPort) error {
	if !s.sources {
		from = netip.Addr{}
	}
	s.from, s.to = append(s.from, from), append(s.to, to)
	return nil
}

func (s *batchSocket) send(i int, datagram []byte) { s.socket.Send(s.from[i], s.to[i], datagram) }

func (s *batchSocket) flush() { s.refused += s.socket.Flush() }

// receive ignores the socket's error: it means that the socket was closed, and nothing more arrives.
func (s *batchSocket) receive(deliver func(at time.Duration, datagram []byte)) {
	s.deliver = deliver
	_ = s.socket.Receive(s.batch)
}

func (s *batchSocket) receiveBatch(batch []udp.Datagram) {
	for _, d := range batch {
		s.deliver(d.At.Sub(s.epoch), d.Data)
	}
}

// wait ignores the socket's error: it means that the socket was closed.
func (s *batchSocket) wait(until time.Duration) { _ = s.socket.Wait(s.epoch.Add(until)) }

func (s *batchSocket) failed() int { return s.refused }

func (s *batchSocket) close() { s.socket.Close() }
