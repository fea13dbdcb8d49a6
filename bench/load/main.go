// Command load measures how many matches a core of this machine holds. It runs pong serve on one core and pong load
// on another, alternating with the floor (the same traffic in C), drops runs that other programs disturbed, and
// prints the medians and a table of targets, with pass or miss. It takes under ten minutes.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// The cores of the server and of the load.
const (
	serverCore = "0"
	loadCore   = "1"
)

// A step is a load to measure.
type step struct {
	matches, rate int
	seconds       int
}

// steps range from few matches to the targets; more does not fit into ten minutes.
var steps = []step{{500, 20, 8}, {2000, 20, 8}, {4000, 20, 10}, {5000, 20, 10}, {500, 60, 8}, {3000, 60, 10}}

// joinsPerSecond is the rate at which players join: as many as one core can serve besides the matches in progress.
const joinsPerSecond = 250

// maxSteal is the time a second that the hypervisor may take for others before a run is dropped.
const maxSteal = 30 * time.Millisecond

// The original, a Python server with a process for each match, measured on such a machine: microseconds of CPU for a
// match-second, between 3 190 and 11 800.
const original = 4700.0

func main() {
	pong := flag.String("pong", "", "the pong binary")
	floor := flag.String("floor", "", "the floor binary")
	rounds := flag.Int("rounds", 3, "number of measurements of each step")
	only := flag.Int("matches", 0, "measure only the steps with this many matches")
	flag.Parse()
	if *pong == "" || *floor == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr,
			"usage: load -pong FILE -floor FILE [-rounds N] [-matches N]; make bench-load builds both")
		os.Exit(2)
	}
	if _, err := exec.LookPath("taskset"); err != nil {
		fmt.Fprintf(os.Stderr, "load: %v; on Debian it is in the package util-linux\n", err)
		os.Exit(1)
	}
	b := &bench{pong: *pong, floor: *floor, results: make(map[step][]result)}
	if err := b.run(*rounds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	b.print(os.Stdout)
}

// A bench holds the results so far.
type bench struct {
	pong, floor string
	results     map[step][]result
	dropped     []string
	quiet       []quiet
}

func (b *bench) run(rounds, only int) error {
	begun := time.Now()
	for round := range rounds {
		for _, s := range steps {
			if only != 0 && s.matches != only {
				continue
			}
			if time.Since(begun) > 9*time.Minute {
				b.dropped = append(b.dropped, fmt.Sprintf("round %d from %d matches at %d Hz on: out of time", round+1,
					s.matches, s.rate))
				return nil
			}
			r, err := measure(b.pong, b.floor, s)
			if err != nil {
				return fmt.Errorf("%d matches at %d Hz: %w", s.matches, s.rate, err)
			}
			fmt.Printf("round %d: %5d matches at %d Hz: %5.0f us a match-second, floor %4.0f; %5d play; late %6.2f "+
				"ms p99; steal %v, others %v a second\n",
				round+1, s.matches, s.rate, r.cpu, r.floor, r.playing, r.late99, r.steal.Round(time.Millisecond),
				r.others.Round(time.Millisecond))
			if r.steal > maxSteal {
				b.dropped = append(b.dropped, fmt.Sprintf("round %d, %d matches at %d Hz: %v a second stolen", round+1,
					s.matches, s.rate, r.steal.Round(time.Millisecond)))
				continue
			}
			b.results[s] = append(b.results[s], r)
		}
		if only == 0 {
			q, err := idle(b.pong)
			if err != nil {
				return fmt.Errorf("an idle server: %w", err)
			}
			b.quiet = append(b.quiet, q)
		}
	}
	return nil
}

// median returns the median of f over the results of a step, or false if there are none.
func (b *bench) median(s step, f func(result) float64) (float64, bool) {
	var all []float64
	for _, r := range b.results[s] {
		all = append(all, f(r))
	}
	return middle(all)
}

func middle(all []float64) (float64, bool) {
	if len(all) == 0 {
		return 0, false
	}
	slices.Sort(all)
	return all[len(all)/2], true
}

