// Package server runs shards, which own sessions and matches (package shard), on sockets. It keeps the TLS control
// channel on which players join, and gives each shard a UDP socket, a clock and a goroutine.
//
//	Accept (accept.go) -> handshake, JOIN (control.go) -> lobby.join -> Shard.Join -> lines (players.go) -> connection
//	UDP socket -> loop.run (loop.go) -> Shard.ReceiveAll, Shard.AdvanceSome -> UDP socket
//
// Each shard has one goroutine and each control connection two, a reader and a writer. A match has none.
package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"pong/internal/crash"
	"pong/internal/deny"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/internal/tcp"
	"pong/internal/ticket"
	"pong/internal/udp"
	"pong/internal/wire"
	"pong/netcode/sealed"
)

// Config is how a server runs.
type Config struct {
	TLS   *tls.Config // of trust.ServerTLS
	Rules game.Rules

	// Auto begins a match as soon as both players are online. Otherwise it begins when a value arrives on Begin.
	Auto  bool
	Begin <-chan struct{}

	// Ready begins a match in a room when both players accept each other, however long that takes. It needs Auto.
	Ready bool

	// Final means that no server starts after this one, so at its end clients are told not to look for it.
	Final bool

	// CheckDialer dials back clients that ask whether they can be reached (CHECK). If nil, no client is.
	CheckDialer Dialer

	// Stray is called by the shards' goroutines with datagrams that belong to no session. It must not block, nor keep
	// the datagram. May be nil.
	Stray func(datagram []byte)

	// Room is the code of the only room in which players can play and be watched. If empty, any, and without one.
	Room string

	// Drain shuts the server down when it is closed: nobody can join any more, points in play are finished (within
	// shard.DrainWithin), all clients are told, and Serve returns nil. May be nil.
	Drain <-chan struct{}

	// GamePort is the UDP port that WELCOME names to players of the first shard, if another one than that of its socket
	// leads to it; the ports of the others follow. If zero, the ports of the sockets.
	GamePort int

	// MaxPlayers is how many players the server takes, and how many watchers. If zero, 20000.
	MaxPlayers int

	// MaxPerAddress is how many players, and how many watchers, an IPv4 address or an IPv6 /64 can have at once. If
	// zero, 64; if negative, as many as the server takes.
	MaxPerAddress int

	// Tickets checks the join tickets without which nobody gets a place. If nil, none are needed.
	Tickets *ticket.Checker

	// StateRate is how many STATEs a second a player is sent, a divisor of the tick rate that passes
	// wire.CheckStateRate, besides those with news. If zero, 15. More of them cost proportionally more.
	StateRate int

	// Fairness is what is done about two players who are not equally far away. If zero, wire.FairnessShare.
	Fairness wire.Fairness

	// Seed makes the serves of all matches predictable. If zero, they are random.
	Seed uint64

	// Save keeps a match, by its name, for a process that is started after this one: see shard.Config.Save. It is
	// called by the shards' goroutines and must not block. If nil, no match is kept.
	Save func(match string, record []byte)

	// Saved are the records that a process before this one has kept. Their matches go on when their players are back.
	Saved map[string][]byte

	// Cluster makes the server one of several. If nil, it is alone.
	Cluster *Cluster

	// MatchPrefix is that of the names of matches, so that those of several servers differ. If empty, "m".
	MatchPrefix string

	// Record keeps recordings of games: see shard.Config.Record. It is called by the shards' goroutines and must not
	// block. If nil, no game is recorded.
	Record func(of shard.RecordedGame, piece []byte, last bool)

	// Web serves a connection, after its handshake, whose client has not chosen the first protocol of TLS.NextProtos:
	// that of a browser. It returns when the connection has ended or ctx is done. Until it calls promote the connection
	// counts as one that has not joined. If Web is nil, there are no such connections.
	Web func(ctx context.Context, conn *tls.Conn, promote func())

	// More are listeners of further control connections, such as those of pages. Serve closes them.
	More []net.Listener

	Monitor *Monitor // shows the state of the server while it runs. May be nil.

	// Deny has the addresses of clients that are not admitted. If nil, all are.
	Deny *deny.List

	// Report is called by the shards' goroutines with events for an operator. It must not block. May be nil.
	Report func(shard.Report)

	// Log is called by the shards' goroutines and those of control connections. Its handler must not block: a
	// linequeue.Writer waits for what reads the lines. If nil, nothing is logged.
	Log *slog.Logger

	// LogAddress returns what the log shows of a client's address. If nil, that is the whole address; if it returns "",
	// nothing.
	LogAddress func(netip.Addr) string

	// KeyLog receives the keys of all sessions, from many goroutines: see sealed.WriteKeyLog. It must not block either.
	// If nil, they are not written.
	KeyLog io.Writer
}

