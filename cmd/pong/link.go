package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pong/internal/crash"
	"pong/internal/linequeue"
	"pong/netcode/netsim"
)

// linkFlags are the flags of pong link.
type linkFlags struct {
	listen, to            string
	controlPort, gamePort int
	shards                int
	seed                  uint64
	profile, file         string
	both, up, down        netsim.Profile
}

func newLink() *cobra.Command {
	var f linkFlags
	cmd := &cobra.Command{
		Use:   "link --listen HOST --to HOST",
		Short: "Put a bad network between players and a server",
		Long: `Relay the control port (TCP) and the game port (UDP) of one address to the same ports of another. pong
link adds delay, jitter, loss, reordering, duplication and corruption to datagrams, separately for each
direction. Players use the relay's address and need not know about it. If the server has --shards, give
pong link the same, so that it relays all game ports.

Each figure is for one direction, so --delay 50ms adds 100 ms to the round trip. --up-... (towards the
server) and --down-... override it for one direction. Losses come in bursts of --burst datagrams on
average, however many are sent. With --pace they come in time instead: a burst is as long as --burst
datagrams that are sent --pace apart, such as 16ms towards the server and 50ms from it, and whoever sends
more loses more in a row.

While it runs it takes changes: type a line such as "loss=20%", "up-delay=80ms,down-loss=5%", "L7", "L7
loss=0" or "outage=20s,1s", or "none" for a perfect network. With --file it reads such a line from a file,
at the start and at each SIGHUP.

On one machine the relay needs its own loopback address, such as 127.0.0.2. On macOS, add it first with
"sudo ifconfig lo0 alias 127.0.0.2", or use ::1.`,
		Example: `  pong serve --listen 127.0.0.1
  pong link --listen 127.0.0.2 --to 127.0.0.1 --delay 125ms --jitter 10ms --loss 20% --burst 2.5
  pong play 127.0.0.2

  pong link --listen 127.0.0.2 --to 127.0.0.1 --up-loss 30% --outage 20s,1s
  pong link --listen 127.0.0.2 --to 127.0.0.1 --profile L7`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.listen, "listen", "", "host or address for players, such as 127.0.0.2")
	fl.StringVar(&f.to, "to", "", "host or address of the server, such as 127.0.0.1")
	fl.IntVar(&f.controlPort, "control-port", 5555, "TCP port of the control channel")
	fl.IntVar(&f.gamePort, "game-port", 5556, "UDP port of the game channel")
	fl.IntVar(&f.shards, "shards", 1, "number of the server's shards, each with its own UDP port")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of the simulated network")
	fl.StringVar(&f.profile, "profile", "", "a network of the laboratory, L0 to L15; the other figures change it")
	fl.StringVar(&f.file, "file", "", "file with a line of changes, read at the start and at SIGHUP")
	profileFlags(fl, "", &f.both, "")
	profileFlags(fl, "up-", &f.up, ", towards the server")
	profileFlags(fl, "down-", &f.down, ", from the server")
	return cmd
}

// profileFlags adds the flags of one direction, or of both.
func profileFlags(fl *pflag.FlagSet, prefix string, p *netsim.Profile, where string) {
	fl.DurationVar(&p.Delay, prefix+"delay", 0, "one-way delay"+where)
	fl.DurationVar(&p.Jitter, prefix+"jitter", 0, "standard deviation of the delay"+where)
	fl.Var((*percent)(&p.Loss), prefix+"loss", "share of datagrams lost, such as 5%"+where)
	fl.Float64Var(&p.Burst, prefix+"burst", 0, "mean number of datagrams lost in a row"+where)
	fl.DurationVar(&p.Pace, prefix+"pace", 0, "let losses happen in time; see above"+where)
	fl.Var((*percent)(&p.Reorder), prefix+"reorder", "share of datagrams that others overtake"+where)
	fl.Var((*percent)(&p.Duplicate), prefix+"duplicate", "share of datagrams that are delivered twice"+where)
	fl.Var((*percent)(&p.Corrupt), prefix+"corrupt", "share of datagrams with a bit flipped"+where)
	fl.Int64Var(&p.Rate, prefix+"rate", 0, "bits a second; 0 means no limit"+where)
	fl.Var(outage{p}, prefix+"outage", "EVERY,FOR: interval and length of outages, such as 20s,1s"+where)
}

