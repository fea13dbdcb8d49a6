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
	names     map[string][]netip.Addr
	aliases   map[netip.Addr]netip.Addr
	dead      map[netip.Addr]bool  // hosts that answer no stream
	blocked   map[netip.Addr]bool  // hosts whose datagrams are lost
	hosts     map[netip.Addr]*link // see link
}

// New returns a network without hosts.
func New() *Network {
	return &Network{
		listeners: make(map[netip.AddrPort]*Listener), sockets: make(map[netip.AddrPort]*Socket),
		cut: make(map[netip.Addr]bool), names: make(map[string][]netip.Addr),
		aliases: make(map[netip.Addr]netip.Addr), dead: make(map[netip.Addr]bool),
		blocked: make(map[netip.Addr]bool), hosts: make(map[netip.Addr]*link),
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

// Name gives a name to the hosts with some addresses, in the order in which a dialler tries them.
func (n *Network) Name(name string, addresses ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.names[name] = nil
	for _, ip := range addresses {
		n.names[name] = append(n.names[name], netip.MustParseAddr(ip))
	}
}

// Alias gives a host another address.
func (n *Network) Alias(ip, host string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.aliases[netip.MustParseAddr(ip)] = netip.MustParseAddr(host)
}

// Kill has nothing answer at an address: a dial to it waits.
func (n *Network) Kill(ip string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dead[netip.MustParseAddr(ip)] = true
}

// BlockDatagrams loses all datagrams of the paths to an address that are dialled from now on. Streams are not affected.
func (n *Network) BlockDatagrams(ip string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.blocked[netip.MustParseAddr(ip)] = true
}

// target returns the address of the host at which a dialled address leads. The caller holds mu.
func (n *Network) target(remote netip.AddrPort) netip.AddrPort {
	if host, ok := n.aliases[remote.Addr()]; ok {
		return netip.AddrPortFrom(host, remote.Port())
	}
	return remote
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

	abandoned bool // guarded by the network's mutex
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

// Resolve returns the addresses of a name. An IP address stands for itself.
func (h Host) Resolve(_ context.Context, address string) ([]string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	named, ok := h.net.names[host]
	if !ok {
		return []string{address}, nil
	}
	var all []string
	for _, ip := range named {
		all = append(all, net.JoinHostPort(ip.String(), port))
	}
	return all, nil
}

// DialStream opens a stream to an address of the form IP:PORT. It returns a *Conn.
func (h Host) DialStream(ctx context.Context, address string) (net.Conn, error) {
	local, remote, err := h.addresses(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	n := h.net
	if err := n.awaitStreams(ctx, h.ip); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dead[remote.Addr()] {
		n.mu.Unlock()
		<-ctx.Done()
		n.mu.Lock()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	}
	l := n.listeners[n.target(remote)]
	if l == nil {
		return nil, errRefused("tcp")
	}
	c, err := l.connect(local, remote)
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
	s := n.sockets[n.target(remote)]
	if s == nil {
		return nil, errRefused("udp")
	}
	up, down := n.up, n.down
	if l := n.link(h.ip); l.own {
		up, down = l.up, l.down
	}
	p := s.connect(local, up, down, uint64(local.Port()-firstPort))
	p.Server = remote
	if n.blocked[remote.Addr()] {
		p.Set(netsim.Profile{Loss: 1})
	}
	n.paths = append(n.paths, p)
	return connected{p.Up, remote}, nil
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
	peer netip.AddrPort
}

// RemoteAddr returns the server's address.
func (c connected) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(c.peer) }

func errRefused(network string) error {
	return &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
