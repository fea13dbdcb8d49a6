// Package memnet is a network in memory: streams that behave as TCP connections do, and datagram sockets whose paths
// are simulated by netsim. Nothing in it touches the operating system, so that clients and servers can be tested over
// it in a testing/synctest bubble, where time is virtual.
//
//	net := memnet.New()
//	listener := net.Listen(netip.MustParseAddrPort("203.0.113.5:5555"))
//	socket := net.ListenDatagrams(netip.MustParseAddrPort("203.0.113.5:5556"))
//	client := net.Host("198.51.100.1") // dials streams and datagrams
package memnet

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"

	"pong/netcode/netsim"
)

// A Network connects hosts with the listeners and sockets of servers.
type Network struct {
	mu        sync.Mutex // guards what follows
	listeners map[netip.AddrPort]*Listener
	sockets   map[netip.AddrPort]*Socket
	up, down  netsim.Profile
	serial    uint16  // of connections; it becomes the client's port and the seed of a path
	streams   []*Conn // the clients' ends, in order of dialling
	paths     []*Path // in order of dialling
	cut       map[netip.Addr]bool
}

// New returns a network without hosts.
func New() *Network {
	return &Network{
		listeners: make(map[netip.AddrPort]*Listener), sockets: make(map[netip.AddrPort]*Socket),
		cut: make(map[netip.Addr]bool),
	}
}

// Listen returns a listener at an address. An earlier one there, which should be closed, is not dialled any more.
func (n *Network) Listen(address netip.AddrPort) *Listener {
	l := &Listener{address: address}
	l.init()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listeners[address] = l
	return l
}

// ListenDatagrams returns a socket at an address. An earlier one there is not dialled any more.
func (n *Network) ListenDatagrams(address netip.AddrPort) *Socket {
	s := &Socket{address: address, paths: make(map[netip.AddrPort]*netsim.PacketConn)}
	s.init()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sockets[address] = s
	return s
}

// SetLink sets what happens to the datagrams of paths that are dialled from now on: up to the server, and down.
func (n *Network) SetLink(up, down netsim.Profile) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.up, n.down = up, down
}

// Disconnect drops every datagram of a host's paths and fails whatever it dials, until Reconnect. Its streams stay
// open.
func (n *Network) Disconnect(ip string) {
	host := netip.MustParseAddr(ip)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut[host] = true
	for _, p := range n.paths {
		if p.Client == host {
			p.Set(netsim.Profile{Loss: 1})
		}
	}
}

// Reconnect lets a host dial again. Its old paths stay as Disconnect left them.
func (n *Network) Reconnect(ip string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.cut, netip.MustParseAddr(ip))
}

// Streams returns the clients' ends of all streams, in the order in which they were dialled.
func (n *Network) Streams() []*Conn {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.streams)
}

// Paths returns all paths, in the order in which they were dialled.
func (n *Network) Paths() []*Path {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.paths)
}

// A Path carries the datagrams between a client and a Socket.
type Path struct {
	Client netip.Addr
	Server netip.AddrPort
	Up     *netsim.PacketConn // the client's end: its profile is of the way up
	Down   *netsim.PacketConn // the server's end: its profile is of the way down
}

// Set changes what happens to datagrams in both directions.
func (p *Path) Set(to netsim.Profile) {
	p.Up.Set(to)
	p.Down.Set(to)
}

// A Host dials from an IP address. It is a transport of package dial.
type Host struct {
	net *Network
	ip  netip.Addr
}

// Host returns the host with an IP address.
func (n *Network) Host(ip string) Host { return Host{n, netip.MustParseAddr(ip)} }

// DialStream opens a stream to an address of the form IP:PORT. It returns a *Conn.
func (h Host) DialStream(ctx context.Context, address string) (net.Conn, error) {
	local, remote, err := h.addresses(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.listeners[remote]
	if l == nil {
		return nil, errRefused("tcp")
	}
	c, err := l.connect(local)
	if err != nil {
		return nil, err
	}
	n.streams = append(n.streams, c)
	return c, nil
}

// DialDatagrams opens a path to a port of the server at the other end of a stream.
func (h Host) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	host, _, err := net.SplitHostPort(stream.RemoteAddr().String())
	if err != nil {
		return nil, err
	}
	local, remote, err := h.addresses(ctx, "udp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	s := n.sockets[remote]
	if s == nil {
		return nil, errRefused("udp")
	}
	p := s.connect(local, n.up, n.down, uint64(local.Port()-firstPort))
	n.paths = append(n.paths, p)
	return connected{p.Up, s}, nil
}

// firstPort precedes the ports of clients.
const firstPort = 1024

// addresses returns the local and remote address of a new connection.
func (h Host) addresses(ctx context.Context, network, address string) (local, remote netip.AddrPort, err error) {
	if err := ctx.Err(); err != nil {
		return local, remote, err
	}
	if remote, err = netip.ParseAddrPort(address); err != nil {
		return local, remote, err
	}
	n := h.net
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serial++
	if n.cut[h.ip] {
		return local, remote, &net.OpError{Op: "dial", Net: network,
			Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	return netip.AddrPortFrom(h.ip, firstPort+n.serial), remote, nil
}

// connected is the client's end of a path as a connected socket, which knows its peer.
type connected struct {
	*netsim.PacketConn
	peer *Socket
}

// RemoteAddr returns the server's address.
func (c connected) RemoteAddr() net.Addr { return c.peer.LocalAddr() }

func errRefused(network string) error {
	return &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
