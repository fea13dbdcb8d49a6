package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"pong/internal/client"
	"pong/internal/lab"
	"pong/internal/wire"
)

// labFlags are the flags of pong lab.
type labFlags struct {
	profiles, views string
	lossModel       string
	fairness        string
	repeat          bool
	seed            uint64
	seeds           int
	minutes         float64
	json, html      string
	markdown        string
	trace           string
	known           string
	from, without   string
	check, baseline bool
}

func newLab() *cobra.Command {
	var f labFlags
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "Measure what players see over bad networks",
		Long: `Play the real server and client over simulated links in virtual time, with bots that see only what their
own client draws, and measure the picture: jumps, contradictions, lateness. The same seed gives the same
match.

Profiles are networks from L0 (LAN) to L15. The view filter is played twice on those with losses or stalls:
packet by packet, and as L1t, L2t and so on with losses and stalls that happen in time, as long in seconds
for a client that sends more. --loss-model chooses one of the two. Views are ways of drawing: filter,
predict, interp, and original for comparison.`,
		Example: `  pong lab --profiles L0,L4,L7 --seeds 2 --minutes 2
  pong lab --seeds 8 --minutes 10 --baseline --json lab.json --html lab.html
  pong lab --profiles L5 --views predict --seed 4 --seeds 1 --minutes 1 --trace trace.txt
  pong lab --check --views filter
  pong lab --from match.csv --html page.html     a match of your own, measured with pong play --measure match.csv
  pong lab --check --known known-misses --views filter --seeds 10 --minutes 1`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.profiles, "profiles", "all", "networks, such as L0,L4,L8")
	fl.StringVar(&f.views, "views", "filter,predict,interp", "ways to draw")
	fl.StringVar(&f.lossModel, "loss-model", "both", "losses packet by packet or in time: packet, time or both")
	fl.StringVar(&f.fairness, "fairness", "share", "of the server, as pong serve has it: off, share or equal")
	fl.StringVar(&f.without, "without", "",
		"further columns: clients without each of these techniques, such as reconciliation,redundancy")
	fl.BoolVar(&f.repeat, "repeat", false, "clients send each INPUT with a new key once more where datagrams are lost")
	fl.BoolVar(&f.baseline, "baseline", false, "add the view original, for comparison")
	fl.IntVar(&f.seeds, "seeds", 8, "number of matches for each network and view")
	fl.Uint64Var(&f.seed, "seed", 1, "seed of the first match; the next matches count up")
	fl.Float64Var(&f.minutes, "minutes", 10, "length of each match, in virtual minutes")
	fl.StringVar(&f.json, "json", "", "write all figures to this file")
	fl.StringVar(&f.html, "html", "", "write a page with charts to this file")
	fl.StringVar(&f.markdown, "markdown", "", "write the tables and all definitions to this file")
	fl.StringVar(&f.trace, "trace", "", "write every tick and every frame to this file")
	fl.BoolVar(&f.check, "check", false, "fail if a figure of the view filter misses its target")
	fl.StringVar(&f.from, "from", "",
		"play nothing: take the match that pong play --measure has written to this file; with --html or --json")
	fl.StringVar(&f.known, "known", "", "with --check: allow for chance, and for the missed means in this file")
	return cmd
}

func (f *labFlags) run(cmd *cobra.Command) error {
	cfg, err := f.config(cmd)
	if err != nil {
		return err
	}
	known, err := f.readKnown()
	if err != nil {
		return err
	}
	if err := f.writable(); err != nil {
		return err
	}
	if f.from != "" {
		return f.ofMeasurements(cmd)
	}
	result, err := f.measure(cmd, cfg)
	if err != nil {
		return err
	}
	if err := lab.WriteText(cmd.OutOrStdout(), result); err != nil {
		return err
	}
	if err := f.write(result); err != nil {
		return err
	}
	if f.check {
		return labVerdict(result, known)
	}
	return nil
}

// readKnown reads the file with the misses that are known, or returns nil if there is none.
func (f *labFlags) readKnown() (lab.Known, error) {
	if f.known == "" {
		return nil, nil
	}
	file, err := os.Open(f.known)
	if err != nil {
		return nil, fmt.Errorf("--known: %w", err)
	}
	defer file.Close()
	known, err := lab.ParseKnown(file)
	if err != nil {
		return nil, fmt.Errorf("--known %s: %w", f.known, err)
	}
	return known, nil
}

