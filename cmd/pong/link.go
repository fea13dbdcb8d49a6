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

	"pong/netcode/netsim"
)

// linkFlags are the flags of pong link.
type linkFlags struct {
	listen, to            string
	controlPort, gamePort int
	seed                  uint64
	both, up, down        netsim.Profile
}

func newLink() *cobra.Command {
	var f linkFlags
	cmd := &cobra.Command{
		Use:   "link --listen HOST --to HOST",
		Short: "Put a bad network between players and a server",
		Long: `Relay the control port (TCP) and the game port (UDP) of one address to the same ports of another, and treat the
datagrams as a bad network would. Players use the relay's address and need to know nothing else.

The figures are for each direction, so --delay 50ms is 100 ms there and back. --up-... and --down-... (towards the
server and back) override them for one direction. Loss comes in bursts of --burst datagrams in the mean.

On one machine the relay needs a loopback address of its own, such as 127.0.0.2. macOS has it only after
"sudo ifconfig lo0 alias 127.0.0.2"; ::1 does as well.`,
		Example: `  pong serve --listen 127.0.0.1
  pong link --listen 127.0.0.2 --to 127.0.0.1 --delay 125ms --jitter 10ms --loss 20% --burst 2.5
  pong play 127.0.0.2

  pong link --listen 127.0.0.2 --to 127.0.0.1 --up-loss 30% --outage 20s,1s`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.listen, "listen", "", "host or address that players use, such as 127.0.0.2")
	fl.StringVar(&f.to, "to", "", "host or address of the server, such as 127.0.0.1")
	fl.IntVar(&f.controlPort, "control-port", 5555, "TCP port of the control channel")
	fl.IntVar(&f.gamePort, "game-port", 5556, "UDP port of the game channel")
	fl.Uint64Var(&f.seed, "seed", 0, "seed of what befalls which datagram")
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
	fl.Var((*percent)(&p.Reorder), prefix+"reorder", "share of datagrams overtaken by others"+where)
	fl.Var((*percent)(&p.Duplicate), prefix+"duplicate", "share of datagrams that come twice"+where)
	fl.Var((*percent)(&p.Corrupt), prefix+"corrupt", "share of datagrams with a bit flipped"+where)
	fl.Int64Var(&p.Rate, prefix+"rate", 0, "bits a second; 0 is without limit"+where)
	fl.Var(outage{p}, prefix+"outage", "EVERY,FOR: how often nothing passes, and for how long, such as 20s,1s"+where)
}

func (f *linkFlags) run(cmd *cobra.Command) error {
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	relay, err := netsim.ListenRelay(cfg)
	if err != nil {
		return fmt.Errorf("%w: %s\nOn one machine the relay needs an address of its own: --listen 127.0.0.2 --to 127.0.0.1", err, listenHint(err))
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Relaying %s (TCP %d, UDP %d) to %s. Players join %s. Ctrl-C ends.\n",
		f.listen, f.controlPort, f.gamePort, f.to, cfg.ListenControl)
	status := time.NewTicker(10 * time.Second)
	defer status.Stop()
	done := make(chan error, 1)
	go func() { done <- relay.Run(cmd.Context()) }()
	for {
		select {
		case err := <-done:
			fmt.Fprintln(out, linkStatus(relay.Stats()))
			return err
		case <-status.C:
			fmt.Fprintln(out, linkStatus(relay.Stats()))
		}
	}
}

// config checks the flags before anything is opened.
func (f *linkFlags) config(cmd *cobra.Command) (cfg netsim.RelayConfig, err error) {
	if f.listen == "" || f.to == "" {
		return cfg, usage(cmd, "--listen and --to are needed: the address that players use, and the server's")
	}
	if f.listen, err = parseHost(f.listen); err != nil {
		return cfg, usage(cmd, "--listen: %w", err)
	}
	if f.to, err = parseHost(f.to); err != nil {
		return cfg, usage(cmd, "--to: %w", err)
	}
	if f.listen == f.to {
		return cfg, usage(cmd, "--listen and --to are the same: the relay would talk to itself")
	}
	for _, port := range []int{f.controlPort, f.gamePort} {
		if port < 1 || port > 65535 {
			return cfg, usage(cmd, "port %d: must be that of the server, from 1 to 65535", port)
		}
	}
	address := func(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
	cfg = netsim.RelayConfig{
		ListenGame: address(f.listen, f.gamePort), ToGame: address(f.to, f.gamePort),
		ListenControl: address(f.listen, f.controlPort), ToControl: address(f.to, f.controlPort), Seed: f.seed,
	}
	cfg.Up, cfg.Down, err = f.profiles(cmd)
	return cfg, err
}

// profiles merges the figures for both directions with those for one.
func (f *linkFlags) profiles(cmd *cobra.Command) (up, down netsim.Profile, err error) {
	if err := f.both.Validate(); err != nil {
		return up, down, usage(cmd, "%w", err)
	}
	up = merge(cmd.Flags(), "up-", f.both, f.up)
	down = merge(cmd.Flags(), "down-", f.both, f.down)
	if err := up.Validate(); err != nil {
		return up, down, usage(cmd, "towards the server: %w", err)
	}
	if err := down.Validate(); err != nil {
		return up, down, usage(cmd, "from the server: %w", err)
	}
	return up, down, nil
}

// merge returns the figures for both directions with those that were given for one.
func merge(fl *pflag.FlagSet, prefix string, both, one netsim.Profile) netsim.Profile {
	for name, take := range map[string]func(){
		"delay":     func() { both.Delay = one.Delay },
		"jitter":    func() { both.Jitter = one.Jitter },
		"loss":      func() { both.Loss = one.Loss },
		"burst":     func() { both.Burst = one.Burst },
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

// linkStatus is one line of what the relay did.
func linkStatus(s netsim.RelayStats) string {
	direction := func(d netsim.Stats) string {
		lost := 0.0
		if d.Sent > 0 {
			lost = 100 * float64(d.Lost+d.QueueDrops+d.OutageDrops) / float64(d.Sent)
		}
		return fmt.Sprintf("%d sent, %d delivered, %.1f%% lost", d.Sent, d.Delivered, lost)
	}
	line := fmt.Sprintf("%d players; up: %s; down: %s", s.Clients, direction(s.Up), direction(s.Down))
	if s.Refused > 0 {
		line += fmt.Sprintf("; %d refused, too many players", s.Refused)
	}
	if s.Errors > 0 {
		line += fmt.Sprintf("; %d failures, is the server there?", s.Errors)
	}
	return line
}

// outage is the value of a flag that is EVERY,FOR: two durations of a profile.
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
