package dial

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"pong/netcode/netsim"
)

// A Simulated is a Transport whose game channel passes a simulated link in this process. The control channel is that of
// the Transport below it.
type Simulated struct {
	Transport
	Network *Network
}

// DialDatagrams opens the game channel of the Transport below, and puts the simulated link before it.
func (s Simulated) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	conn, err := s.Transport.DialDatagrams(ctx, stream, port)
	if err != nil {
		return nil, err
	}
	return s.Network.add(conn), nil
}

// A Network is a simulated link, which can be changed while games are played over it.
type Network struct {
	mu       sync.Mutex // guards what follows
	up, down netsim.Profile
	seed     uint64
	open     map[*simulatedConn]bool
}

// NewNetwork returns a Network with a profile for each direction.
func NewNetwork(up, down netsim.Profile, seed uint64) *Network {
	return &Network{up: up, down: down, seed: seed, open: make(map[*simulatedConn]bool)}
}

// Set changes the link for the datagrams from now on. The profiles must be valid.
func (n *Network) Set(up, down netsim.Profile) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.up, n.down = up, down
	for c := range n.open {
		n.simulate(c)
	}
}

// Profiles returns the profiles of the two directions.
func (n *Network) Profiles() (up, down netsim.Profile) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.up, n.down
}

// add puts the link before a connection. Each one has its own random losses.
func (n *Network) add(conn net.Conn) net.Conn {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := &simulatedConn{Conn: conn, network: n}
	n.open[c] = true
	n.simulate(c)
	return c
}

// simulate has a connection pass the link as it is now. A connection does without a link until it needs one.
func (n *Network) simulate(c *simulatedConn) {
	switch link := c.link.Load(); {
	case link != nil:
		link.Set(n.up, n.down)
	case n.up != netsim.Profile{} || n.down != netsim.Profile{}:
		n.seed++
		c.link.Store(netsim.NewConn(c.Conn, n.up, n.down, n.seed))
	}
}

// A simulatedConn is a connection over a Network. While the network is perfect, datagrams pass it directly: a link has
// goroutines and a queue, which cost time.
type simulatedConn struct {
	net.Conn // the connection below
	network  *Network
	link     atomic.Pointer[netsim.Conn] // before Conn; nil until the network is first not perfect
}

// Read waits for a datagram. The one that a Read waits for when the link is set up passes it directly.
func (c *simulatedConn) Read(b []byte) (int, error) {
	if link := c.link.Load(); link != nil {
		return link.Read(b)
	}
	return c.Conn.Read(b)
}

// Write sends a datagram.
func (c *simulatedConn) Write(b []byte) (int, error) {
	if link := c.link.Load(); link != nil {
		return link.Write(b)
	}
	return c.Conn.Write(b)
}

// SetReadDeadline sets the deadline of Reads from now on.
func (c *simulatedConn) SetReadDeadline(t time.Time) error {
	if link := c.link.Load(); link != nil {
		return link.SetReadDeadline(t)
	}
	return c.Conn.SetReadDeadline(t)
}

// Close closes the connection, which is not changed with the network any more.
func (c *simulatedConn) Close() error {
	c.network.mu.Lock()
	delete(c.network.open, c)
	c.network.mu.Unlock()
	if link := c.link.Load(); link != nil {
		return link.Close()
	}
	return c.Conn.Close()
}