func (f *linkFlags) run(cmd *cobra.Command) error {
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	relay, err := netsim.ListenRelay(cfg)
	if err != nil {
		return fmt.Errorf("%w: %s\nOn one machine the relay needs its own address: --listen 127.0.0.2 --to 127.0.0.1",
			err, listenHint(err))
	}
	ignoreBrokenPipes() // players need the relay, whether or not somebody reads its output
	out := linequeue.New(linequeue.Config{Out: cmd.OutOrStdout(), Note: textNote})
	defer out.Flush(flushWithin)
	fmt.Fprintf(out, "Relaying %s (TCP %d, UDP %s) to %s. Players join %s. Ctrl-C ends.\n",
		f.listen, f.controlPort, f.gamePorts(), f.to, cfg.ListenControl)
	changes := linkChanges(cmd.Context(), cmd.InOrStdin(), f.file)
	status := time.NewTicker(10 * time.Second)
	defer status.Stop()
	done := make(chan error, 1)
	go crash.Guarded(func() { done <- relay.Run(cmd.Context()) })()
	for {
		select {
		case err := <-done:
			fmt.Fprintln(out, f.status(relay.Stats()))
			return err
		case change := <-changes:
			fmt.Fprintln(out, change.carryOut(relay))
		case <-status.C:
			fmt.Fprintln(out, f.status(relay.Stats()))
		}
	}
}

// gamePorts formats the range of the relayed UDP ports.
func (f *linkFlags) gamePorts() string { return portRange(f.gamePort, f.gamePort+f.shards-1) }

