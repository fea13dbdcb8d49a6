package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/spf13/cobra"

	"pong/internal/game"
)

// TestServe_StartDefaults checks the default of --start: operator if a person can press Enter, else auto.
func TestServe_StartDefaults(t *testing.T) {
	for _, test := range []struct {
		said        string
		interactive bool
		want        string
	}{
		{"", true, startOperator}, {"", false, startAuto},
		{startAuto, true, startAuto}, {startOperator, false, startOperator},
	} {
		var f serveFlags
		cmd := new(cobra.Command)
		f.add(cmd)
		if err := cmd.ParseFlags([]string{"--start", test.said, "--rules", "classic", "--points", "7"}); err != nil {
			t.Fatal(err)
		}
		rules, err := f.check(cmd, test.interactive)
		if err != nil || f.start != test.want || rules != (game.Rules{Classic: true, Points: 7}) {
			t.Errorf("--start %q, interactive %v: got %q, rules %+v, %v; want %q", test.said, test.interactive, f.start,
				rules, err, test.want)
		}
	}
}

// TestServe_Shards expects a port for each shard, and pairs of players spread over them.
func TestServe_Shards(t *testing.T) {
	s := serve(t, "--shards", "2", "--start", "auto", "--points", "0")
	if s.Shards != 2 {
		t.Errorf("the first line of the log has %d shards, want 2", s.Shards)
	}
	for range 4 {
		start(t, "bot", s.Link)
	}
	var matches []string
	for len(matches) < 2 {
		line := s.line(`"started"`)
		var l struct{ Match string }
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		matches = append(matches, l.Match)
	}
	slices.Sort(matches)
	if want := []string{"m1", "m2-1"}; !slices.Equal(matches, want) {
		t.Errorf("two matches are named %v, want the first of each shard: %v", matches, want)
	}
}

// TestServe_StartOnEnter reads lines of a script that acts as the operator. When it ends, the log says what to do.
func TestServe_StartOnEnter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		begin := startOnEnter(strings.NewReader("\nnow\n"), slog.New(slog.NewTextHandler(&log, nil)))
		for i := range 2 {
			if _, ok := <-begin; !ok {
				t.Fatalf("line %d did not start a match", i+1)
			}
		}
		if _, ok := <-begin; ok {
			t.Error("two lines started matches three times")
		}
		synctest.Wait()
		if !strings.Contains(log.String(), "--start auto") {
			t.Errorf("the end of standard input is logged as %q, want it to say what to do", log.String())
		}
	})
}

func TestServe_ReachableHosts(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "pong.example.org"} {
		if got := reachable(host); !slices.Equal(got, []string{host}) {
			t.Errorf("reachable(%s) = %v, want the host alone", host, got)
		}
	}
	for _, all := range []string{"", "0.0.0.0", "::"} {
		if got := reachable(all); !slices.Contains(got, "127.0.0.1") || slices.Contains(got, all) {
			t.Errorf("reachable(%q) = %v, want the machine's addresses", all, got)
		}
	}
}

// TestServe_PrintsNoSecrets matters because operators show this output to others. It has the join link, but not the
// folder of the keys.
func TestServe_PrintsNoSecrets(t *testing.T) {
	t.Parallel()
	certs := filepath.Join(t.TempDir(), "hidden-place")
	server := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--certs", certs)
	server.line("a match starts when two are connected")
	server.interrupt()
	out := strings.Join(server.end(exitDone), "\n") + server.stderr.String()
	if !strings.Contains(out, "pong play \"pong://127.0.0.1:") {
		t.Errorf("the output lacks the command to join:\n%s", out)
	}
	for _, secret := range []string{"hidden-place", "PRIVATE", ".pem"} {
		if strings.Contains(out, secret) {
			t.Errorf("the output contains %q:\n%s", secret, out)
		}
	}
}