func (b *bench) print(out *os.File) {
	fmt.Fprintf(out, "\nMedians. CPU is user and system time of the server's process, in microseconds for a "+
		"match-second.\n\n")
	fmt.Fprintln(out, "| matches | STATEs | runs | CPU us | floor us | CPU / floor | original / CPU | play | "+
		"inputs missed | lateness p99 ms | round trip p99 ms | KB a match | others ms/s |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|---|---|---|---|---|")
	for _, s := range steps {
		m := func(f func(result) float64) float64 { x, _ := b.median(s, f); return x }
		if n := len(b.results[s]); n > 0 {
			cpu := m(func(r result) float64 { return r.cpu })
			fmt.Fprintf(out, "| %d | %d Hz | %d | %.0f | %.0f | %.2f | %.0f | %.0f | %.3f %% | %.2f | %.2f | %.0f "+
				"| %.0f |\n", s.matches, s.rate, n, cpu,
				m(func(r result) float64 { return r.floor }), m(result.ratio), original/cpu,
				m(func(r result) float64 { return float64(r.playing) }),
				m(func(r result) float64 { return 100 * r.missed }), m(func(r result) float64 { return r.late99 }),
				m(func(r result) float64 { return r.rtt99 }),
				m(func(r result) float64 { return r.memory / 1024 }),
				m(func(r result) float64 { return float64(r.others.Milliseconds()) }))
		}
	}
	for _, d := range b.dropped {
		fmt.Fprintf(out, "dropped: %s\n", d)
	}
	fmt.Fprintf(out, "\n| figure | target | measured | |\n|---|---|---|---|\n")
	for _, r := range b.targets() {
		fmt.Fprintln(out, r)
	}
}

// A target is a bound for a figure, and what was measured.
type target struct {
	what, wanted, measured string
	known, pass            bool
}

func (r target) String() string {
	verdict := "MISS"
	switch {
	case !r.known:
		r.measured, verdict = "", "not measured"
	case r.pass:
		verdict = "pass"
	}
	return "| " + strings.Join([]string{r.what, r.wanted, r.measured, verdict}, " | ") + " |"
}

func (b *bench) targets() []target {
	atMost := func(what string, s step, most float64, format string, f func(result) float64) target {
		x, ok := b.median(s, f)
		return target{what, "at most " + fmt.Sprintf(format, most), fmt.Sprintf(format, x), ok, x <= most}
	}
	cpu := func(r result) float64 { return r.cpu }
	late := func(r result) float64 { return r.late99 }
	held := func(s step) target {
		worst, n := 0, len(b.results[s])
		for _, r := range b.results[s] {
			if !r.held(s) {
				worst++
			}
		}
		return target{fmt.Sprintf("%d matches on one core at %d Hz, nothing lost", s.matches, s.rate), "every run",
			fmt.Sprintf("%d of %d runs", n-worst, n), n > 0, worst == 0}
	}
	few, okFew := b.median(steps[0], cpu)
	many, okMany := b.median(steps[2], cpu)
	quietly := func(f func(quiet) float64) (float64, bool) {
		var all []float64
		for _, q := range b.quiet {
			all = append(all, f(q))
		}
		return middle(all)
	}
	none, okQuiet := quietly(func(q quiet) float64 { return q.none })
	one, _ := quietly(func(q quiet) float64 { return q.one })
	start, _ := quietly(func(q quiet) float64 { return q.start })
	rtt, _ := quietly(func(q quiet) float64 { return q.rtt99 })
	joins, okJoins := b.median(steps[0], func(r result) float64 { return r.joins })
	return []target{
		atMost("CPU for a match-second, 20 Hz, 2 000 matches", steps[1], 130, "%.0f us", cpu),
		atMost("CPU for a match-second, 60 Hz, 3 000 matches", steps[5], 230, "%.0f us", cpu),
		atMost("CPU against the floor, 20 Hz", steps[1], 1.7, "%.2f", result.ratio),
		atMost("CPU against the floor, 60 Hz", steps[5], 1.7, "%.2f", result.ratio),
		{"less CPU than the original", "at least 25 times", fmt.Sprintf("%.0f times", original/max(few, 1)), okFew,
			original/max(few, 1) >= 25},
		held(steps[3]), held(steps[5]),
		{"growth of CPU from 500 to 4 000 matches", "none", fmt.Sprintf("%+.0f %%", 100*(many/max(few, 1)-1)), okFew &&
			okMany, many <= 1.02*few},
		atMost("tick lateness p99, 2 000 matches", steps[1], 1, "%.2f ms", late),
		atMost("tick lateness p99, 4 000 matches", steps[2], 2, "%.2f ms", late),
		atMost("memory a match", steps[1], 64, "%.0f KB", func(r result) float64 { return r.memory / 1024 }),
		{"TLS joins a second", "at least 200", fmt.Sprintf("%.0f (asked for %d)", joins, joinsPerSecond), okJoins,
			joins >= 200},
		{"a server with one match", "under 0.5 % of a core", fmt.Sprintf("%.2f %%", 100*one), okQuiet, one < 0.005},
		{"a server with no match", "under 0.05 % of a core", fmt.Sprintf("%.3f %%", 100*none), okQuiet, none < 0.0005},
		{"JOIN to START p99 (TCP and TLS with it), one pair", "under 20 ms", fmt.Sprintf("%.1f ms", start), okQuiet,
			start < 20},
		{"input to acknowledgement p99, one match, without waits", "under 0.5 ms", fmt.Sprintf("%.2f ms", rtt), okQuiet,
			rtt < 0.5},
	}
}
