package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
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
}

func newServe() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the server that two players (or many pairs) join",
		Long: `Run the authoritative server: TLS on the control port (TCP), sealed datagrams on the game port (UDP).

It prints the addresses at which it can be reached and a join link to send to a friend. The link holds the
fingerprint of this server's identity, so whoever uses it cannot be led to another server. On a terminal the
operator presses ENTER when all players are connected; elsewhere a match starts by itself.`,
		Example: `  pong serve                              wait for two players, start at ENTER
  pong serve --start auto --points 5      start by itself, play to 5
  pong serve --listen 192.168.1.20        on one address only
  pong serve --log json | jq .            for machines`,
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
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	rules, err := parseRules(cmd, f.rules, f.points)
	if err != nil {
		return err
	}
	interactive := term.IsTerminal(int(os.Stdin.Fd()))
	if f.start == "" {
		f.start = "auto"
		if interactive {
			f.start = "operator"
		}
	}
	switch {
	case f.start != "operator" && f.start != "auto":
		return usage(cmd, "--start %q: operator or auto", f.start)
	case f.log != "text" && f.log != "json":
		return usage(cmd, "--log %q: text or json", f.log)
	case badPort(f.controlPort) || badPort(f.gamePort):
		return usage(cmd, "a port is between 0 and 65535")
	}
	control, sockets, err := server.Listen(f.listen, f.controlPort, f.gamePort, 1)
	if err != nil {
		return fmt.Errorf("%w\nAnother program may have the port: choose others with --control-port and --game-port", err)
	}
	identity, err := trust.OpenIdentity(f.certs, time.Now(), ownNames())
	if err != nil {
		return err
	}
	cfg := server.Config{
		TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: f.start == "auto",
		Log: f.logger(os.Stdout),
	}
	if !cfg.Auto {
		cfg.Begin = enters(os.Stdin)
	}
	f.announce(cmd.OutOrStdout(), cfg.Log, control.Addr(), sockets[0].LocalAddr(), identity.Fingerprint())
	if err := identity.Warning(); err != nil {
		cfg.Log.Warn(err.Error())
	}
	err = server.Serve(cmd.Context(), cfg, control, sockets)
	cfg.Log.Info("stopped")
	return err
}

// announce says where the server can be reached.
func (f *serveFlags) announce(out io.Writer, log *slog.Logger, control, game net.Addr, key trust.Fingerprint) {
	controlPort, gamePort := portOf(control), portOf(game)
	hosts := reachable(f.listen)
	link := trust.Link{Address: net.JoinHostPort(hosts[0], strconv.Itoa(controlPort)), Key: key, HasKey: true}.String()
	if f.log == "json" {
		log.Info("listening", "control_port", controlPort, "game_port", gamePort, "link", link, "fingerprint", key.String())
		return
	}
	fmt.Fprintf(out, "Pong server: control TCP %d, game UDP %d\n", controlPort, gamePort)
	for _, h := range hosts {
		fmt.Fprintf(out, "  address      %s\n", net.JoinHostPort(h, strconv.Itoa(controlPort)))
	}
	fmt.Fprintf(out, "  fingerprint  %s\n  join link    %s\n", key, link)
	fmt.Fprintf(out, "Join with: pong play '%s'\n", link)
	if term.IsTerminal(int(os.Stdout.Fd())) {
		_ = trust.WriteQR(out, link) // a picture of what stands above
	}
	if f.start == "operator" {
		fmt.Fprintln(out, "Waiting for players. Press ENTER to start once all are connected; Ctrl-C ends.")
	} else {
		fmt.Fprintln(out, "Waiting for players; a match starts when two are connected. Ctrl-C ends.")
	}
}

func (f *serveFlags) logger(out *os.File) *slog.Logger {
	if f.log == "json" {
		return slog.New(slog.NewJSONHandler(out, nil))
	}
	plain := os.Getenv("NO_COLOR") != "" || !term.IsTerminal(int(out.Fd()))
	return slog.New(tint.NewHandler(out, &tint.Options{NoColor: plain, TimeFormat: time.TimeOnly}))
}

// enters passes on each line of a terminal as a word to begin.
func enters(in io.Reader) <-chan struct{} {
	begin := make(chan struct{})
	go func() {
		defer close(begin)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			begin <- struct{}{}
		}
	}()
	return begin
}

func parseRules(cmd *cobra.Command, name string, points int) (game.Rules, error) {
	rules, err := game.ParseRules(name)
	if err != nil {
		return rules, usage(cmd, "--rules: %w", err)
	}
	if points < 0 || points > 1000 {
		return rules, usage(cmd, "--points %d: between 0 (without end) and 1000", points)
	}
	rules.Points = uint16(points)
	return rules, nil
}

func badPort(p int) bool { return p < 0 || p > 65535 }

func portOf(a net.Addr) int {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.Port
	case *net.UDPAddr:
		return a.Port
	}
	return 0
}

// reachable returns the hosts under which others find a server that listens on a host, best first.
func reachable(listen string) []string {
	if ip := net.ParseIP(listen); listen != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{listen}
	}
	var hosts []string
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			hosts = append(hosts, n.IP.String())
		}
	}
	return append(hosts, "127.0.0.1")
}

// ownNames are what the server's certificate is made out to.
func ownNames() []string {
	names := reachable("")
	if h, err := os.Hostname(); err == nil {
		names = append(names, h)
	}
	return names
}

// embedded runs a server in this process on free loopback ports, reached through sockets like any other. The link
// names its identity, so its own clients need not ask anybody.
func embedded(ctx context.Context, rules game.Rules, seed uint64) (link string, wait func() error, err error) {
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		return "", nil, err
	}
	identity, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		return "", nil, err
	}
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Rules: rules, Auto: true, Seed: seed}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, cfg, control, sockets) }()
	link = trust.Link{Address: control.Addr().String(), Key: identity.Fingerprint(), HasKey: true}.String()
	return link, func() error { return <-ended }, nil
}
