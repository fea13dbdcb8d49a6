package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/crash"
	"pong/internal/deny"
	"pong/internal/game"
	"pong/internal/linequeue"
	"pong/internal/matchfile"
	"pong/internal/natsbus"
	"pong/internal/replaydir"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
	"pong/internal/wire"
)

// The values of --start: who starts a match.
const (
	startOperator = "operator" // the operator, by pressing Enter at the server's terminal
	startAuto     = "auto"     // the server, as soon as both players are online
)

// serveFlags are the flags of pong serve.
type serveFlags struct {
	listen      string
	controlPort int
	gamePort    int
	shards      int
	noCheck     bool
	hidden      bool // from others in the same network
	advertiseAs string
	advertise   advertised // advertiseAs, parsed by check
	mapPorts    bool
	start       string
	points      int
	rules       string
	stateRate   int
	fairness    string
	fair        wire.Fairness // fairness; set by check
	maxPlayers  int
	maxPerAddr  int
	logAddrs    string
	deny        string
	tickets     []string
	hostKeys    []ed25519.PublicKey // of tickets; set by check
	certs       certsFlag
	state       string
	replays     replaysFlags
	log         string
	keyLog      string
	admin       adminFlags
	acme        acmeFlags
	noWeb       bool
	cluster     clusterFlags
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a server for two players or many pairs",
		Long: `Run the authoritative server: TLS on the control port (TCP), encrypted datagrams on the game port (UDP).

The server prints its addresses and a join link to send to a friend. The link contains the fingerprint
of the server's identity, so a player who uses it cannot be led to another server. On a terminal, the
operator presses Enter to start a match once all players are connected. Otherwise (as a service, in a
container or a script) each match starts by itself.

On Ctrl-C or SIGTERM the server stops admitting players, lets points in play finish for at most 30 s,
tells the players and ends; a second Ctrl-C ends it at once. It does the same when its terminal is closed.
Otherwise SIGHUP makes it read its certificates and the file of --deny again. Players try to reach the
server for a minute and reconnect if it is started again. A server that is started again within ten minutes, also
after it was killed, continues its matches: names, sides and score are kept (see --state).`,
		Example: `  pong serve                              wait for two players, start when you press Enter
  pong serve --start auto --points 5      start matches automatically, play to 5
  pong serve --listen 192.168.1.20        listen on one address only
  pong serve --advertise 203.0.113.7      behind a router that passes on TCP 5555 and UDP 5556
  pong serve --map-ports                  behind a router that opens ports when it is asked
  pong serve --acme pong.example.org      on the public internet, with a certificate instead of a fingerprint
  pong serve --log json | jq .            log for programs; the first line has the ports and the join link`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.add(cmd)
	return cmd
}

func (f *serveFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.listen, "listen", "", "host or address to listen on; 0.0.0.0 means IPv4 alone (default all)")
	fl.IntVar(&f.controlPort, "control-port", 5555, "TCP port of the control channel; 0 chooses a free port")
	fl.IntVar(&f.gamePort, "game-port", 5556, "UDP port of the game channel; 0 chooses a free port")
	fl.IntVar(&f.shards, "shards", 1, "number of shards; each uses a core and its own UDP port, from the game port on")
	fl.StringVar(&f.advertiseAs, "advertise", "",
		"HOST[:PORT[:UDPPORT]] by which players reach the server from outside, for the join link; the ports are "+
			"needed if a router or a container maps others")
	fl.BoolVar(&f.mapPorts, "map-ports", false,
		"have the router pass the ports on to this server while it runs (PCP, NAT-PMP, UPnP)")
	addNoDiscovery(cmd, &f.hidden)
	fl.BoolVar(&f.noCheck, "no-check", false, "do not tell hosts whether this server can reach them (see pong host)")
	fl.StringVar(&f.start, "start", "",
		"who starts a match: operator or auto (default operator on a terminal, else auto)")
	fl.IntVar(&f.points, "points", 11, "points that win a game; 0 plays without end")
	fl.StringVar(&f.rules, "rules", "default", "default, or classic for the ball of the original Pong")
	fl.IntVar(&f.stateRate, "state-rate", game.TickRate/wire.StateEvery,
		"STATEs a second to each player, besides those with news: 15, or 60 at about twice the cost")
	fl.StringVar(&f.fairness, "fairness", string(wire.FairnessShare),
		"off, share or equal: whether a player who is near the server sees moves as late as one who is far away")
	fl.IntVar(&f.maxPlayers, "max-players", server.DefaultMaxPlayers,
		"players at once, and as many watchers; others are refused")
	fl.IntVar(&f.maxPerAddr, "max-per-address", server.DefaultMaxPerAddress,
		"players at once from one IPv4 address or IPv6 /64, and as many watchers; 0 for no limit")
	fl.StringVar(&f.deny, "deny", "",
		"file with addresses and prefixes, one a line, whose clients are not admitted; SIGHUP reads it again")
	fl.StringArrayVar(&f.tickets, "tickets", nil,
		"admit only players with a join ticket (see pong ticket) of the host with this public key, or the key in this "+
			"file; can be repeated")
	f.certs.add(cmd, "folder of the server's identity, created on the first run")
	fl.StringVar(&f.state, "state", "",
		"folder to keep matches in, for a server that is started again; none keeps none (default that of --certs)")
	f.replays.add(cmd)
	fl.BoolVar(&f.noWeb, "no-web", false,
		"serve no page to browsers (otherwise on the control port: TCP, and UDP with the same number)")
	fl.StringVar(&f.log, "log", "text", "text or json; a terminal without this flag also shows a table of the matches")
	fl.StringVar(&f.logAddrs, "log-addresses", "full",
		"what the log shows of clients' addresses: full, prefix (IPv4 /24, IPv6 /48) or none")
	addKeyLog(cmd, &f.keyLog)
	f.admin.add(fl)
	f.acme.add(cmd)
	f.cluster.add(cmd)
}

