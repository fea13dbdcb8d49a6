package netsim

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
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

	// GamePorts is the number of UDP ports that the relay listens on, from the port of ListenGame on. Each leads to
	// the port as far above that of ToGame. If zero, one.
	GamePorts int

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
	games   []*net.UDPConn // one for each game port
	server  netip.AddrPort // resolved ToGame, for the first of games
	control net.Listener   // nil without ToControl
	running sync.WaitGroup

	mu       sync.Mutex // guards all below
	closed   bool
	up, down Profile
	clients  map[relayKey]*relayClient
	conns    map[*net.TCPConn]struct{} // both sides
	seen     uint64                    // UDP clients so far
	stats    RelayStats                // Up and Down are those of dropped clients
}

// RelayStats counts what a relay did.
type RelayStats struct {
	Up, Down Stats  // of all UDP clients, including dropped ones
	Clients  int    // UDP clients now
	Conns    int    // TCP connections now
	Accepted uint64 // TCP connections so far, without those refused
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
	if config.GamePorts <= 0 {
		config.GamePorts = 1
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
		clients: make(map[relayKey]*relayClient),
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
	if last := int(r.server.Port()) + r.config.GamePorts - 1; last > 65535 {
		return fmt.Errorf("find game server %q: the last of %d ports would be %d", r.config.ToGame,
			r.config.GamePorts, last)
	}
	if err := r.listenGame(); err != nil {
		return fmt.Errorf("listen for game traffic: %w", err)
	}
	if r.config.ToControl == "" {
		return nil
	}
	r.control, err = net.Listen(family("tcp", r.config.ListenControl), r.config.ListenControl)
	if err != nil {
		return fmt.Errorf("listen for control connections: %w", err)
	}
	return nil
}

// freeRuns is the number of attempts to find as many free ports in a row as there are game ports.
const freeRuns = 16

// listenGame opens the sockets of the game ports. If the first may be any free port, the ones that follow it may be in
// use; then it tries another.
func (r *Relay) listenGame() error {
	network := family("udp", r.config.ListenGame)
	first, err := net.ResolveUDPAddr(network, r.config.ListenGame)
	if err != nil {
		return err
	}
	for tries := 1; ; tries++ {
		err := r.listenFrom(network, *first)
		if err == nil || first.Port != 0 || tries == freeRuns {
			return err
		}
		for _, c := range r.games {
			_ = c.Close()
		}
		r.games = nil
	}
}

// listenFrom opens the sockets of the game ports, from address on.
func (r *Relay) listenFrom(network string, address net.UDPAddr) error {
	for range r.config.GamePorts {
		c, err := net.ListenUDP(network, &address)
		if err != nil {
			return err
		}
		enlarge(c)
		r.games = append(r.games, c)
		address.Port = c.LocalAddr().(*net.UDPAddr).Port + 1
	}
	return nil
}

// family returns the network of which to listen at address. The host 0.0.0.0 means IPv4 alone, where Go would listen on
// IPv6 as well.
func family(network, address string) string {
	if strings.HasPrefix(address, "0.0.0.0:") {
		return network + "4"
	}
	return network
}

// enlarge asks for buffers that hold a burst. The system may grant less, which is not an error.
func enlarge(c *net.UDPConn) {
	_ = c.SetReadBuffer(socketBuffer)
	_ = c.SetWriteBuffer(socketBuffer)
}

// GameAddr returns the UDP address that the relay listens on, with the first of its ports.
func (r *Relay) GameAddr() netip.AddrPort {
	return unmap(r.games[0].LocalAddr().(*net.UDPAddr).AddrPort())
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
	ended := make(chan error, len(r.games)+1)
	for i := range r.games {
		r.running.Go(func() { ended <- r.serveGame(i) })
	}
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
	for _, c := range r.games {
		err = errors.Join(err, c.Close())
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
