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
	start       string
	points      int
	rules       string
	certs       string
	log         string
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
starts by itself. Ctrl-C or SIGTERM tells the players and ends.`,
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
	fl.StringVar(&f.start, "start", "", "who starts a match: operator or auto (default operator on a terminal, else auto)")
	fl.IntVar(&f.points, "points", 11, "play to this many points; 0 is without end")
	fl.StringVar(&f.rules, "rules", "default", "default, or classic: the original's ball")
	fl.StringVar(&f.certs, "certs", "certs", "folder of the server's identity; made on the first run")
	fl.StringVar(&f.log, "log", "text", "text or json")
	f.acme.add(cmd)
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	rules, err := f.check(cmd, attended(os.Stdin))
	if err != nil {
		return err
	}
	control, sockets, err := server.Listen(f.listen, f.controlPort, f.gamePort, 1)
	if err != nil {
		return fmt.Errorf("%w: %s", err, listenHint(err))
	}
	identity, err := trust.OpenIdentity(f.certs, time.Now(), ownNames(f.listen))
	if err != nil {
		return err
	}
	cfg := server.Config{
		TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: f.start == startAuto,
		Log: f.logger(os.Stdout),
	}
	if err := f.acme.begin(cmd.Context(), f.listen, f.certs, cfg.TLS, cfg.Log); err != nil {
		return err
	}
	f.announce(cmd.OutOrStdout(), cfg.Log, control.Addr(), sockets[0].LocalAddr(), identity.Fingerprint())
	watching, stop := context.WithCancel(cmd.Context())
	defer stop()
	go watchIdentity(watching, identity, cfg.Log, func(key trust.Fingerprint) string { return f.joinLink(control.Addr(), key) })
	if !cfg.Auto {
		cfg.Begin = enters(os.Stdin, cfg.Log)
	}
	err = server.Serve(cmd.Context(), cfg, control, sockets)
	cfg.Log.Info("stopped")
	return err
}

// check refuses flags that cannot be meant, and decides who starts where nobody has said.
func (f *serveFlags) check(cmd *cobra.Command, attended bool) (rules game.Rules, err error) {
	if f.start == "" {
		f.start = startAuto
		if attended {
			f.start = startOperator
		}
	}
	switch {
	case f.start != startOperator && f.start != startAuto:
		return rules, usage(cmd, "--start %q: say operator or auto", f.start)
	case f.log != "text" && f.log != "json":
		return rules, usage(cmd, "--log %q: say text or json", f.log)
	case f.certs == "":
		return rules, usage(cmd, "--certs: a folder is needed for the server's identity")
	}
	for _, port := range []int{f.controlPort, f.gamePort} {
		if port < 0 || port > 65535 {
			return rules, usage(cmd, "port %d: must be from 1 to 65535, or 0 for any that is free", port)
		}
	}
	if f.listen != "" {
		if f.listen, err = parseHost(f.listen); err != nil {
			return rules, usage(cmd, "--listen: %w", err)
		}
	}
	if err := f.acme.check(cmd); err != nil {
		return rules, err
	}
	return parseRules(cmd, f.rules, f.points)
}

// enters passes on each line of a terminal, or of a script that plays the operator, as a word to begin.
func enters(in io.Reader, log *slog.Logger) <-chan struct{} {
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

func parseRules(cmd *cobra.Command, name string, points int) (game.Rules, error) {
	rules, err := game.ParseRules(name)
	if err != nil {
		return rules, usage(cmd, "--rules: %w", err)
	}
	if points < 0 || points > 1000 {
		return rules, usage(cmd, "--points %d: must be from 1 to 1000, or 0 for a game without end", points)
	}
	rules.Points = uint16(points)
	return rules, nil
}
