package netsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

const (
	defaultIdle    = 2 * time.Minute
	defaultClients = 256
	socketBuffer   = 4 << 20
)

// A RelayConfig says between which addresses a [Relay] stands and what it does. Addresses are "host:port". Only ToGame
// is required.
type RelayConfig struct {
	// ListenGame is the UDP address to which clients send. If its port is zero, a free one is used. If empty,
	// 127.0.0.1:0.
	ListenGame string

	// ToGame is the UDP address of the server.
	ToGame string

	// ListenControl is the TCP address that clients dial. If its port is zero, a free one is used. If empty,
	// 127.0.0.1:0.
	ListenControl string

	// ToControl is the TCP address of the server. If empty, TCP is not relayed and ListenControl is ignored.
	ToControl string

	// Up is the profile of the direction to the server, Down of the direction from it. If zero, a perfect link.
	Up, Down Profile

	// Seed decides what happens to which packet. Zero is a seed like any other.
	Seed uint64

	// Idle is how long a client and the server may both be silent before the relay drops the client. If zero, two
	// minutes.
	Idle time.Duration

	// Clients is the largest number of UDP clients, and of TCP connections, at the same time. Others are refused and
	// counted. If zero, 256.
	Clients int
}

// A Relay stands between clients and a server on real sockets and does to their packets what a [Link] does. It changes
// nothing else: packets arrive byte for byte as they were sent.
//
// Each UDP client, identified by its address, has a socket of its own towards the server, so that replies can be
// routed back, and two Links of its own, seeded from RelayConfig.Seed and the order in which clients appear. So a
// stall of one player does not affect the others. The server sees the relay's address with a port for each client.
//
// TCP is relayed too, with the Delay of the direction and nothing else, because programs see loss on TCP only as
// delay. Connecting is not delayed.
//
// A server that gives its clients only a port, as Pong's does, needs no change if the relay listens on the same ports
// of another address, say 127.0.0.2.
type Relay struct {
	config  RelayConfig
	game    *net.UDPConn
	server  netip.AddrPort // resolved ToGame
	control net.Listener   // nil without ToControl
	running sync.WaitGroup

	mu       sync.Mutex // guards all below
	closed   bool
	up, down Profile
	clients  map[netip.AddrPort]*relayClient
	conns    map[*net.TCPConn]struct{} // both sides
	seen     uint64                    // UDP clients so far
	stats    RelayStats                // Up and Down are those of dropped clients
}

// RelayStats counts what a relay did.
type RelayStats struct {
	Up, Down Stats  // of all UDP clients, including dropped ones
	Clients  int    // UDP clients now
	Conns    int    // TCP connections now
	Refused  uint64 // packets and connections refused because there were too many clients
	Errors   uint64 // failures to make, read or write a socket; for UDP mostly because no server listens
}

// ListenRelay opens the sockets of a relay, so that its addresses are known. Call [Relay.Run] next.
func ListenRelay(config RelayConfig) (*Relay, error) {
	if err := config.Up.Validate(); err != nil {
		return nil, fmt.Errorf("up: %w", err)
	}
	if err := config.Down.Validate(); err != nil {
		return nil, fmt.Errorf("down: %w", err)
	}
	if config.ListenGame == "" {
		config.ListenGame = "127.0.0.1:0"
	}
	if config.ListenControl == "" {
		config.ListenControl = "127.0.0.1:0"
	}
	if config.Idle <= 0 {
		config.Idle = defaultIdle
	}
	if config.Clients <= 0 {
		config.Clients = defaultClients
	}
	r := &Relay{
		config:  config,
		up:      config.Up,
		down:    config.Down,
		clients: make(map[netip.AddrPort]*relayClient),
		conns:   make(map[*net.TCPConn]struct{}),
	}
	if err := r.listen(); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Relay) listen() error {
	to, err := net.ResolveUDPAddr("udp", r.config.ToGame)
	if err != nil {
		return fmt.Errorf("find game server %q: %w", r.config.ToGame, err)
	}
	r.server = to.AddrPort()
	if r.server.Port() == 0 {
		return fmt.Errorf("find game server %q: it needs a port", r.config.ToGame)
	}
	game, err := net.ListenPacket("udp", r.config.ListenGame)
	if err != nil {
		return fmt.Errorf("listen for game traffic: %w", err)
	}
	r.game = game.(*net.UDPConn)
	enlarge(r.game)
	if r.config.ToControl == "" {
		return nil
	}
	r.control, err = net.Listen("tcp", r.config.ListenControl)
	if err != nil {
		return fmt.Errorf("listen for control connections: %w", err)
	}
	return nil
}

// enlarge asks for buffers that hold a burst. The system may grant less, which is not an error.
func enlarge(c *net.UDPConn) {
	_ = c.SetReadBuffer(socketBuffer)
	_ = c.SetWriteBuffer(socketBuffer)
}

// GameAddr returns the UDP address that the relay listens on.
func (r *Relay) GameAddr() netip.AddrPort {
	return unmap(r.game.LocalAddr().(*net.UDPAddr).AddrPort())
}

// ControlAddr returns the TCP address that the relay listens on, or the zero AddrPort if it relays no TCP.
func (r *Relay) ControlAddr() netip.AddrPort {
	if r.control == nil {
		return netip.AddrPort{}
	}
	return unmap(r.control.Addr().(*net.TCPAddr).AddrPort())
}

func unmap(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// Run relays until ctx ends or Close is called, and then returns nil. It returns an error if a listening socket fails
// before that. It closes all sockets and leaves no goroutine behind. Call it once.
func (r *Relay) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	r.running.Go(func() { ended <- r.serveGame() })
	if r.control != nil {
		r.running.Go(func() { ended <- r.serveControl(ctx) })
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	cancel()
	err = errors.Join(err, r.Close())
	r.running.Wait()
	return err
}

// Close closes all sockets, which makes Run return. It is needed only if Run is not called.
func (r *Relay) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	var err error
	if r.game != nil {
		err = r.game.Close()
	}
	if r.control != nil {
		err = errors.Join(err, r.control.Close())
	}
	for _, c := range r.clients {
		r.forget(c)
	}
	for c := range r.conns {
		_ = c.Close() // data that was not sent yet is lost
	}
	return err
}

// Set changes the profiles of both directions, for present and future clients.
func (r *Relay) Set(up, down Profile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.up, r.down = up, down
	for _, c := range r.clients {
		c.up.set(up)
		c.down.set(down)
	}
}

// Stats returns the counts so far.
func (r *Relay) Stats() RelayStats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	for _, c := range r.clients {
		s.Up, s.Down = s.Up.Add(c.up.stats()), s.Down.Add(c.down.stats())
	}
	s.Clients = len(r.clients)
	return s
}

func (r *Relay) countError() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.Errors++
}
