package memnet

import (
	"net"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"pong/netcode/netsim"
)

// A Socket receives the datagrams of all hosts that dial its address, and sends to them. It has the methods of a
// *net.UDPConn that a server uses.
type Socket struct {
	monitor
	address netip.AddrPort
	queue   []datagram
	paths   map[netip.AddrPort]*netsim.PacketConn // the server's ends, by the client's address
	tap     func(peer netip.AddrPort, up bool, data []byte)
	read    deadline
	closed  bool

	stray    int // sent to addresses without a path
	received atomic.Int64
}

// A datagram has arrived at a Socket.
type datagram struct {
	from netip.AddrPort
	data []byte
}

// connect opens a path from a client's address.
func (s *Socket) connect(from netip.AddrPort, up, down netsim.Profile, seed uint64) *Path {
	near, far := netsim.Pipe(up, down, seed)
	p := &Path{Client: from.Addr(), Up: near, Down: far}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		far.Close()
		return p
	}
	s.paths[from] = far
	go s.receive(from, far)
	return p
}

// receive queues the datagrams of a path until it is closed.
func (s *Socket) receive(from netip.AddrPort, path *netsim.PacketConn) {
	var b [2048]byte
	for {
		n, err := path.Read(b[:])
		if err != nil {
			return
		}
		s.received.Add(1)
		s.mu.Lock()
		if s.tap != nil {
			s.tap(from, true, b[:n])
		}
		s.mu.Unlock()
		s.Inject(from, b[:n])
	}
}

// Inject makes a datagram arrive from any address, which need not belong to a path.
func (s *Socket) Inject(from netip.AddrPort, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, datagram{from, append([]byte(nil), data...)})
	s.cond.Broadcast()
}

// SetTap sets a function that is called with each datagram that arrives over a path (up) or is sent. The data is lent.
func (s *Socket) SetTap(tap func(peer netip.AddrPort, up bool, data []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tap = tap
}

// Received returns how many datagrams have arrived over paths.
func (s *Socket) Received() int { return int(s.received.Load()) }

// Stray returns how many datagrams were sent to addresses without a path.
func (s *Socket) Stray() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stray
}

// ReadFromUDPAddrPort reads the next datagram.
func (s *Socket) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.closed:
			return 0, netip.AddrPort{}, net.ErrClosed
		case s.read.passed():
			return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
		case len(s.queue) > 0:
			d := s.queue[0]
			s.queue = s.queue[1:]
			return copy(b, d.data), d.from, nil
		}
		s.cond.Wait()
	}
}

// WriteToUDPAddrPort sends a datagram. Without a path to the address it is lost, as on a real network.
func (s *Socket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	s.mu.Lock()
	path := s.paths[to]
	if path == nil {
		s.stray++
	}
	if s.tap != nil {
		s.tap(to, false, b)
	}
	s.mu.Unlock()
	if path == nil {
		return len(b), nil
	}
	return path.Write(b)
}

// SetReadDeadline sets the time at which ReadFromUDPAddrPort returns os.ErrDeadlineExceeded.
func (s *Socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.read.set(&s.monitor, t)
	return nil
}

// LocalAddr returns the address as a *net.UDPAddr.
func (s *Socket) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(s.address) }

// Close closes the socket and its paths.
func (s *Socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, path := range s.paths {
		path.Close()
	}
	s.cond.Broadcast()
	return nil
}