// Listen opens the sockets of a server: TCP for the control channel, and one UDP socket for each shard on successive
// ports. With port 0 the system chooses free ports. The host 0.0.0.0 means all IPv4 addresses; :: and no host mean all
// addresses of both families.
func Listen(host string, controlPort, gamePort, shards int) (net.Listener, []udp.Socket, error) {
	control, err := ListenTCP(net.JoinHostPort(host, fmt.Sprint(controlPort)))
	if err != nil {
		return nil, nil, fmt.Errorf("control port: %w", err)
	}
	for tries := 1; ; tries++ {
		sockets, err := listenGame(host, gamePort, shards)
		if err == nil {
			return control, sockets, nil
		}
		if gamePort != 0 || tries == freeRuns {
			control.Close()
			return nil, nil, fmt.Errorf("game port: %w", err)
		}
	}
}

// ListenTCP listens on an address HOST:PORT. The host 0.0.0.0 means all IPv4 addresses and no others.
func ListenTCP(address string) (net.Listener, error) {
	network := "tcp"
	if strings.HasPrefix(address, "0.0.0.0:") {
		network = "tcp4" // with tcp, Go listens on IPv6 as well
	}
	return tcp.Listen(context.Background(), network, address)
}

// freeRuns is the number of attempts to find as many free ports in a row as there are shards.
const freeRuns = 16

// listenGame opens a socket for each shard, on ports that follow each other. If port is 0 the system chooses the first.
func listenGame(host string, port, shards int) (sockets []udp.Socket, err error) {
	for range shards {
		socket, err := udp.Listen(host, port)
		if err != nil {
			for _, s := range sockets {
				s.Close()
			}
			return nil, err
		}
		sockets = append(sockets, socket)
		port = socket.LocalAddr().(*net.UDPAddr).Port + 1
	}
	return sockets, nil
}

// Sockets must receive one byte more than the longest datagram, so that a datagram that is too long is not cut unseen.
// If they do not, this does not compile.
const _ = uint(udp.MaxDatagram - sealed.MaxDatagram - 1)

// server is a running server.
type server struct {
	cfg           Config
	started       time.Time // the zero of the timestamps of control lines
	log           *slog.Logger
	logLimits     *logLimits
	acceptWarning *rate.Limiter // of lines about connections that are not accepted
	refusals      *refusals
	pending       *pendingConns
	handshakes    *handshakeLimiter
	denials       denials
	places        *places
	guesses       *guesses
	descriptors   *descriptors
	lobby         *lobby
	cluster       *clusterNode // nil if the server is alone
	players       *players
	loops         []*loop
	group         sync.WaitGroup  // all goroutines except those of loops
	hardStop      context.Context // done when connections are closed without another line
	checks        checks
	listing       listing
}

// shutdownGrace is how long a server that shuts down waits for clients that do not read their last line.
const shutdownGrace = time.Second

