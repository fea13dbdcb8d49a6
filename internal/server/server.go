// Package server runs shards, which own sessions and matches (package shard), on real sockets: it keeps the TLS control
// channel on which players join, and gives each shard a UDP socket, a clock and a goroutine.
//
//	TCP accept -> handshake, JOIN (control.go) -> lobby -> Shard.Join -> WELCOME
//	UDP socket -> loop (loop.go) -> Shard.ReceiveAll, Shard.AdvanceSome -> UDP socket
//
// Each shard has one goroutine, each control connection two (a reader and a writer); a match has none.
package server

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/udp"
	"pong/netcode/sealed"
)

// Config says how to serve.
type Config struct {
	TLS   *tls.Config // of trust.ServerTLS
	Rules game.Rules

	// Auto begins a match as soon as both players are online. Else it begins when something arrives on Begin.
	Auto  bool
	Begin <-chan struct{}

	// Drain ends the server in an orderly way when it is closed: nobody is let in any more, points in play are finished
	// (for DrainWithin at most), everybody is told, and Serve returns nil. May be nil.
	Drain <-chan struct{}

	// MaxSeats is how many players a shard takes. If zero, 20000.
	MaxSeats int

	// StateRate is how many STATEs a second a player is sent, a divisor of the tick rate that wire.CheckStateRate passes.
	// If zero, 20. More show the other paddle sooner, by up to two ticks, and cost as much more.
	StateRate int

	// Seed makes the serves of all matches predictable. If zero, they are drawn.
	Seed uint64

	Monitor *Monitor // looks at the server while it runs. May be nil.

	Report func(shard.Report) // for the operator; called by the shards' goroutines, must not block. May be nil.
	Log    *slog.Logger       // If nil, nothing is logged.

	// KeyLog gets the keys of every session, see sealed.WriteKeyLog; from many goroutines. If nil, nobody does.
	KeyLog io.Writer
}

// Listen opens the sockets of a server: TCP for control and one UDP socket for each shard on successive ports. Port 0
// chooses free ones.
func Listen(host string, controlPort, gamePort, shards int) (net.Listener, []udp.Socket, error) {
	control, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(controlPort)))
	if err != nil {
		return nil, nil, fmt.Errorf("control port: %w", err)
	}
	var sockets []udp.Socket
	for i := range shards {
		port := gamePort
		if gamePort != 0 {
			port += i
		}
		socket, err := udp.Listen(host, port)
		if err != nil {
			control.Close()
			for _, s := range sockets {
				s.Close()
			}
			return nil, nil, fmt.Errorf("game port: %w", err)
		}
		sockets = append(sockets, socket)
	}
	return control, sockets, nil
}

// A datagram that is too long can be told from the longest one that is allowed, because it is received one byte longer.
const _ = uint(udp.MaxDatagram - sealed.MaxDatagram - 1)

// server is a running server.
type server struct {
	cfg        Config
	started    time.Time // the zero of the stamps of control lines
	log        *slog.Logger
	pending    *pendingConns
	handshakes handshakeLimiter
	lobby      *lobby
	players    *players
	hush       *hush
	loops      []*loop
	group      sync.WaitGroup  // all goroutines but the loops'
	hardStop   context.Context // done when connections are closed without another word
	listing    listing
}

// shutdownGrace is how long a server that ends waits for players who do not read what it tells them.
const shutdownGrace = time.Second

// Serve runs a server on open sockets until ctx is done, or Drain is and its last point has been played; it then tells the
// players, closes the sockets and returns nil once no goroutine is left. An error means that the sockets failed.
func Serve(ctx context.Context, cfg Config, control net.Listener, sockets []udp.Socket) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cut, cutAll := context.WithCancel(context.Background())
	defer cutAll()
	s := newServer(cfg, cut, sockets)
	cfg.Monitor.attach(s)

	failed := make(chan error, len(s.loops)+1)
	var shards sync.WaitGroup
	for _, l := range s.loops {
		shards.Go(func() { failed <- l.run(ctx) })
	}
	s.group.Go(func() { failed <- s.accept(ctx, control) })
	s.group.Go(func() { s.operate(ctx) })
	drained := make(chan struct{})
	s.group.Go(func() { s.drain(ctx, drained) })

	var err error
	select {
	case <-ctx.Done():
	case <-drained:
	case err = <-failed:
	}
	stop()
	cfg.Monitor.markEnding()
	control.Close()
	shards.Wait() // each has told its players, and their connections end with that
	defer time.AfterFunc(shutdownGrace, cutAll).Stop()
	s.group.Wait()
	for _, socket := range sockets {
		socket.Close()
	}
	return err
}

func newServer(cfg Config, cut context.Context, sockets []udp.Socket) *server {
	s := &server{cfg: cfg, started: time.Now(), log: cfg.Log, pending: newPendingConns(), handshakes: newHandshakeLimiter(), players: newPlayers(), hardStop: cut}
	s.hush = newHush(s.started)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for i, socket := range sockets {
		l := newLoop(socket)
		prefix := ""
		if i > 0 {
			prefix = fmt.Sprintf("m%d-", i+1)
		}
		l.shard = shard.New(shard.Config{
			Rules: cfg.Rules, Auto: cfg.Auto, MaxSeats: cfg.MaxSeats, Prefix: prefix, Seed: cfg.Seed, Every: every(cfg.StateRate), Random: rand.Reader,
			Send: l.send, SendLine: s.players.send, Report: s.report,
		}, s.started)
		s.loops = append(s.loops, l)
	}
	s.lobby = &lobby{loops: s.loops}
	return s
}

// every returns how many ticks lie between two STATEs at a rate.
func every(rate int) uint32 {
	if rate == 0 {
		return 0
	}
	return uint32(game.TickRate / rate)
}

// begin starts every match whose players are both online.
func (s *server) begin() {
	n := 0
	for _, l := range s.loops {
		l.do(func(now time.Time) { n += l.shard.Begin(now) })
	}
	if n == 0 {
		s.log.Info("nothing to start: no match has both players connected")
	}
}
