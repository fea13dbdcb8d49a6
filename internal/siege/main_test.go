//go:build siege && linux

package siege

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// pongPath is the binary under test.
var pongPath string

func TestMain(m *testing.M) {
	if order := os.Getenv(asAttacker); order != "" {
		runAttacker(order)
		return
	}
	code, err := buildAndRun(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// buildAndRun builds the binary, unless SIEGE_PONG names one, and runs the tests.
func buildAndRun(m *testing.M) (int, error) {
	if pongPath = os.Getenv("SIEGE_PONG"); pongPath == "" {
		dir, err := os.MkdirTemp("", "siege")
		if err != nil {
			return 0, err
		}
		defer os.RemoveAll(dir)
		pongPath = filepath.Join(dir, "pong")
		build := exec.Command("go", "build", "-buildvcs=false", "-tags", "nogui", "-o", pongPath, "pong/cmd/pong")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("build pong: %w\n%s", err, out)
		}
	}
	return m.Run(), nil
}

// long reports whether the long form runs: SIEGE=long.
func long() bool { return os.Getenv("SIEGE") == "long" }

// either returns a value for the short form or for the long one.
func either[T any](short, whenLong T) T {
	if long() {
		return whenLong
	}
	return short
}

// A target is a bound for a figure.
type target struct {
	most  float64
	under bool // less than most, not most itself
	none  bool // no bound
}

func atMost(x float64) target { return target{most: x} }
func under(x float64) target  { return target{most: x, under: true} }

// reportOnly is the target of a figure that is only reported.
var reportOnly = target{none: true}

func (r target) String() string {
	switch {
	case r.none:
		return "report only"
	case r.under:
		return fmt.Sprintf("under %g", r.most)
	}
	return fmt.Sprintf("at most %g", r.most)
}

func (r target) met(x float64) bool { return r.none || x < r.most || !r.under && x == r.most }

// figure prints a figure, and reports whether it meets its target.
func figure(name string, value float64, unit string, r target) bool {
	missed := ""
	if !r.met(value) {
		missed = " MISSED"
	}
	fmt.Printf("figure %s %.4g %s (target %v)%s\n", name, value, unit, r, missed)
	return missed == ""
}

// mustFigure prints a figure that must meet its target on every machine.
func mustFigure(t testing.TB, name string, value float64, unit string, r target) {
	t.Helper()
	if !figure(name, value, unit, r) {
		t.Errorf("%s is %g %s, want %v", name, value, unit, r)
	}
}

func median(all []float64) float64 { return quantile(all, 0.5) }

// quantile returns the value below which a share of all values lies (nearest rank), or 0 if there are none.
func quantile(all []float64, share float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// poll waits until something has happened, and fails if it takes too long.
func poll(t testing.TB, within time.Duration, what string, happened func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
