package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/wire"
)

// Who starts a match.
const (
	startOperator = "operator" // a person at the server's terminal presses ENTER
	startAuto     = "auto"     // the server does, once both players are online
)

// serveFlags are the flags of pong serve.
type serveFlags struct {
	listen      string
	controlPort int
	gamePort    int
	shards      int
	start       string
	points      int
	rules       string
	stateRate   int
	certs       string
	log         string
	keyLog      string
	admin       string
	acme        acmeFlags
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server that two players (or many pairs) join",
		Long: `Run the authoritative server: TLS on the control port (TCP), sealed datagrams on the game port (UDP).

It prints the addresses at which it can be reached and a join link to send to a friend. The link holds the
fingerprint of this server's identity, so whoever uses it cannot be led to another server. On a terminal the
operator presses ENTER when all players are connected; elsewhere (as a service, in a container, in a script) a match
starts by itself.

Ctrl-C or SIGTERM lets nobody in any more, lets points in play finish (for 30 s at most), tells the players and ends; a
second one ends at once. Players look for the server for a minute and come back when it is started again.`,
		Example: `  pong serve                              wait for two players, start at ENTER
  pong serve --start auto --points 5      start by itself, play to 5
  pong serve --listen 192.168.1.20        on one address only
  pong serve --acme pong.example.org      on the public internet: a certificate that needs no fingerprint
  pong serve --log json | jq .            for machines; the first line has the ports and the join link`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.listen, "listen", "", "host or address to listen on (default all)")
	fl.IntVar(&f.controlPort, "control-port", 5555, "TCP port of the control channel; 0 chooses a free one")
	fl.IntVar(&f.gamePort, "game-port", 5556, "UDP port of the game channel; 0 chooses a free one")
	fl.IntVar(&f.shards, "shards", 1, "how many cores play: each has a UDP port of its own, from the game port on")
	fl.StringVar(&f.start, "start", "", "who starts a match: operator or auto (default operator on a terminal, else auto)")
	fl.IntVar(&f.points, "points", 11, "play to this many points; 0 is without end")
	fl.StringVar(&f.rules, "rules", "default", "default, or classic: the original's ball")
	fl.IntVar(&f.stateRate, "state-rate", game.TickRate/wire.StateEvery, "STATEs a second to each player: 20, or 60 for the least delay at about twice the cost")
	fl.StringVar(&f.certs, "certs", "certs", "folder of the server's identity; made on the first run")
	fl.StringVar(&f.log, "log", "text", "text or json; without it a terminal has a table of the matches, too")
	addKeyLog(cmd, &f.keyLog)
	fl.StringVar(&f.admin, "admin", "", "HOST:PORT for metrics, health and profiles over HTTP, such as 127.0.0.1:9555 (default none)")
	f.acme.add(cmd)
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	rules, err := f.check(cmd, interactive(os.Stdin))
	if err != nil {
		return err
	}
	log, table := f.logger(os.Stdout), f.table(cmd)
	if table != nil {
		log = table.log()
	}
	keys, err := openKeyLog(f.keyLog, func(text string) { log.Warn(text) })
	if err != nil {
		return err
	}
	control, sockets, err := server.Listen(f.listen, f.controlPort, f.gamePort, f.shards)
	if err != nil {
		return fmt.Errorf("%w: %s", err, listenHint(err))
	}
	identity, err := trust.OpenIdentity(f.certs, time.Now(), certificateNames(f.listen))
	if err != nil {
		return err
	}
	cfg := server.Config{
		TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: f.start == startAuto, StateRate: f.stateRate,
		Log: log, KeyLog: keys, Monitor: new(server.Monitor),
	}
	if err := f.acme.enable(cmd.Context(), f.listen, f.certs, cfg.TLS, cfg.Log); err != nil {
		return err
	}
	f.announce(cmd.OutOrStdout(), cfg.Log, control.Addr(), sockets, identity.Fingerprint())
	if keys != nil {
		log.Warn(fmt.Sprintf(keyLogWarning, f.keyLog))
	}
	watching, stop := context.WithCancel(cmd.Context())
	defer stop()
	go watchIdentity(watching, identity, cfg.Log, func(key trust.Fingerprint) string { return f.joinLink(control.Addr(), key) })
	if table == nil && !cfg.Auto {
		cfg.Begin = startOnEnter(os.Stdin, cfg.Log)
	}
	if f.admin != "" {
		stop, err := startAdmin(f.admin, cfg.Monitor, cfg.Log)
		if err != nil {
			return err
		}
		defer stop()
	}
	asked, ask := context.WithCancel(cmd.Context())
	defer ask()
	ctx, now := context.WithCancel(context.WithoutCancel(cmd.Context()))
	defer now()
	defer onSecondSignal(asked, now)()
	cfg.Drain = asked.Done()
	reserveThreads(f.shards)
	tuneGC()
	if table != nil {
		err = table.serve(ctx, ask, now, cfg, control, sockets, identity.Fingerprint())
	} else {
		err = server.Serve(ctx, cfg, control, sockets)
	}
	cfg.Log.Info("stopped")
	return err
}

// enters passes on each line of a terminal, or of a script that plays the operator, as a word to begin.
func startOnEnter(in io.Reader, log *slog.Logger) <-chan struct{} {
	begin := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			begin <- struct{}{}
		}
		close(begin)
		log.Warn("standard input has ended, so nobody can start a match any more: use --start auto")
	}()
	return begin
}
