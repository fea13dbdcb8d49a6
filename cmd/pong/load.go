package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pong/internal/admin"
	"pong/internal/lab"
	"pong/internal/load"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// loadFlags are the flags of pong load.
type loadFlags struct {
	trust     string
	matches   int
	duration  time.Duration
	ramp      time.Duration
	stateRate int
	impair    string
	admin     string
	json      bool
}

func newLoad() *cobra.Command {
	var f loadFlags
	cmd := &cobra.Command{
		Use:   "load ADDR|LINK",
		Short: "Play many matches on a real server and measure what they cost",
		Long: `Play many matches on a server at once, and measure what the players see and what it costs. The sessions
are real: each player joins over TLS, sends 60 encrypted INPUTs a second that repeat all unacknowledged
inputs, and opens and checks every STATE.

On Linux, if the server is at a loopback address, all players share a socket and have an address each
(127.1.x.y). With --admin, the value of the server's own --admin flag, the table includes the server's
figures: CPU time for a match-second, lateness of ticks, memory, and dropped datagrams.

Datagrams go only to the given address, and the load ends by itself. Ctrl-C ends it early, with the
table so far. Load only servers that are yours: the players on them are not asked.`,
		Example: `  pong serve --listen 127.0.0.1 --start auto --points 0 --admin 127.0.0.1:9555
  pong load LINK --matches 500 --for 30s --admin 127.0.0.1:9555
  pong load LINK --matches 2000 --impair delay=50ms,jitter=20ms,loss=5%
  pong load LINK --matches 100 --impair L4 --json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(cmd, "one argument is required: the server's address, or the join link that it printed")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.trust, "trust", "",
		"SHA-256 fingerprint that the server must have, if the link does not contain it")
	fl.IntVar(&f.matches, "matches", 10, "number of matches, of two players each")
	fl.DurationVar(&f.duration, "for", 10*time.Second, "length of the measurement, once all play")
	fl.DurationVar(&f.ramp, "ramp", 0, "time over which the joins are spread; 0 means as fast as the server allows")
	fl.IntVar(&f.stateRate, "state-rate", 0,
		"fail unless the server sends this many STATEs a second; 0 accepts any rate")
	fl.StringVar(&f.impair, "impair", "",
		"a bad network in each direction: delay=20ms,jitter=5ms,loss=5%,burst=2, or a profile of pong lab such as L4")
	fl.StringVar(&f.admin, "admin", "", "HOST:PORT of the server's metrics")
	fl.BoolVar(&f.json, "json", false, "print the result as JSON")
	return cmd
}

func (f *loadFlags) run(cmd *cobra.Command, address string) error {
	cfg, err := f.config(cmd, address)
	if err != nil {
		return err
	}
	end := func() {}
	if isTerminal(os.Stderr) && useEscapes(os.Stderr) {
		cfg.Progress, end = loadProgress(os.Stderr, cfg)
	}
	report, err := load.Run(cmd.Context(), cfg)
	end()
	var unknown *trust.UnknownError
	if errors.As(err, &unknown) {
		return unknown
	}
	var conflict *trust.ConflictError
	if errors.As(err, &conflict) {
		return conflict
	}
	if err != nil {
		return err
	}
	if f.json {
		e := json.NewEncoder(cmd.OutOrStdout())
		e.SetIndent("", "  ")
		return e.Encode(report)
	}
	return report.WriteTable(cmd.OutOrStdout())
}

// config checks the flags before any player joins.
func (f *loadFlags) config(cmd *cobra.Command, address string) (cfg load.Config, err error) {
	address = trust.FindAddress(address)
	if _, err := trust.ParseAddress(address, trust.DefaultPort); err != nil {
		return cfg, usage(cmd, "%w", err)
	}
	cfg = load.Config{Address: address, Matches: f.matches, For: f.duration, Ramp: f.ramp, StateRate: f.stateRate,
		CPUTime: admin.CPUTime}
	switch {
	case f.matches < 1 || f.matches > load.MaxMatches:
		return cfg, usage(cmd, "--matches %d: must be from 1 to %d", f.matches, load.MaxMatches)
	case f.duration < time.Second || f.duration > time.Hour:
		return cfg, usage(cmd, "--for %v: must be from 1s to 1h", f.duration)
	case f.ramp < 0 || f.ramp > time.Hour:
		return cfg, usage(cmd, "--ramp %v: must be from 0 to 1h", f.ramp)
	}
	if f.stateRate != 0 {
		if err := wire.CheckStateRate(f.stateRate); err != nil {
			return cfg, usage(cmd, "--state-rate: %w", err)
		}
	}
	if f.trust != "" {
		key, err := trust.ParseFingerprint(f.trust)
		if err != nil {
			return cfg, usage(cmd, "--trust: %w", err)
		}
		cfg.Trust = &key
	}
	if f.admin != "" {
		host := strings.TrimSuffix(strings.TrimPrefix(f.admin, "http://"), "/metrics")
		if cfg.Admin, err = parseHostPort(host); err != nil {
			return cfg, usage(cmd, "--admin: %w", err)
		}
	}
	if f.impair != "" {
		if cfg.Up, cfg.Down, err = parseImpair(f.impair); err != nil {
			return cfg, usage(cmd, "--impair: %w", err)
		}
	}
	if pins, err := trust.DefaultPinFile(); err == nil {
		cfg.PinFile = pins
	}
	return cfg, nil
}

// parseImpair parses a network: figures for each direction, or the name of a constant profile of the laboratory.
func parseImpair(text string) (up, down netsim.Profile, err error) {
	if strings.Contains(text, "=") {
		up, err = load.ParseImpair(text)
		return up, up, err
	}
	found, err := lab.ParseProfiles(text)
	switch {
	case err != nil:
		return up, down, err
	case len(found) != 1 || len(found[0].Acts) > 0 || found[0].Up[0] != found[0].Up[1]:
		return up, down, fmt.Errorf("%q: must be a single profile whose network is the same for all players and "+
			"does not change", text)
	}
	return found[0].Up[0], found[0].Down[0], nil
}

// loadProgress returns a function that overwrites a line of progress, and one that erases it.
func loadProgress(out io.Writer, cfg load.Config) (show func(load.Progress), end func()) {
	show = func(p load.Progress) {
		line := fmt.Sprintf("%d of %d players have joined, %d play", p.Players, 2*cfg.Matches, p.Playing)
		if p.Failed > 0 {
			line += fmt.Sprintf(", %d failed", p.Failed)
		}
		if p.Measured > 0 {
			line = fmt.Sprintf("measuring %d matches: %d of %d s, %d datagrams out, %d in",
				p.Playing/2, int(p.Measured.Seconds()), int(cfg.For.Seconds()), p.Out, p.In)
		}
		fmt.Fprintf(out, "\r\x1b[K%s", line)
	}
	return show, func() { fmt.Fprint(out, "\r\x1b[K") }
}
