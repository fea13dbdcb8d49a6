package main

import (
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
server and back) override them for one direction. Loss comes in bursts of --burst datagrams in the mean.`,
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
	fl.Var((*share)(&p.Loss), prefix+"loss", "share of datagrams lost, such as 5%"+where)
	fl.Float64Var(&p.Burst, prefix+"burst", 0, "mean number of datagrams lost in a row"+where)
	fl.Var((*share)(&p.Reorder), prefix+"reorder", "share of datagrams overtaken by others"+where)
	fl.Var((*share)(&p.Duplicate), prefix+"duplicate", "share of datagrams that come twice"+where)
	fl.Var((*share)(&p.Corrupt), prefix+"corrupt", "share of datagrams with a bit flipped"+where)
	fl.Int64Var(&p.Rate, prefix+"rate", 0, "bits a second; 0 is without limit"+where)
	fl.Var(outage{p}, prefix+"outage", "EVERY,FOR: how often nothing passes, and for how long, such as 20s,1s"+where)
}

func (f *linkFlags) run(cmd *cobra.Command) error {
	if f.listen == "" || f.to == "" {
		return usage(cmd, "--listen and --to are needed: the address that players use, and the server's")
	}
	up, down, err := f.profiles(cmd)
	if err != nil {
		return err
	}
	address := func(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
	relay, err := netsim.ListenRelay(netsim.RelayConfig{
		ListenGame: address(f.listen, f.gamePort), ToGame: address(f.to, f.gamePort),
		ListenControl: address(f.listen, f.controlPort), ToControl: address(f.to, f.controlPort),
		Up: up, Down: down, Seed: f.seed,
	})
	if err != nil {
		return fmt.Errorf("relay: %w\nOn one machine the relay needs an address of its own: --listen 127.0.0.2 --to 127.0.0.1", err)
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "Relaying %s (TCP %d, UDP %d) to %s\n", f.listen, f.controlPort, f.gamePort, f.to)
	stop := time.NewTicker(10 * time.Second)
	defer stop.Stop()
	done := make(chan error, 1)
	go func() { done <- relay.Run(cmd.Context()) }()
	for {
		select {
		case err := <-done:
			fmt.Fprintln(out, linkStatus(relay.Stats()))
			return err
		case <-stop.C:
			fmt.Fprintln(out, linkStatus(relay.Stats()))
		}
	}
}

// profiles merges the figures for both directions with those for one.
func (f *linkFlags) profiles(cmd *cobra.Command) (up, down netsim.Profile, err error) {
	up, down = f.both, f.both
	for prefix, target := range map[string]struct{ to, from *netsim.Profile }{"up-": {&up, &f.up}, "down-": {&down, &f.down}} {
		to, from := target.to, target.from
		fields := map[string]func(){
			"delay": func() { to.Delay = from.Delay }, "jitter": func() { to.Jitter = from.Jitter },
			"loss": func() { to.Loss = from.Loss }, "burst": func() { to.Burst = from.Burst },
			"reorder": func() { to.Reorder = from.Reorder }, "duplicate": func() { to.Duplicate = from.Duplicate },
			"corrupt": func() { to.Corrupt = from.Corrupt }, "rate": func() { to.Rate = from.Rate },
			"outage": func() { to.OutageEvery, to.OutageFor = from.OutageEvery, from.OutageFor },
		}
		for name, take := range fields {
			if cmd.Flags().Changed(prefix + name) {
				take()
			}
		}
		if err := to.Validate(); err != nil {
			return up, down, usage(cmd, "%s%w", prefix, err)
		}
	}
	return up, down, nil
}

func linkStatus(s netsim.RelayStats) string {
	direction := func(d netsim.Stats) string {
		lost := 0.0
		if d.Sent > 0 {
			lost = 100 * float64(d.Lost) / float64(d.Sent)
		}
		return fmt.Sprintf("%d sent, %d delivered, %.1f%% lost", d.Sent, d.Delivered, lost)
	}
	return fmt.Sprintf("up: %s; down: %s", direction(s.Up), direction(s.Down))
}

// share is a probability, written as 0.05 or 5%.
type share float64

func (s *share) String() string { return strconv.FormatFloat(float64(*s)*100, 'g', -1, 64) + "%" }
func (s *share) Type() string   { return "share" }

func (s *share) Set(text string) error {
	number, percent := strings.CutSuffix(text, "%")
	x, err := strconv.ParseFloat(number, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) {
		return fmt.Errorf("must be between 0%% and 100%%, such as 5%% or 0.05")
	}
	*s = share(x)
	return nil
}

// outage is EVERY,FOR.
type outage struct{ p *netsim.Profile }

func (o outage) String() string { return "" }
func (o outage) Type() string   { return "every,for" }

func (o outage) Set(text string) error {
	every, length, ok := strings.Cut(text, ",")
	if !ok {
		return fmt.Errorf("must be two durations, such as 20s,1s")
	}
	var err error
	if o.p.OutageEvery, err = time.ParseDuration(every); err != nil {
		return err
	}
	o.p.OutageFor, err = time.ParseDuration(length)
	return err
}
