// Package server is the authority of Pong: it keeps the TLS control channel on which players join, and the shards
// that own sessions and matches and play the one game that counts.
//
// Shard is the heart, a value stepped with the time and with bytes: no clock, no socket, no goroutine, so that tests
// run hours of it in seconds. Everything else here is the shell that gives it sockets and TLS:
//
//	TCP accept -> handshake, JOIN (control.go) -> lobby -> shard.Join -> WELCOME
//	UDP socket -> loop (loop.go) -> shard.Receive, shard.Advance -> UDP socket
//
// Each shard has one goroutine, each control connection two (a reader and a writer); a match has none.
package server

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"pong/internal/game"
)

// Config says how to serve.
type Config struct {
	TLS   *tls.Config // of trust.ServerTLS
	Rules game.Rules

	// Auto begins a match as soon as both players are online. Else it begins when something arrives on Begin.
	Auto  bool
	Begin <-chan struct{}

	// MaxSeats is how many players a shard takes. If zero, 20000.
	MaxSeats int

	// Seed makes the serves of all matches predictable. If zero, they are drawn.
	Seed uint64

	Report func(Report) // for the operator; called by the shards' goroutines, must not block. May be nil.
	Log    *slog.Logger // If nil, nothing is logged.
}

// Socket is the UDP socket of a shard: a *net.UDPConn, or a simulated one in tests.
type Socket interface {
	ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error)
	WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error)
	SetReadDeadline(t time.Time) error
	LocalAddr() net.Addr
	Close() error
}

// receiveBuffer of a UDP socket. At 100 000 garbage datagrams a second the default loses 3 to 13 % of the players'.
const receiveBuffer = 4 << 20

// Listen opens the sockets of a server: TCP for control and one UDP socket for each shard on successive ports. Port 0
// chooses free ones.
func Listen(host string, controlPort, gamePort, shards int) (net.Listener, []Socket, error) {
	control, err := net.Listen("tcp", net.JoinHostPort(host, fmt.Sprint(controlPort)))
	if err != nil {
		return nil, nil, fmt.Errorf("control port: %w", err)
	}
	var sockets []Socket
	for i := range shards {
		port := gamePort
		if gamePort != 0 {
			port += i
		}
		socket, err := listenGame(host, port)
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

func listenGame(host string, port int) (*net.UDPConn, error) {
	addr, err := net.ResolveUDPAddr("udp", net.JoinHostPort(host, fmt.Sprint(port)))
	if err != nil {
		return nil, err
	}
	conn, err := net.ListenUDP("udp", addr)
	if err != nil {
		return nil, err
	}
	// A refusal leaves a smaller buffer: the system's limit stands, and play goes on.
	_ = conn.SetReadBuffer(receiveBuffer)
	return conn, nil
}

// server is a running server.
type server struct {
	cfg     Config
	born    time.Time // the zero of the stamps of control lines
	log     *slog.Logger
	door    *door
	lobby   *lobby
	players *players
	hush    *hush
	loops   []*loop
	group   sync.WaitGroup  // all goroutines but the loops'
	cut     context.Context // done when connections are closed without another word
}

// lastWords is how long a server that ends waits for players who do not read what it tells them.
const lastWords = time.Second

// Serve runs a server on open sockets until ctx is done; it then tells the players, closes the sockets and returns
// nil once no goroutine is left. An error means that the sockets failed.
func Serve(ctx context.Context, cfg Config, control net.Listener, sockets []Socket) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cut, cutAll := context.WithCancel(context.Background())
	defer cutAll()
	s := newServer(cfg, cut, sockets)

	failed := make(chan error, len(s.loops)+1)
	var shards sync.WaitGroup
	for _, l := range s.loops {
		shards.Go(func() { failed <- l.run(ctx) })
	}
	s.group.Go(func() { failed <- s.accept(ctx, control) })
	s.group.Go(func() { s.operate(ctx) })

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	control.Close()
	shards.Wait() // each has told its players, and their connections end with that
	defer time.AfterFunc(lastWords, cutAll).Stop()
	s.group.Wait()
	for _, socket := range sockets {
		socket.Close()
	}
	return err
}

func newServer(cfg Config, cut context.Context, sockets []Socket) *server {
	s := &server{cfg: cfg, born: time.Now(), log: cfg.Log, door: newDoor(), players: newPlayers(), cut: cut}
	s.hush = newHush(s.born)
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	for _, socket := range sockets {
		l := newLoop(socket)
		l.shard = NewShard(ShardConfig{
			Rules: cfg.Rules, Auto: cfg.Auto, MaxSeats: cfg.MaxSeats, Seed: cfg.Seed, Random: rand.Reader,
			Send: l.send, Tell: s.players.tell, Report: s.report,
		}, s.born)
		s.loops = append(s.loops, l)
	}
	s.lobby = &lobby{loops: s.loops}
	return s
}

// statusEvery is how often the status goes to the log while there is something to tell.
const statusEvery = 10 * time.Second

// operate passes on the operator's word and logs the status.
func (s *server) operate(ctx context.Context) {
	status := time.NewTicker(statusEvery)
	defer status.Stop()
	var last Counts
	begin := s.cfg.Begin
	for {
		select {
		case <-ctx.Done():
			s.status(&last) // of the seconds since the one before
			return
		case _, ok := <-begin:
			if !ok {
				begin = nil // standard input has ended
				continue
			}
			s.begin()
		case <-status.C:
			s.status(&last)
		}
	}
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