// config checks the flags before any port is opened.
func (f *linkFlags) config(cmd *cobra.Command) (cfg netsim.RelayConfig, err error) {
	if f.listen == "" || f.to == "" {
		return cfg, usage(cmd, "--listen and --to are required: the address for players, and the server's")
	}
	if f.listen, err = parseHost(f.listen); err != nil {
		return cfg, usage(cmd, "--listen: %w", err)
	}
	if f.to, err = parseHost(f.to); err != nil {
		return cfg, usage(cmd, "--to: %w", err)
	}
	if f.listen == f.to {
		return cfg, usage(cmd, "--listen and --to must differ, or the relay would connect to itself")
	}
	for _, port := range []int{f.controlPort, f.gamePort} {
		if port < 1 || port > 65535 {
			return cfg, usage(cmd, "port %d: must be the server's port, from 1 to 65535", port)
		}
	}
	if f.shards < 1 || f.shards > maxShards {
		return cfg, usage(cmd, "--shards %d: must be from 1 to %d", f.shards, maxShards)
	}
	if last := f.gamePort + f.shards - 1; last > 65535 {
		return cfg, usage(cmd, "--game-port %d with --shards %d: the last port would be %d, above 65535", f.gamePort,
			f.shards, last)
	}
	address := func(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
	cfg = netsim.RelayConfig{
		ListenGame: address(f.listen, f.gamePort), ToGame: address(f.to, f.gamePort),
		GamePorts:     f.shards,
		ListenControl: address(f.listen, f.controlPort), ToControl: address(f.to, f.controlPort), Seed: f.seed,
	}
	cfg.Up, cfg.Down, err = f.profiles(cmd)
	return cfg, err
}

// profiles returns the figures of each direction.
func (f *linkFlags) profiles(cmd *cobra.Command) (up, down netsim.Profile, err error) {
	if err := f.both.Validate(); err != nil {
		return up, down, usage(cmd, "%w", err)
	}
	fl, base := cmd.Flags(), simulatedLink{}
	if f.profile != "" {
		if base, err = namedLink(f.profile); err != nil {
			return up, down, usage(cmd, "--profile: %w", err)
		}
	}
	if f.file != "" {
		if base, err = readLink(f.file, base); err != nil {
			return up, down, usage(cmd, "--file: %w", err)
		}
	}
	up = merge(fl, "up-", merge(fl, "", base.up, f.both), f.up)
	down = merge(fl, "down-", merge(fl, "", base.down, f.both), f.down)
	if err := up.Validate(); err != nil {
		return up, down, usage(cmd, "towards the server: %w", err)
	}
	if err := down.Validate(); err != nil {
		return up, down, usage(cmd, "from the server: %w", err)
	}
	return up, down, nil
}

// merge returns the figures for both directions, overridden by those that were given for one.
func merge(fl *pflag.FlagSet, prefix string, both, one netsim.Profile) netsim.Profile {
	for name, take := range map[string]func(){
		"delay":     func() { both.Delay = one.Delay },
		"jitter":    func() { both.Jitter = one.Jitter },
		"loss":      func() { both.Loss = one.Loss },
		"burst":     func() { both.Burst = one.Burst },
		"pace":      func() { both.Pace = one.Pace },
		"reorder":   func() { both.Reorder = one.Reorder },
		"duplicate": func() { both.Duplicate = one.Duplicate },
		"corrupt":   func() { both.Corrupt = one.Corrupt },
		"rate":      func() { both.Rate = one.Rate },
		"outage":    func() { both.OutageEvery, both.OutageFor = one.OutageEvery, one.OutageFor },
	} {
		if fl.Changed(prefix + name) {
			take()
		}
	}
	return both
}

// status formats the relay's statistics as a line. If the game channel does not work, it ends with what to do.
func (f *linkFlags) status(s netsim.RelayStats) string {
	direction := func(d netsim.Stats) string {
		lost := 0.0
		if d.Sent > 0 {
			lost = 100 * float64(d.Lost+d.QueueDrops+d.OutageDrops) / float64(d.Sent)
		}
		return fmt.Sprintf("%d sent, %d delivered, %.1f%% lost", d.Sent, d.Delivered, lost)
	}
	line := fmt.Sprintf("%d players; up: %s; down: %s", s.Clients, direction(s.Up), direction(s.Down))
	if s.Refused > 0 {
		line += fmt.Sprintf("; %d refused because of too many players", s.Refused)
	}
	if s.Errors > 0 {
		line += fmt.Sprintf("; %d failures: is the server running?", s.Errors)
	}
	switch {
	case s.Up.Sent == 0 && s.Accepted > 0 || s.Conns > s.Clients:
		line += fmt.Sprintf("; players on TCP %d send nothing to UDP %s: if the server has other game ports, "+
			"name them with --game-port and --shards", f.controlPort, f.gamePorts())
	case s.Up.Delivered > 0 && s.Down.Sent == 0:
		line += fmt.Sprintf("; nothing comes back from UDP %s of %s: if the server has other game ports, "+
			"name them with --game-port and --shards", f.gamePorts(), f.to)
	}
	return line
}

// outage is the value of a flag of the form EVERY,FOR, two durations of a profile.
type outage struct{ p *netsim.Profile }

func (o outage) String() string { return "" }
func (o outage) Type() string   { return "every,for" }

func (o outage) Set(text string) error {
	every, length, _ := strings.Cut(text, ",")
	e, err := time.ParseDuration(every)
	f, err2 := time.ParseDuration(length)
	if err != nil || err2 != nil || f <= 0 || f > e {
		return errors.New("must be two durations, the second not longer than the first, such as 20s,1s")
	}
	o.p.OutageEvery, o.p.OutageFor = e, f
	return nil
}
