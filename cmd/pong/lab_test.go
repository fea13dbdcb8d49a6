package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/lab"
)

// runLab runs a command line of pong lab.
func runLab(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	var stdout bytes.Buffer
	root := newRoot()
	root.SetOut(&stdout)
	root.SetErr(&stdout)
	root.SetArgs(append([]string{"lab"}, args...))
	err = root.ExecuteContext(t.Context())
	return stdout.String(), err
}

// TestLab_WritesTableFiguresAndTrace runs twice: a table, the figures as JSON, a page, and the same trace both times.
func TestLab_WritesTableFiguresAndTrace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	figures := filepath.Join(dir, "lab.json")
	var traces [2][]byte
	for i := range traces {
		path := filepath.Join(dir, "trace")
		page := filepath.Join(dir, "lab.html")
		out, err := runLab(t, "--html", page, "--profiles", "L1", "--views", "filter", "--baseline", "--seeds", "1",
			"--minutes", "0.2",
			"--json", figures, "--trace", path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"\nfilter\n", "\noriginal\n", "key to screen"} {
			if !strings.Contains(out, want) {
				t.Errorf("the output lacks %q:\n%s", want, out)
			}
		}
		if html, err := os.ReadFile(page); err != nil || !bytes.Contains(html, []byte("</html>")) {
			t.Errorf("the page is incomplete: %d bytes, %v", len(html), err)
		}
		if traces[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	if len(traces[0]) < 10000 || !bytes.Equal(traces[0], traces[1]) {
		t.Errorf("two runs wrote traces of %d and %d bytes that differ or are short", len(traces[0]), len(traces[1]))
	}
	data, err := os.ReadFile(figures)
	if err != nil {
		t.Fatal(err)
	}
	var result lab.Result
	if err := json.Unmarshal(data, &result); err != nil || result.Seeds != 1 || len(result.Rows) < 20 {
		t.Errorf("the JSON has %d figures of %d seeds, %v", len(result.Rows), result.Seeds, err)
	}
}

// TestLab_CheckNamesMissedTargets expects a failure for the view filter, which alone must meet the targets.
func TestLab_CheckNamesMissedTargets(t *testing.T) {
	t.Parallel()
	result := lab.Result{Rows: []lab.Row{
		{Profile: "L0", View: "filter", Measure: "ball_jumps", Mean: 3, Worst: 4, WorstSeed: 2, Target: most(0.5)},
		{Profile: "L0", View: "filter", Measure: "verdicts", Mean: 0.5, Target: most(0.5)},
		{Profile: "L0", View: "original", Measure: "ball_jumps", Mean: 1000, Target: most(0.5)},
	}}
	err := labVerdict(result, nil)
	if err == nil || !strings.Contains(err.Error(), "L0: ball_jumps is 3, want <= 0.5 (worst 4, seed 2)") ||
		strings.Contains(err.Error(), "verdicts") || strings.Contains(err.Error(), "1000") {
		t.Errorf("verdict: got %v, want the missed target of the view filter alone", err)
	}
	if err := labVerdict(lab.Result{Rows: result.Rows[1:]}, nil); err != nil {
		t.Errorf("verdict without missed targets: got %v, want none", err)
	}
}

func most(x float64) *lab.Target { return &lab.Target{Most: &x} }

func TestLab_InvalidFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--profiles", "L77"}, {"--views", "nice"}, {"--loss-model", "none"}, {"--seeds", "0"}, {"--seed", "0"},
		{"--minutes", "0"}, {"--minutes", "nan"}, {"--minutes", "1e9"}, {"L4"},
	} {
		_, err := runLab(t, args...)
		var misuse *usageError
		if !errors.As(err, &misuse) {
			t.Errorf("pong lab %s: got error %v, want a usage error", strings.Join(args, " "), err)
		}
	}
}

// TestLab_AllowsForKnownMisses reads a file of them, and one that is wrong.
func TestLab_AllowsForKnownMisses(t *testing.T) {
	t.Parallel()
	result := lab.Result{Rows: []lab.Row{
		{Profile: "L0", View: "filter", Measure: "ball_jumps", Mean: 3, Seeds: []float64{2, 4}, Target: most(0.5)},
	}}
	for text, want := range map[string]string{
		"L0: ball_jumps 2.9": "",
		"# none":             "",
		"L0: ball_jump 2.9":  "no figure L0: ball_jump was measured",
		"L0: ball_jumps":     "line 1",
	} {
		path := filepath.Join(t.TempDir(), "known")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		known, err := (&labFlags{known: path}).readKnown()
		if err == nil {
			err = labVerdict(result, known)
		}
		if err == nil && want != "" || err != nil && (want == "" || !strings.Contains(err.Error(), want)) {
			t.Errorf("known misses %q: got %v, want an error with %q", text, err, want)
		}
	}
	if _, err := (&labFlags{known: filepath.Join(t.TempDir(), "none")}).readKnown(); err == nil {
		t.Error("without the file: got no error")
	}
}
