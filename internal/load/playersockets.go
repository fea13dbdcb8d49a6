package load

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pong/netcode/sealed"
)

// playerSockets is a transport with a socket and a goroutine for each player: for systems and addresses with which
// one socket cannot be many hosts.
type playerSockets struct {
	epoch   time.Time
	conns   []*net.UDPConn
	arrived chan arrival
	free    sync.Pool
	refused atomic.Int64
	readers sync.WaitGroup
}

type arrival struct {
	at   time.Duration
	n    int
	data *[sealed.MaxDatagram + 1]byte
}

// arrivals bounds the datagrams that were received and not handled yet.
const arrivals = 1 << 14

func newPlayerSockets(epoch time.Time) *playerSockets {
	s := &playerSockets{epoch: epoch, arrived: make(chan arrival, arrivals)}
	s.free.New = func() any { return new([sealed.MaxDatagram + 1]byte) }
	return s
}

func (s *playerSockets) add(from netip.Addr, to netip.AddrPort) error {
	var local *net.UDPAddr
	if from.IsValid() {
		local = net.UDPAddrFromAddrPort(netip.AddrPortFrom(from, 0))
	}
	conn, err := net.DialUDP("udp", local, net.UDPAddrFromAddrPort(to))
	if err != nil {
		if errors.Is(err, syscall.EMFILE) { // not on Windows, where there is no such limit
			err = fmt.Errorf("%w: raise the limit with ulimit -n", err)
		}
		return fmt.Errorf("game socket of player %d: %w", len(s.conns)+1, err)
	}
	s.conns = append(s.conns, conn)
	s.readers.Go(func() { s.read(conn) })
	return nil
}

// read receives the datagrams of one player. Errors are ICMP hints, unless the socket is closed.
func (s *playerSockets) read(conn *net.UDPConn) {
	for {
		data := s.free.Get().(*[sealed.MaxDatagram + 1]byte)
		n, err := conn.Read(data[:])
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(10 * time.Millisecond)
			continue
		}
		select {
		case s.arrived <- arrival{time.Since(s.epoch), n, data}:
		default: // drop it, as a full socket buffer does
			s.free.Put(data)
		}
	}
}

func (s *playerSockets) send(i int, datagram []byte) {
	if _, err := s.conns[i].Write(datagram); err != nil {
		s.refused.Add(1)
	}
}

func (s *playerSockets) flush() {}

func (s *playerSockets) receive(deliver func(at time.Duration, datagram []byte)) {
	for {
		select {
		case a := <-s.arrived:
			deliver(a.at, a.data[:a.n])
			s.free.Put(a.data)
		default:
			return
		}
	}
}

func (s *playerSockets) wait(until time.Duration) { time.Sleep(until - time.Since(s.epoch)) }

func (s *playerSockets) failed() int { return int(s.refused.Load()) }

func (s *playerSockets) close() {
	for _, c := range s.conns {
		c.Close()
	}
	s.readers.Wait()
}
