package dial

import (
	"context"
	"net"
	"sync"

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
		c.Set(up, down)
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
	n.seed++
	c := &simulatedConn{netsim.NewConn(conn, n.up, n.down, n.seed), n}
	n.open[c] = true
	return c
}

// A simulatedConn is a connection over a Network.
type simulatedConn struct {
	*netsim.Conn
	network *Network
}

// Close closes the connection, which is not changed with the network any more.
func (c *simulatedConn) Close() error {
	c.network.mu.Lock()
	delete(c.network.open, c)
	c.network.mu.Unlock()
	return c.Conn.Close()
}
