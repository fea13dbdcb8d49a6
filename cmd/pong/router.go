package main

import (
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"pong/internal/portmap"
	"pong/internal/udp"
)

// A router is the one of this network, which passes the ports of a server on to this machine.
type router struct {
	mapper mapper

	mu      sync.Mutex // guards what follows
	changed func(portmap.State)
	last    portmap.State
}

// A mapper is a portmap.Mapper, or one of a test.
type mapper interface {
	State() portmap.State
	Answered() <-chan struct{}
	Close()
}

// startMapper asks the router of this network.
func startMapper(cfg portmap.Config) mapper { return portmap.Start(cfg) }

// wantedPorts are the ports that a server has: that of the control channel, those of the shards, and that of HTTP/3,
// without which pages use the control port. Players are told the number of a shard's port, so it is the same outside.
func wantedPorts(control int, sockets []udp.Socket, page bool) (wants []portmap.Want) {
	wants = append(wants, portmap.Want{Inside: uint16(control)})
	for _, s := range sockets {
		wants = append(wants, portmap.Want{UDP: true, Inside: uint16(portOf(s.LocalAddr())), Same: true})
	}
	if page {
		wants = append(wants, portmap.Want{UDP: true, Inside: uint16(control), Same: true, Optional: true})
	}
	return wants
}

// askRouter asks a router by start to pass ports on. The folder is that of the identity. bind listens on another port
// for one of the wants.
func askRouter(
	start func(portmap.Config) mapper, listen, dir string, wants []portmap.Want, bind func(want int, port uint16) bool,
) *router {
	r := new(router)
	own, _ := netip.ParseAddr(listen)
	if !own.Is4() || own.IsUnspecified() {
		own = netip.Addr{}
	}
	r.mapper = start(portmap.Config{Wants: wants, Own: own, Note: dir, Bind: bind, Changed: r.notify})
	return r
}

// follow calls changed with what is known now, if the router has answered, and whenever it changes.
func (r *router) follow(changed func(portmap.State)) {
	if r == nil {
		return
	}
	r.mu.Lock()
	r.changed = changed
	last := r.last
	r.mu.Unlock()
	if last.Verdict != portmap.Asking {
		changed(last)
	}
}

func (r *router) notify(s portmap.State) {
	r.mu.Lock()
	r.last = s
	changed := r.changed
	r.mu.Unlock()
	if changed != nil {
		changed(s)
	}
}

// close has the router close the ports.
func (r *router) close() {
	if r != nil {
		r.mapper.Close()
	}
}

// outside returns where players reach a server from outside: by the ports that the router passes on, if it does.
func (r *router) outside(otherwise advertised) advertised {
	if r == nil {
		return otherwise
	}
	s := r.mapper.State()
	if s.Verdict != portmap.Mapped {
		return otherwise
	}
	return advertised{host: s.External.String(), control: int(s.Outside[0])}
}

// routerWithin is how long the start of a server waits for the router, and hostRouterWithin that of a hosted match.
const (
	routerWithin     = 5 * time.Second
	hostRouterWithin = 1500 * time.Millisecond
)

// askRouterFirst asks a router to pass the ports of a server on, and waits for that, but not long. If the router gives
// a shard another port, its socket is replaced by one on that port. The sockets stay as they are when it returns.
func askRouterFirst(
	ctx context.Context, start func(portmap.Config) mapper, listen, dir string, control int, sockets []udp.Socket,
	page bool, within time.Duration,
) *router {
	var mu sync.Mutex
	running := false
	bind := func(want int, port uint16) bool {
		mu.Lock()
		defer mu.Unlock()
		i := want - 1 // after the control port
		if running || i < 0 || i >= len(sockets) {
			return false
		}
		other, err := udp.Listen(listen, int(port))
		if err != nil {
			return false
		}
		sockets[i].Close()
		sockets[i] = other
		return true
	}
	r := askRouter(start, listen, dir, wantedPorts(control, sockets, page), bind)
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case <-r.mapper.Answered():
	case <-timeout.C:
	case <-ctx.Done():
	}
	mu.Lock()
	defer mu.Unlock()
	running = true
	return r
}

// outside returns where players reach the server from outside.
func (s *serving) outside() advertised { return s.router.outside(s.flags.advertise) }

// logRouter logs what the router does.
func (s *serving) logRouter(state portmap.State) {
	log := s.cfg.Log
	switch state.Verdict {
	case portmap.Mapped:
		log.Info("the router passes the ports on", slog.String("protocol", state.Protocol.String()),
			slog.String("address", state.External.String()), slog.Int("tcp", int(state.Outside[0])),
			slog.Int("udp", int(state.Outside[1])), slog.String("link", s.joinLink(s.identity.Fingerprint())))
	case portmap.Shared:
		log.Warn("players outside this network cannot reach this server: the router has no public address of its " +
			"own; the provider shares one among customers, or there is a second router")
	case portmap.Taken:
		log.Warn("another machine in this network has a port of this server at the router: start the server " +
			"again, or give it other ports with --control-port and --game-port")
	case portmap.Closed:
		own := "this machine"
		if state.Own.IsValid() {
			own = state.Own.String()
		}
		log.Warn("the router opens no ports: have it pass them on by its settings, for players outside this network",
			slog.Int("tcp", portOf(s.control.Addr())), slog.Int("udp", portOf(s.sockets[0].LocalAddr())),
			slog.String("to", own))
	case portmap.Asking:
		log.Info("the router does not pass the ports on any more, and is asked again")
	}
}
