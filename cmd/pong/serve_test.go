package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"pong/internal/game"
)

// TestWhoStarts: a person at a terminal does, and elsewhere the server itself, unless it is said.
func TestWhoStarts(t *testing.T) {
	for _, test := range []struct {
		said        string
		interactive bool
		want        string
	}{
		{"", true, startOperator}, {"", false, startAuto},
		{startAuto, true, startAuto}, {startOperator, false, startOperator},
	} {
		f := serveFlags{shards: 1, start: test.said, rules: "classic", points: 7, certs: "certs", log: "text", stateRate: 20}
		rules, err := f.check(newServe(), test.interactive)
		if err != nil || f.start != test.want || rules != (game.Rules{Classic: true, Points: 7}) {
			t.Errorf("--start %q, attended %v: start %q, rules %+v, %v; want %q", test.said, test.interactive, f.start, rules, err, test.want)
		}
	}
}

// TestShards: each has a port, and pairs of players are spread over them.
func TestShards(t *testing.T) {
	s := serve(t, "--shards", "2", "--start", "auto", "--points", "0")
	if s.Shards != 2 {
		t.Errorf("the first line of the log tells of %d shards, want 2", s.Shards)
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
		t.Errorf("two matches are %v, want the first of each shard: %v", matches, want)
	}
}

// TestEnters: a script may play the operator; when it has ended, the log says that nobody starts any more.
func TestEnters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		begin := startOnEnter(strings.NewReader("\nnow\n"), slog.New(slog.NewTextHandler(&log, nil)))
		for i := range 2 {
			if _, ok := <-begin; !ok {
				t.Fatalf("line %d is no word to begin", i+1)
			}
		}
		if _, ok := <-begin; ok {
			t.Error("two lines are three words to begin")
		}
		synctest.Wait()
		if !strings.Contains(log.String(), "--start auto") {
			t.Errorf("the end of standard input is logged as %q, without what to do", log.String())
		}
	})
}

func TestReachable(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1", "pong.example.org"} {
		if got := reachable(host); !slices.Equal(got, []string{host}) {
			t.Errorf("a server that listens on %s is reached at %v", host, got)
		}
	}
	for _, all := range []string{"", "0.0.0.0", "::"} {
		if got := reachable(all); !slices.Contains(got, "127.0.0.1") || slices.Contains(got, all) {
			t.Errorf("a server that listens on %q is reached at %v", all, got)
		}
	}
	if got := certificateNames("pong.example.org"); !slices.Contains(got, "pong.example.org") || !slices.Contains(got, "127.0.0.1") {
		t.Errorf("the certificate is made out to %v", got)
	}
}

// TestServeKeepsItsSecrets: what a server prints can be shown to anybody; the join link is there, the folder of its
// keys is not.
func TestServeKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	certs := filepath.Join(t.TempDir(), "hidden-place")
	server := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0", "--certs", certs)
	server.line("a match starts when two are connected")
	server.signal(syscall.SIGTERM)
	out := strings.Join(server.end(exitDone), "\n") + server.stderr.String()
	if !strings.Contains(out, "pong play 'pong://127.0.0.1:") {
		t.Errorf("the server does not say how to join it:\n%s", out)
	}
	for _, secret := range []string{"hidden-place", "PRIVATE", ".pem"} {
		if strings.Contains(out, secret) {
			t.Errorf("the server prints %q:\n%s", secret, out)
		}
	}
}