// A serving is a server from its flags to its end.
type serving struct {
	flags    *serveFlags
	table    *operatorTable // nil without a live table of the matches
	out      *linequeue.Writer
	keys     *linequeue.Writer // nil without a key log
	matches  *matchfile.File   // nil if no matches are kept
	replays  *replaydir.Dir    // nil if no games are recorded
	bus      *natsbus.Bus      // nil without --cluster
	admin    *adminPort        // nil without --admin
	reload   chan struct{}     // a value makes the certificates be read again
	cfg      server.Config
	control  net.Listener
	sockets  []udp.Socket
	identity *trust.Server
	page     *webPage // nil with --no-web
	router   *router  // nil without --map-ports
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	rules, err := f.check(cmd, interactive(os.Stdin))
	if err != nil {
		return err
	}
	s := &serving{flags: f, table: f.table(cmd)}
	ignoreBrokenPipes() // a log that is not read any more is no reason to end
	s.out = f.queue(os.Stdout)
	if s.table != nil {
		s.out = f.queue(s.table.lines)
	}
	defer s.flush()
	defer func() { s.router.close() }()
	if err := s.open(cmd.Context(), rules); err != nil {
		return err
	}
	s.announce()
	defer s.assist(cmd.Context())()
	reserveThreads(f.shards)
	tuneGC()
	err = s.serve(cmd.Context())
	if s.bus != nil {
		s.bus.Close()
	}
	s.cfg.Log.Info("stopped")
	return err
}

// open makes everything that the server needs: log, key log, ports, identity and certificate.
func (s *serving) open(ctx context.Context, rules game.Rules) error {
	f, log := s.flags, s.flags.logger(s.out)
	denied, err := deny.Open(f.deny)
	if err != nil {
		return err
	}
	keys, err := openKeyLog(f.keyLog, func(text string) { log.Warn(text) })
	if err != nil {
		return err
	}
	if keys != nil {
		s.keys = linequeue.New(linequeue.Config{Out: keys})
		keys = s.keys
	}
	if s.control, s.sockets, err = server.Listen(f.listen, f.controlPort, f.gamePort, f.shards); err != nil {
		return fmt.Errorf("%w: %s", err, listenHint(err))
	}
	if s.identity, err = trust.OpenIdentity(f.certs.dir, time.Now()); err != nil {
		return err
	}
	if f.mapPorts {
		control := portOf(s.control.Addr())
		s.router = askRouterFirst(ctx, startMapper, f.listen, f.certs.dir, control, s.sockets, !f.noWeb, routerWithin)
	}
	if f.admin.address != "" {
		if s.admin, err = f.admin.open(f.certs.dir); err != nil {
			return err
		}
	}
	s.cfg = server.Config{
		TLS: trust.ServerTLS(s.identity, time.Now, f.webProtocols()...), Rules: rules,
		Auto: f.start == startAuto, StateRate: f.stateRate,
		MaxPlayers: f.maxPlayers, MaxPerAddress: f.perAddress(), Deny: denied, Log: log,
		LogAddress: logAddresses[f.logAddrs], KeyLog: keys, Monitor: new(server.Monitor),
		Tickets: f.checker(s.identity), GamePort: f.advertise.game, Fairness: f.fair,
	}
	s.openPage()
	if !f.noCheck {
		s.cfg.CheckDialer = new(net.Dialer)
	}
	if err := errors.Join(s.keepMatches(), s.recordGames(), s.joinCluster()); err != nil {
		return err
	}
	return f.acme.enable(ctx, f.listen, f.certs.dir, s.cfg.TLS, log)
}

