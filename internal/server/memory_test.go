package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"pong/netcode/netsim"
)

// A waiter is a lock with a condition and deadlines, from which the connections below are made. It works in a
// testing/synctest bubble, where real sockets do not.
type waiter struct {
	mu   sync.Mutex // guards the struct the waiter stands in
	cond sync.Cond
}

func (w *waiter) init() { w.cond.L = &w.mu }

// A deadline wakes its waiter when it has passed. The waiter's mu guards it.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) set(w *waiter, t time.Time) {
	if d.timer != nil {
		d.timer.Stop()
	}
	if d.at = t; !t.IsZero() {
		d.timer = time.AfterFunc(time.Until(t), func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.cond.Broadcast()
		})
	}
	w.cond.Broadcast()
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

// roomy is how much a stream takes from a writer whose reader does not read, as a socket's buffer does.
const roomy = 64 << 10

// A stream is one direction of a TCP connection in memory.
type stream struct {
	waiter
	room        int
	data        []byte
	done        bool // closed by the writer: the rest can be read
	broken      bool // closed by the reader: nothing can be written
	read, write deadline
}

func newStream() *stream {
	s := &stream{room: roomy}
	s.init()
	return s
}

// A conn is one end of a TCP connection in memory, with the errors of a real one.
type conn struct {
	in, out       *stream
	local, remote net.Addr
}

// newConns returns both ends of a connection.
func newConns(client, server netip.AddrPort) (*conn, *conn) {
	up, down := newStream(), newStream()
	a, b := net.TCPAddrFromAddrPort(client), net.TCPAddrFromAddrPort(server)
	return &conn{down, up, a, b}, &conn{up, down, b, a}
}

func (c *conn) Read(b []byte) (int, error) {
	s := c.in
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.broken:
			return 0, net.ErrClosed
		case s.read.passed():
			return 0, os.ErrDeadlineExceeded
		case len(s.data) > 0:
			n := copy(b, s.data)
			s.data = s.data[n:]
			s.cond.Broadcast()
			return n, nil
		case s.done:
			return 0, io.EOF
		}
		s.cond.Wait()
	}
}

func (c *conn) Write(b []byte) (int, error) {
	s := c.out
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := 0; ; {
		switch {
		case s.done:
			return n, net.ErrClosed
		case s.broken:
			return n, io.ErrClosedPipe
		case s.write.passed():
			return n, os.ErrDeadlineExceeded
		case n == len(b):
			return n, nil
		}
		if k := min(len(b)-n, s.room-len(s.data)); k > 0 { // room may have become less than what is there
			s.data = append(s.data, b[n:n+k]...)
			n += k
			s.cond.Broadcast()
			continue
		}
		s.cond.Wait()
	}
}

// take sets how much the other end can write before this end reads. With 0 this end is one who reads no more.
func (c *conn) take(n int) {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.room = n
	c.in.cond.Broadcast()
}

func (c *conn) Close() error {
	c.out.end(&c.out.done)
	c.in.end(&c.in.broken)
	return nil
}

func (s *stream) end(how *bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*how = true
	s.cond.Broadcast()
}

func (c *conn) LocalAddr() net.Addr  { return c.local }
func (c *conn) RemoteAddr() net.Addr { return c.remote }

func (c *conn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetReadDeadline(t), c.SetWriteDeadline(t))
}

func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.mu.Lock()
	defer c.in.mu.Unlock()
	c.in.read.set(&c.in.waiter, t)
	return nil
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	c.out.write.set(&c.out.waiter, t)
	return nil
}

// A listener is a TCP port in memory.
type listener struct {
	waiter
	address netip.AddrPort
	queue   []net.Conn // not accepted yet
	closed  bool
}

func newListener(address netip.AddrPort) *listener {
	l := &listener{address: address}
	l.init()
	return l
}

func (l *listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		switch {
		case l.closed:
			return nil, net.ErrClosed
		case len(l.queue) > 0:
			c := l.queue[0]
			l.queue = l.queue[1:]
			return c, nil
		}
		l.cond.Wait()
	}
}

func (l *listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for _, c := range l.queue {
		c.Close()
	}
	l.cond.Broadcast()
	return nil
}

func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.address) }

// dial opens a connection from an address.
func (l *listener) dial(from netip.AddrPort) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: l.Addr(), Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	a, b := newConns(from, l.address)
	l.queue = append(l.queue, b)
	l.cond.Broadcast()
	return a, nil
}

// A packet is a datagram that has arrived.
type packet struct {
	from netip.AddrPort
	data []byte
}

// A socket is a server's UDP port in memory, a udp.PacketConn. Each client reaches it over a netsim.Pipe of its own.
type socket struct {
	waiter
	address netip.AddrPort
	queue   []packet
	paths   map[netip.AddrPort]*netsim.PacketConn // the server's ends
	stray   int                                   // datagrams sent to where there is nobody
	genuine atomic.Int64                          // datagrams that have come over the paths
	tap     func(from netip.AddrPort, up bool, data []byte)
	read    deadline
	closed  bool
}