// labVerdict returns an error that names the figures which miss their targets, if there are any. If some are known to
// miss them, it names those that are worse beyond chance.
func labVerdict(result lab.Result, known lab.Known) error {
	misses := result.Misses(lab.Filter)
	if known != nil {
		worse, err := result.Regressions(lab.Filter, known)
		if err != nil {
			return fmt.Errorf("--known: %w", err)
		}
		misses = worse
	}
	if len(misses) == 0 {
		return nil
	}
	return fmt.Errorf("%d figures miss their targets\n  %s", len(misses), strings.Join(misses, "\n  "))
}

// measure runs the laboratory. It writes a trace if one is wanted, and a line of progress if standard error is a
// terminal.
func (f *labFlags) measure(cmd *cobra.Command, cfg lab.Config) (result lab.Result, err error) {
	var trace io.WriteCloser
	if f.trace != "" {
		if trace, err = os.Create(f.trace); err != nil {
			return result, err
		}
	}
	stderr, ok := cmd.ErrOrStderr().(*os.File)
	watched := ok && isTerminal(stderr)
	cfg.Watch = func(done, all int, r *lab.Recording) error {
		if watched {
			progress(stderr, done, all, r)
		}
		if trace == nil {
			return nil
		}
		return lab.WriteTrace(trace, r)
	}
	result, err = cfg.Measure(cmd.Context())
	if trace != nil {
		err = errors.Join(err, trace.Close())
	}
	return result, err
}

// config checks the flags before any match is played.
func (f *labFlags) config(cmd *cobra.Command) (cfg lab.Config, err error) {
	if cfg.Profiles, err = lab.ParseProfiles(f.profiles); err != nil {
		return cfg, usage(cmd, "--profiles: %w", err)
	}
	if cfg.LossModel, err = lab.ParseLossModel(f.lossModel); err != nil {
		return cfg, usage(cmd, "--loss-model: %w", err)
	}
	if cfg.Fairness, err = wire.ParseFairness(f.fairness); err != nil {
		return cfg, usage(cmd, "--fairness: %w", err)
	}
	if cfg.Variants, err = lab.ParseVariants(f.views); err != nil {
		return cfg, usage(cmd, "--views: %w", err)
	}
	if f.without != "" {
		for _, name := range strings.Split(f.without, ",") {
			settings, err := client.Settings{}.Without(name)
			if err != nil {
				return cfg, usage(cmd, "--without: %w", err)
			}
			cfg.Without = append(cfg.Without, settings)
		}
	}
	if f.baseline {
		cfg.Variants = append(cfg.Variants, lab.Original)
	}
	if f.seed < 1 {
		return cfg, usage(cmd, "--seed 0: must be 1 or more")
	}
	if f.seeds < 1 {
		return cfg, usage(cmd, "--seeds %d: must be 1 or more", f.seeds)
	}
	if !(f.minutes > 0 && f.minutes <= 24*60) {
		return cfg, usage(cmd, "--minutes %v: must be more than 0 and at most a day", f.minutes)
	}
	cfg.Repeat = f.repeat
	cfg.First, cfg.Seeds, cfg.Minutes = f.seed, f.seeds, f.minutes
	return cfg, nil
}

// progress overwrites the line of progress.
func progress(w io.Writer, done, all int, r *lab.Recording) {
	end := ""
	if done == all {
		end = "\n"
	}
	fmt.Fprintf(w, "\r%3d of %d matches, %s %v seed %d   %s", done, all, r.Cell.Profile.Name, r.Cell.Variant,
		r.Cell.Seed, end)
}

// write writes the files that were asked for.
func (f *labFlags) write(result lab.Result) error {
	if f.json != "" {
		data, err := json.MarshalIndent(result, "", " ")
		if err != nil {
			return fmt.Errorf("write %s: %w", f.json, err)
		}
		if err := os.WriteFile(f.json, append(data, '\n'), 0o644); err != nil {
			return err
		}
	}
	for _, page := range []struct {
		path  string
		write func(io.Writer, lab.Result) error
	}{{f.html, lab.WriteHTML}, {f.markdown, lab.WriteMarkdown}} {
		if page.path == "" {
			continue
		}
		file, err := os.Create(page.path)
		if err != nil {
			return err
		}
		if err := errors.Join(page.write(file, result), file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// writable returns an error, before any match is played, if a file cannot be written.
func (f *labFlags) writable() error {
	for _, path := range []string{f.json, f.html, f.markdown} {
		if path == "" {
			continue
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
		if err != nil {
			return err
		}
		file.Close()
	}
	return nil
}