// assist starts what runs beside the server until stop is called: the checks of its identity, the operator's Enter key
// and the admin address.
func (s *serving) assist(ctx context.Context) (stop func()) {
	stopAdmin := func() {}
	if s.cfg.Deny.Path() != "" {
		listed, _ := s.cfg.Deny.Prefixes()
		s.cfg.Log.Info("deny list", "file", s.cfg.Deny.Path(), "prefixes", len(listed))
	}
	if s.admin != nil {
		stopAdmin = s.admin.start(s.cfg.Monitor, s.cfg.Log)
	}
	ctx, cancel := context.WithCancel(ctx)
	s.reload = make(chan struct{}, 1)
	go crash.Guarded(func() { watchIdentity(ctx, s.identity, s.cfg.Log, s.joinLink, s.reload) })()
	if s.table == nil && !s.cfg.Auto {
		s.cfg.Begin = startOnEnter(os.Stdin, s.cfg.Log)
	}
	s.router.follow(s.logRouter)
	stopMatches, stopRecordings, lost := s.writeMatches(), s.writeRecordings(), s.beFound()
	stopPage := s.page.start()
	return func() {
		lost()
		cancel()
		stopAdmin()
		stopMatches()
		stopRecordings()
		stopPage()
	}
}

// beFound has the server be found by others in the same network, until lost is called. They could not join a server
// that wants tickets.
func (s *serving) beFound() (lost func()) {
	if s.flags.hidden || isLocal(s.flags.listen) || len(s.flags.hostKeys) > 0 {
		return func() {}
	}
	lost, err := beFound("Pong server", false, portOf(s.control.Addr()), s.cfg.Monitor)
	if err != nil {
		s.cfg.Log.Info("players in the same network have to type the address: the server cannot be found there",
			slog.String("reason", oneLine(err.Error())))
	}
	return lost
}

// serve runs the server until it has ended: in good order when ctx is done, at once at a second signal.
func (s *serving) serve(ctx context.Context) error {
	draining, drain := context.WithCancel(ctx)
	defer drain()
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer onSecondSignal(draining, stop)()
	s.cfg.Drain = draining.Done()
	defer onEnding(drain, stop)()
	onHangup(running, hasTerminal, s.reread, func() {
		s.cfg.Log.Warn("the terminal of the server was closed")
		drain()
	})
	if s.table != nil {
		return s.table.serve(running, drain, stop, s)
	}
	return server.Serve(running, s.cfg, s.control, s.sockets)
}

// reread reads again what an operator changes while the server runs: the certificates and the deny list.
func (s *serving) reread() {
	s.reloadSoon()
	if s.cfg.Deny.Path() != "" {
		_, _, _ = s.cfg.Monitor.ReloadDeny() // the log says what has happened
	}
}

// reloadSoon makes the certificates be read again. It does not block.
func (s *serving) reloadSoon() {
	select {
	case s.reload <- struct{}{}:
	default: // they have not been read for the request before
	}
}

// flushWithin is how long a server that ends waits for what reads its log, or shows its table. Players have left by
// then.
const flushWithin = time.Second

// flush writes what waits to be written, if it is taken in time.
func (s *serving) flush() {
	if s.keys != nil {
		s.keys.Flush(flushWithin)
	}
	s.out.Flush(flushWithin)
}

// startOnEnter sends a value for each line that is read, which starts the matches that are ready. The lines come from a
// terminal, or from a script that acts as the operator.
func startOnEnter(in io.Reader, log *slog.Logger) <-chan struct{} {
	begin := make(chan struct{})
	go crash.Guarded(func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			begin <- struct{}{}
		}
		close(begin)
		log.Warn("standard input has ended, so matches can no longer be started with Enter: use --start auto")
	})()
	return begin
}
