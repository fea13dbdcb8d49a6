package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/dial"
	"pong/internal/memnet"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/netcode/netsim"
)

// A rig is a server with players in a bubble. Serve, Dial, TLS and the sealed datagrams are the real ones; the network
// is in memory and time is the bubble's.
type rig struct {
	*testing.T
	settings
	net     *memnet.Network
	control *memnet.Listener
	games   []*memnet.Socket
	begin   chan struct{}
	drain   chan struct{}
	logged  *logged
	key     trust.Fingerprint
	stop    context.CancelFunc
	ended   chan error
	players []*player
}

// settings change a rig before its server starts.
type settings struct {
	server.Config
	shards   int
	up, down netsim.Profile
	wrap     func(*memnet.Socket) udp.PacketConn // If nil, sockets are used as they are.
	listener func(net.Listener) net.Listener     // If nil, the control port is used as it is.
}

// bubble runs a test with a server in a bubble. At the end it stops the server, and Serve must return nil. The bubble
// fails if a goroutine is left.
func bubble(t *testing.T, change func(*settings), test func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := serve(t, change)
		defer r.end()
		test(r)
	})
}

// serve starts a server.
func serve(t *testing.T, change func(*settings)) *rig {
	t.Helper()
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{
		T: t, begin: make(chan struct{}), drain: make(chan struct{}), logged: new(logged),
		key: identity.Fingerprint(), ended: make(chan error, 1),
	}
	r.settings = settings{shards: 1, Config: server.Config{
		TLS: trust.ServerTLS(identity, time.Now), Auto: true, Begin: r.begin, Drain: r.drain, Seed: 1,
		Log: slog.New(slog.NewJSONHandler(r.logged, nil)),
	}}
	if change != nil {
		change(&r.settings)
	}
	r.net = memnet.New()
	r.net.SetLink(r.up, r.down)
	r.start()
	return r
}

// controlAddr is where the server listens; its UDP ports follow.
var controlAddr = netip.MustParseAddrPort("203.0.113.5:5555")

// start starts the server, at the same addresses each time.
func (r *rig) start() {
	r.control, r.games = r.net.Listen(controlAddr), nil
	var sockets []udp.Socket
	for i := range r.shards {
		g := r.net.ListenDatagrams(netip.AddrPortFrom(controlAddr.Addr(), controlAddr.Port()+1+uint16(i)))
		r.games = append(r.games, g)
		if r.wrap != nil {
			sockets = append(sockets, udp.NewSocket(r.wrap(g)))
			continue
		}
		sockets = append(sockets, udp.NewSocket(g))
	}
	ctx, stop := context.WithCancel(r.Context())
	r.stop = stop
	listener := net.Listener(r.control)
	if r.listener != nil {
		listener = r.listener(listener)
	}
	go func() { r.ended <- server.Serve(ctx, r.Config, listener, sockets) }()
}

// restart starts another server with the same identity at the address of one that has ended.
func (r *rig) restart() {
	r.drain = make(chan struct{})
	r.Drain = r.drain
	r.start()
}

// end closes the players' connections and stops the server.
func (r *rig) end() {
	r.Helper()
	for _, p := range r.players {
		p.Close()
	}
	r.stop()
	if err := <-r.ended; err != nil {
		r.Errorf("Serve ended with %v, want nil after it was stopped", err)
	}
}

// config returns the configuration of a client with a name and an IP address.
func (r *rig) config(name, ip string) dial.Config {
	return dial.Config{
		Address: controlAddr.String(), Name: name, Trust: r.key.String(), Transport: r.net.Host(ip),
	}
}

// join joins a player. It fails the test if the player is refused.
func (r *rig) join(name string) *player {
	r.Helper()
	return r.joinAs(r.config(name, fmt.Sprintf("198.51.100.%d", len(r.players)+1)))
}

func (r *rig) joinAs(cfg dial.Config) *player {
	r.Helper()
	mortal := &mortalTransport{Transport: cfg.Transport}
	cfg.Transport = mortal
	c, err := dial.Dial(r.Context(), cfg)
	if err != nil {
		r.Fatalf("%s cannot join: %v", cfg.Name, err)
	}
	p := &player{Client: c, transport: mortal}
	r.players = append(r.players, p)
	return p
}

// joinTwo joins two players.
func (r *rig) joinTwo() (left, right *player) {
	r.Helper()
	return r.join("left"), r.join("right")
}

// joinTwoOfFrames joins two players whose sessions stand still while they are not in r.players, as a stopped process
// does.
func (r *rig) joinTwoOfFrames() (left, right *player) {
	r.Helper()
	for i, p := range []**player{&left, &right} {
		cfg := r.config([]string{"left", "right"}[i], fmt.Sprintf("198.51.100.%d", i+1))
		cfg.FramesOnly = true
		*p = r.joinAs(cfg)
	}
	return left, right
}

// run lets time pass, in which all players draw frames.
func (r *rig) run(d time.Duration) {
	r.Helper()
	r.until(d, func() bool { return false })
}

// want lets time pass until something has happened. It fails the test if that takes too long.
func (r *rig) want(within time.Duration, what string, happened func() bool) {
	r.Helper()
	if !r.until(within, happened) {
		for i, p := range r.players {
			r.Logf("player %d: %v %v, score %v, stages %v", i, p.view.Stage, p.view.Reason, p.view.Score, p.seen)
		}
		r.Logf("log:\n%s", r.logged)
		r.Fatalf("not within %v: %s", within, what)
	}
}

func (r *rig) until(within time.Duration, happened func() bool) bool {
	for end := time.Now().Add(within); ; time.Sleep(time.Second / 60) {
		for _, p := range r.players {
			p.frame(time.Now())
		}
		if happened() {
			return true
		}
		if !time.Now().Before(end) {
			return false
		}
	}
}