func newSocket(address netip.AddrPort) *socket {
	s := &socket{address: address, paths: make(map[netip.AddrPort]*netsim.PacketConn)}
	s.init()
	return s
}

// connect opens a path from an address, up to the server and down again.
func (s *socket) connect(from netip.AddrPort, up, down netsim.Profile, seed uint64) path {
	near, far := netsim.Pipe(up, down, seed)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		far.Close()
		return path{near, far}
	}
	s.paths[from] = far
	go func() {
		var b [2048]byte
		for {
			n, err := far.Read(b[:])
			if err != nil {
				return
			}
			s.mu.Lock()
			s.genuine.Add(1)
			if s.tap != nil {
				s.tap(from, true, b[:n])
			}
			s.mu.Unlock()
			s.inject(from, b[:n])
		}
	}()
	return path{near, far}
}

// inject has a datagram arrive.
func (s *socket) inject(from netip.AddrPort, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, packet{from, append([]byte(nil), data...)})
	s.cond.Broadcast()
}

func (s *socket) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.closed:
			return 0, netip.AddrPort{}, net.ErrClosed
		case s.read.passed():
			return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
		case len(s.queue) > 0:
			p := s.queue[0]
			s.queue = s.queue[1:]
			return copy(b, p.data), p.from, nil
		}
		s.cond.Wait()
	}
}

func (s *socket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
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

func (s *socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.read.set(&s.waiter, t)
	return nil
}

func (s *socket) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(s.address) }

func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, far := range s.paths {
		far.Close()
	}
	s.cond.Broadcast()
	return nil
}

// A network connects clients with a server in memory.
type network struct {
	control  *listener
	games    []*socket
	up, down netsim.Profile

	mu       sync.Mutex // guards what follows
	serial   uint16
	controls []net.Conn // the clients' ends, in order
	paths    []path     // of the game channels, in order
	owners   []string   // of the paths: the clients' IP addresses
	cut      map[string]bool
}

// ways returns the paths that there are now. Players open new ones in goroutines of their own.
func (n *network) ways() []path {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.paths)
}

// unplug cuts all that an IP address has open, and lets it open nothing more, until it is plugged in again.
func (n *network) unplug(ip string, out bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[ip] = out
	for i, owner := range n.owners {
		if owner == ip && out {
			n.paths[i].set(netsim.Profile{Loss: 1})
		}
	}
}

// dialled is the near end of a path as a client's socket: it knows whom it is connected with.
type dialled struct {
	*netsim.PacketConn
	to *socket
}

func (d dialled) RemoteAddr() net.Addr { return d.to.LocalAddr() }

// A path is a game channel's way: what its near end sends goes up, what its far end sends comes down.
type path struct{ near, far *netsim.PacketConn }

// set changes what happens to datagrams in both directions.
func (p path) set(to netsim.Profile) {
	p.near.Set(to)
	p.far.Set(to)
}

func newNetwork(shards int) *network {
	host := netip.MustParseAddr("203.0.113.5")
	n := &network{control: newListener(netip.AddrPortFrom(host, 5555)), cut: make(map[string]bool)}
	for i := range shards {
		n.games = append(n.games, newSocket(netip.AddrPortFrom(host, 5556+uint16(i))))
	}
	return n
}

// from returns the Transport of a client with an IP address.
func (n *network) from(ip string) transport { return transport{n, ip} }

// A transport connects a client with an IP address to the server of a network.
type transport struct {
	net *network
	ip  string
}

func (t transport) DialStream(ctx context.Context, address string) (net.Conn, error) {
	local, to, err := t.next(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	n := t.net
	defer n.mu.Unlock()
	if to != n.control.address {
		return nil, refused("tcp")
	}
	c, err := n.control.dial(local)
	if err == nil {
		n.controls = append(n.controls, c)
	}
	return c, err
}

func (t transport) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	host, _, err := net.SplitHostPort(stream.RemoteAddr().String())
	if err != nil {
		return nil, err
	}
	local, to, err := t.next(ctx, "udp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	n := t.net
	defer n.mu.Unlock()
	for _, g := range n.games {
		if to == g.address {
			p := g.connect(local, n.up, n.down, uint64(n.serial))
			n.paths = append(n.paths, p)
			n.owners = append(n.owners, t.ip)
			return dialled{p.near, g}, nil
		}
	}
	return nil, refused("udp")
}

// next returns the addresses of a new connection, with the network locked unless there is an error.
func (t transport) next(ctx context.Context, network, address string) (local, to netip.AddrPort, err error) {
	if err := ctx.Err(); err != nil {
		return local, to, err
	}
	n := t.net
	n.mu.Lock()
	n.serial++
	if n.cut[t.ip] {
		n.mu.Unlock()
		return local, to, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	return netip.AddrPortFrom(netip.MustParseAddr(t.ip), 1024+n.serial), netip.MustParseAddrPort(address), nil
}

func refused(network string) error {
	return &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
