package web

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pong/internal/crash"
	"pong/internal/udp"
)

// zone begins the zone of the addresses of sessions. No network interface has such a name, so that no datagram of the
// network comes from one of these addresses.
const zone = "pong-web-"

// maxQueued is how many datagrams of one session wait for the shard, and maxMailbox how many of the shard for the
// session. The shard takes all that wait at each of its ticks.
const (
	maxQueued  = 32
	maxMailbox = 4
)

// A session is the game channel of one page. The goroutine that receives from the page puts datagrams into the queue of
// a socket; the shard puts datagrams into the mailbox, and a goroutine of the session sends them. Neither waits for the
// other, nor does the shard wait for a page that does not read.
type session struct {
	addr   netip.AddrPort // where its datagrams seem to come from
	out    mailbox
	queued atomic.Int32 // in the queue of a socket
}

// sessions are those of all pages, by their addresses.
type sessions struct {
	mu     sync.RWMutex // guards what follows
	serial uint64
	all    map[netip.AddrPort]*session
}

// open adds a session of a client at an address. Its goroutine sends datagrams with send, which may block, until the
// session is closed.
func (s *sessions) open(client netip.AddrPort, send func([]byte) error) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	addr := netip.AddrFrom16(client.Addr().As16()).WithZone(zone + strconv.FormatUint(s.serial, 10))
	p := &session{addr: netip.AddrPortFrom(addr, client.Port())}
	p.out.ready = make(chan struct{}, 1)
	if s.all == nil {
		s.all = make(map[netip.AddrPort]*session)
	}
	s.all[p.addr] = p
	go crash.Guarded(func() { p.out.deliver(send) })()
	return p
}

// close removes a session and ends its goroutine.
func (s *sessions) close(p *session) {
	s.mu.Lock()
	delete(s.all, p.addr)
	s.mu.Unlock()
	p.out.close()
}

// send puts a datagram into the mailbox of a session, if it still exists.
func (s *sessions) send(to netip.AddrPort, datagram []byte) {
	s.mu.RLock()
	p := s.all[to]
	s.mu.RUnlock()
	if p != nil {
		p.out.put(datagram)
	}
}

// A mailbox has the newest datagrams for a page. A new one takes the place of the oldest if it is full: a page that
// reads too slowly gets what is newest.
type mailbox struct {
	ready chan struct{} // has a value if there may be datagrams; closed with the session

	mu     sync.Mutex // guards what follows
	ring   [maxMailbox][]byte
	first  int // the oldest
	n      int
	closed bool
}

func (m *mailbox) put(datagram []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	if m.n == maxMailbox {
		m.first, m.n = (m.first+1)%maxMailbox, m.n-1
	}
	slot := &m.ring[(m.first+m.n)%maxMailbox]
	*slot = append((*slot)[:0], datagram...)
	m.n++
	select {
	case m.ready <- struct{}{}:
	default:
	}
}

// take appends the oldest datagram to b.
func (m *mailbox) take(b []byte) (datagram []byte, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.n == 0 {
		return b, false
	}
	b = append(b, m.ring[m.first]...)
	m.first, m.n = (m.first+1)%maxMailbox, m.n-1
	return b, true
}

func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.ready)
	}
}

// deliver sends what is put into the mailbox until it is closed. Errors are those of a network that loses datagrams.
func (m *mailbox) deliver(send func([]byte) error) {
	var datagram []byte
	for range m.ready {
		for ok := true; ok; {
			if datagram, ok = m.take(datagram[:0]); ok {
				_ = send(datagram)
			}
		}
	}
}

// A socket is the udp.Socket of a shard, which also receives from pages and sends to them.
type socket struct {
	udp.Socket
	sessions *sessions

	mu    sync.Mutex // guards what follows
	queue []udp.Datagram
	froms []*session // of the queue
	spare []udp.Datagram
}

// maxQueue bounds the datagrams that wait for a shard from all pages.
const maxQueue = 4096

// put queues a datagram of a session, of which it keeps a copy. If the queue is full or has too many of this session
// it is lost, as in a network.
func (s *socket) put(from *session, at time.Time, datagram []byte) {
	if from.queued.Load() >= maxQueued {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == maxQueue {
		return
	}
	from.queued.Add(1)
	copied := append([]byte(nil), datagram[:min(len(datagram), udp.MaxDatagram)]...)
	s.queue = append(s.queue, udp.Datagram{At: at, From: from.addr, Data: copied})
	s.froms = append(s.froms, from)
}

// Receive calls take with the datagrams that have arrived from the network, and then with those of pages.
func (s *socket) Receive(take func(batch []udp.Datagram)) error {
	if err := s.Socket.Receive(take); err != nil {
		return err
	}
	s.mu.Lock()
	batch := s.queue
	s.queue, s.spare = s.spare[:0], batch
	for _, from := range s.froms {
		from.queued.Add(-1)
	}
	s.froms = s.froms[:0]
	s.mu.Unlock()
	if len(batch) > 0 {
		take(batch)
		clear(batch) // so that the memory of the datagrams is free
	}
	return nil
}

// Send sends a datagram to the network or to a page.
func (s *socket) Send(from netip.Addr, to netip.AddrPort, datagram []byte) {
	if to.Addr().Zone() != "" && isPage(to.Addr()) {
		s.sessions.send(to, datagram)
		return
	}
	s.Socket.Send(from, to, datagram)
}

// Unwrap returns the socket of the network.
func (s *socket) Unwrap() udp.Socket { return s.Socket }

// isPage reports whether an address is that of a session.
func isPage(a netip.Addr) bool { return strings.HasPrefix(a.Zone(), zone) }

// addressOf returns the IP address and port of an end of a connection.
func addressOf(end net.Addr) netip.AddrPort {
	a, _ := netip.ParseAddrPort(end.String())
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
