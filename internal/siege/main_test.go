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

// pongPath is the binary under siege.
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

// besiege builds the binary, unless SIEGE_PONG names one, and runs the tests.
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

// either returns what the short form takes, or the long one.
func either[T any](short, whenLong T) T {
	if long() {
		return whenLong
	}
	return short
}

// A reach is a bound that a figure should keep.
type target struct {
	most  float64
	under bool // less than most, not most itself
	none  bool // there is no bound
}

func atMost(x float64) target { return target{most: x} }
func under(x float64) target  { return target{most: x, under: true} }

// told is the reach of a figure that is only told.
var reportOnly = target{none: true}

func (r target) String() string {
	switch {
	case r.none:
		return "told only"
	case r.under:
		return fmt.Sprintf("under %g", r.most)
	}
	return fmt.Sprintf("at most %g", r.most)
}

func (r target) met(x float64) bool { return r.none || x < r.most || !r.under && x == r.most }

// figure prints a figure. It reports whether it is within reach.
func figure(name string, value float64, unit string, r target) bool {
	missed := ""
	if !r.met(value) {
		missed = " MISSED"
	}
	fmt.Printf("figure %s %.4g %s (reach %v)%s\n", name, value, unit, r, missed)
	return missed == ""
}

// mustFigure is figure for what must hold on any machine.
func mustFigure(t testing.TB, name string, value float64, unit string, r target) {
	t.Helper()
	if !figure(name, value, unit, r) {
		t.Errorf("%s is %g %s, must be %v", name, value, unit, r)
	}
}

func median(all []float64) float64 { return quantile(all, 0.5) }

// quantile returns the value below which a share of all lies (nearest rank), 0 of none.
func quantile(all []float64, share float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// poll asks until something has happened, and fails if it does not in time.
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
