package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"pong/internal/crash"
	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/game"
	"pong/internal/matchfile"
	"pong/internal/portmap"
	"pong/internal/qr"
	"pong/internal/rooms"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/trust"
	"pong/internal/udp"
)

// A host starts servers in this process, each for one match with a friend.
type host struct {
	listen    string
	ports     ports // 0 is a free one
	fixed     bool  // the ports were chosen; if not, free ones are used if these are in use
	advertise advertised
	auto      bool // a match begins by itself, as on a server; if not, when both players are ready
	rules     game.Rules
	checkAt   string // the address of a server to ask whether it reaches this machine. If empty, none is.
	mapPorts  string // whether the router passes the ports on: routerYes, routerAsk, or else no
	router    func(portmap.Config) mapper
	agreed    atomic.Bool // the person wants the router to be asked, for further matches too
	hidden    bool        // others in the same network do not find the game
	certs     string      // the folder of the identity. If empty, that of pong serve.
}

// defaultHost returns the host of a person who has named no flags.
func defaultHost() *host {
	return &host{
		ports: ports{trust.DefaultPort, trust.DefaultPort + 1}, rules: game.DefaultRules(), mapPorts: routerAsk,
		router: startMapper,
	}
}

// A hostedServer is a server that runs in this process.
type hostedServer struct {
	control  net.Listener
	sockets  []udp.Socket
	identity *trust.Server
	room     string
	dir      string  // of the identity
	router   *router // nil if it is not asked, or not yet
	saved    map[string][]byte
	matches  *matchfile.File // nil if the match is not kept
	path     string          // of matches
}

// hostPlayers is how many players and watchers a hosted server has places for. Only two of them play.
const hostPlayers = 8

// start starts a server for a match in a room. If the code is empty, it is that of the match that a process before this
// one has hosted until it was killed, or else a new one. The server outlives ctx until Close is called, so that its
// players can leave first.
func (h *host) start(ctx context.Context, want front.Want) (*front.Hosted, error) {
	s, err := h.open(want.Room)
	if err != nil {
		return nil, err
	}
	if h.mapPorts == routerYes || h.mapPorts == routerAsk && h.agreed.Load() {
		control := portOf(s.control.Addr())
		s.router = askRouterFirst(ctx, h.router, h.listen, s.dir, control, s.sockets, true, hostRouterWithin)
	}
	cfg := server.Config{
		TLS: trust.ServerTLS(s.identity, time.Now, webProtocols...), Rules: h.rules, Auto: true, Ready: !h.auto,
		Room:  s.room,
		Final: true, MaxPlayers: hostPlayers, GamePort: h.advertise.game, Saved: s.saved,
		Monitor: new(server.Monitor),
	}
	page, sockets, _ := newWebPage(&cfg, h.listen, s.control, s.sockets, s.identity, false) // it works without HTTP/3
	stopPage := page.start()
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	served, kept := make(chan struct{}), make(chan struct{})
	if close(kept); s.matches != nil {
		kept = make(chan struct{})
		cfg.Save = s.matches.Put
		go crash.Guarded(func() { s.matches.Run(ctx); close(kept) })()
	}
	hosted := s.describe(h)
	reach := newHostReach(h, s, hosted)
	cfg.Stray = reach.take
	go crash.Guarded(func() {
		defer close(served)
		_ = server.Serve(ctx, cfg, s.control, sockets) // it tells the players why it ends
	})()
	lost := func() {}
	if !h.hidden && !isLocal(h.listen) {
		lost, _ = beFound(want.Name, true, portOf(s.control.Addr()), cfg.Monitor) // else the link has to do
	}
	reach.start()
	hosted.Close = func() {
		reach.end()
		lost()
		stop()
		<-served
		stopPage()
		<-kept
		s.forget()
	}
	return hosted, nil
}

// open opens the ports, the identity and the match of a process before this one.
func (h *host) open(room string) (s *hostedServer, err error) {
	s = &hostedServer{room: room}
	s.control, s.sockets, err = server.Listen(h.listen, h.ports.control, h.ports.game, 1)
	if err != nil && !h.fixed {
		s.control, s.sockets, err = server.Listen(h.listen, 0, 0, 1)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, listenHint(err))
	}
	dir := h.certs
	if dir == "" {
		dir, _ = trust.DefaultCerts()
	}
	if s.identity, err = trust.OpenIdentity(dir, time.Now()); err != nil {
		// It cannot be kept for the next time, but nobody knows it yet.
		if s.identity, err = trust.NewIdentity(time.Now()); err != nil {
			return nil, err
		}
	}
	s.dir = dir
	s.keep(dir)
	if s.room == "" {
		s.room = rooms.New()
	}
	return s, nil
}

// keep keeps the match in a file, so that both players can go on with it if this process is killed and another one
// started. It finds the match of the process before this one in the same way.
func (s *hostedServer) keep(dir string) {
	s.path = filepath.Join(dir, fmt.Sprintf("hosted-%d", portOf(s.control.Addr())))
	file, found, err := matchfile.Open(time.Now(), matchfile.Config{
		Path: s.path, MaxAge: keptFor, Failed: func(error) {},
	})
	if err != nil {
		return // the match is played without
	}
	s.matches, s.saved = file, make(map[string][]byte)
	for name, record := range found.Records {
		m, err := shard.ParseSaved(record)
		if err != nil || s.room != "" && m.Room != s.room {
			continue
		}
		s.room, s.saved[name] = m.Room, record
	}
}

// forget removes the match, because the host has ended it.
func (s *hostedServer) forget() {
	if s.matches != nil {
		_ = s.matches.Close()
		_ = os.Remove(s.path)
		_ = os.Remove(s.path + ".lock")
	}
}

// describe returns what the person at this screen needs to know.
func (s *hostedServer) describe(h *host) *front.Hosted {
	at := ports{portOf(s.control.Addr()), portOf(s.sockets[0].LocalAddr())}
	key := s.identity.Fingerprint()
	own := "127.0.0.1"
	if !isAll(h.listen) {
		own = h.listen
	} else if h.listen == "::" {
		own = "::1"
	}
	link := linkTo(h.listen, "", h.advertise, at, key)
	near := linkTo(h.listen, "", advertised{}, at, key).WithFurther(nil)
	link.Room, near.Room = s.room, s.room
	mine := trust.JoinLink{Address: net.JoinHostPort(own, strconv.Itoa(at.control)), Key: key, HasKey: true}
	machine, _, _ := net.SplitHostPort(near.Address)
	code, _ := qr.Modules(near.Page()) // a link that is too long for a code is shown all the same
	return &front.Hosted{
		Address: mine.String(), Room: s.room, Link: link.String(), QR: code,
		Ports: front.Ports{Control: at.control, Game: at.game}, Fingerprint: key.String(),
		Machine: machine,
	}
}

// outside returns the ports at which the server is to be reached from outside.
func (s *hostedServer) outside(h *host) dial.Ports {
	at := dial.Ports{Control: portOf(s.control.Addr()), Game: portOf(s.sockets[0].LocalAddr())}
	if h.advertise.control != 0 {
		at.Control = h.advertise.control
	}
	if h.advertise.game != 0 {
		at.Game = h.advertise.game
	}
	return at
}