// Serve runs a server on open sockets until ctx is done, or until Config.Drain is closed and the last point has been
// played. Then it informs the clients, closes the sockets and returns nil once all its goroutines have ended. An error
// means that a socket has failed.
//
// The listener and the sockets can be of any transport. Players' addresses are limited by client prefix if the
// transport has IP addresses.
func Serve(ctx context.Context, cfg Config, control net.Listener, sockets []udp.Socket) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	hardStop, stopHard := context.WithCancel(context.Background())
	defer stopHard()
	s := newServer(cfg, hardStop, sockets)
	cfg.Monitor.attach(s)
	if len(sockets) > 0 && udp.Fallback(sockets[0]) != nil {
		s.log.Warn("the system refuses batches of datagrams, so the server handles them one at a time and takes more "+
			"of the processor", slog.String("reason", udp.Fallback(sockets[0]).Error()))
	}

	failed := make(chan error, len(s.loops)+1+len(cfg.More))
	var shards sync.WaitGroup
	for _, l := range s.loops {
		shards.Go(crash.Guarded(func() { failed <- l.run(ctx) }))
	}
	for _, l := range append(cfg.More, control) {
		s.group.Go(crash.Guarded(func() { failed <- s.accept(ctx, l) }))
	}
	s.group.Go(crash.Guarded(func() { s.operate(ctx) }))
	if s.cluster != nil {
		s.group.Go(crash.Guarded(func() { s.cluster.run(ctx, s.countPlayers) }))
	}
	drained := make(chan struct{})
	s.group.Go(crash.Guarded(func() { s.drain(ctx, drained) }))

	var err error
	select {
	case <-ctx.Done():
	case <-drained:
	case err = <-failed:
	}
	stop()
	cfg.Monitor.markEnding()
	for _, l := range append(cfg.More, control) {
		l.Close()
	}
	shards.Wait() // each has queued the last line of its players, which ends their connections
	if s.cluster != nil {
		s.cluster.bye()
	}
	defer time.AfterFunc(shutdownGrace, stopHard).Stop()
	s.group.Wait()
	for _, socket := range sockets {
		socket.Close()
	}
	return err
}

func newServer(cfg Config, hardStop context.Context, sockets []udp.Socket) *server {
	refusals := newRefusals()
	saved := parseSaved(cfg.Saved)
	s := &server{
		cfg: cfg, started: time.Now(), log: cfg.Log, hardStop: hardStop,
		logLimits: newLogLimits(), refusals: refusals,
		acceptWarning: rate.NewLimiter(rate.Every(statusEvery), 1),
		pending:       newPendingConns(refusals), handshakes: newHandshakeLimiter(handshakePlaces()),
		denials: newDenials(),
		players: newPlayers(),
		places:  newPlaces(cfg.MaxPlayers, cfg.MaxPerAddress), descriptors: newDescriptors(maxFiles(), len(sockets)),
	}
	s.guesses = newGuesses(s.places.each[shard.PlayerPlace])
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	tickets := newTickets()
	var own func(match string) shard.Copier
	if cfg.Cluster != nil {
		s.cluster = newClusterNode(cfg.Cluster, s.log, func(also string) {
			s.players.sendAll(wire.Message{Type: wire.Nodes, Also: also})
		})
		own = func(match string) shard.Copier { return s.cluster.own(match, 0) }
	}
	for i, socket := range sockets {
		l := newLoop(socket)
		prefix := cfg.MatchPrefix
		if i > 0 {
			prefix = fmt.Sprintf("%s%d-", cmp.Or(prefix, "m"), i+1)
		}
		port := int(addrPort(socket.LocalAddr()).Port())
		if cfg.GamePort != 0 {
			port = cfg.GamePort + i
		}
		l.shard = shard.New(shard.Config{
			Rules: cfg.Rules, Auto: cfg.Auto, Ready: cfg.Ready, Final: cfg.Final, Stray: cfg.Stray,
			MaxSeats: 2 * s.places.total[shard.PlayerPlace],
			Places:   s.places, Tickets: tickets,
			Port:   port,
			Denied: cfg.Deny.Contains,
			Prefix: prefix, Serial: saved.serial, Seed: cfg.Seed, Every: ticksPerState(cfg.StateRate),
			Fairness: cfg.Fairness,
			Random:   rand.Reader,
			Send:     socket.Send, SendLine: s.sendLine, Report: s.report, Save: cfg.Save,
			Record: cfg.Record, Own: own,
		}, s.started)
		if s.cluster != nil {
			l.copies = s.cluster.flush
		}
		s.loops = append(s.loops, l)
	}
	s.lobby = &lobby{loops: s.loops}
	s.restore(saved)
	return s
}

// ticksPerState returns how many ticks lie between two STATEs at a rate. It is 0, for the default, if the rate is.
func ticksPerState(rate int) uint32 {
	if rate == 0 {
		return 0
	}
	return uint32(game.TickRate / rate)
}
