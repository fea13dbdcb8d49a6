package main

import (
	"encoding/json"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// botLines are the lines of a pong bot --json.
type botLines struct {
	results []botResult
	latency float64 // the least latency_ms while playing: a machine that stands still only adds to it
}

func parseBot(t testing.TB, lines []string) (b botLines) {
	t.Helper()
	var latencies []float64
	for i, text := range lines {
		keys := map[string]any{}
		var line botResult
		if json.Unmarshal([]byte(text), &keys) != nil || json.Unmarshal([]byte(text), &line) != nil {
			t.Fatalf("not a line of JSON: %s", text)
		}
		want := []string{"corrections", "jitter_ms", "latency_ms", "lead_ticks", "loss", "score", "tick"}
		if line.Result != "" {
			b.results = append(b.results, line)
			want = append(want, "match", "player", "result")
			slices.Sort(want)
		} else if i == len(lines)-1 {
			t.Errorf("the last line has no result: %s", text)
		}
		if got := slices.Sorted(maps.Keys(keys)); !slices.Equal(got, want) {
			t.Errorf("a line has the keys %v, not %v", got, want)
		}
		if line.LatencyMS > 0 && line.Tick > 60 { // the first second still has few samples
			latencies = append(latencies, line.LatencyMS)
		}
	}
	if len(latencies) == 0 {
		t.Fatalf("no latency was ever shown: %v", lines)
	}
	b.latency = slices.Min(latencies)
	return b
}

// scores are the results of matches as a bot has seen them, left player first.
func (b botLines) scores() (scores [][2]int) {
	for _, r := range b.results {
		scores = append(scores, r.Score)
	}
	return scores
}

// TestTwoMatchesThroughABadNetwork plays the whole system: a server, a relay that delays, loses, doubles and reorders,
// two bots, a match and the rematch.
func TestTwoMatchesThroughABadNetwork(t *testing.T) {
	t.Parallel()
	server := serve(t, "--start", "auto", "--points", "1")
	network, host := relay(t, server, "--delay", "50ms", "--jitter", "10ms", "--loss", "5%", "--duplicate", "2%", "--reorder", "2%")
	join := func() *process {
		return start(t, "bot", server.address(host), "--trust", server.Fingerprint, "--level", "easy", "--matches", "2", "--json")
	}
	one, two := join(), join()
	bots := []botLines{parseBot(t, one.end(exitDone)), parseBot(t, two.end(exitDone))}
	network.signal(syscall.SIGINT)
	network.end(exitDone)
	server.signal(syscall.SIGINT)

	var scores [][2]int
	for _, l := range parseLog(t, server.end(exitDone)) {
		switch {
		case l.Msg == "game over":
			scores = append(scores, [2]int{l.Score1, l.Score2})
		case len(scores) < 2 && (l.Msg == "player not responding, match paused" || l.Msg == "player removed"):
			t.Errorf("a player was lost before both matches had ended: %+v", l)
		}
	}
	if len(scores) != 2 {
		t.Fatalf("the server logged %d results, not 2", len(scores))
	}
	for _, b := range bots {
		if !slices.Equal(b.scores(), scores) {
			t.Errorf("a bot reports the scores %v, the server %v", b.scores(), scores)
		}
		if b.latency < 85 || b.latency > 140 {
			t.Errorf("latency_ms is %.1f, but the network takes 50 ms each way", b.latency)
		}
		t.Logf("scores %v, latency_ms %.1f", b.scores(), b.latency)
	}
	if a, b := bots[0].results[1], bots[1].results[1]; a.Result == b.Result || a.Player == b.Player || a.Match != b.Match {
		t.Errorf("the two sides of a match say %+v and %+v", a, b)
	}
}

// TestVia sends one player's game traffic another way than its control channel, to a server that runs as a service: with
// no terminal, and not told who starts.
func TestVia(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "1")
	_, host := relay(t, server, "--delay", "40ms")
	far := start(t, "bot", server.Link, "--level", "easy", "--json", "--via", net.JoinHostPort(host, strconv.Itoa(server.GamePort)))
	near := start(t, "bot", server.Link, "--level", "easy", "--json")
	if b := parseBot(t, far.end(exitDone)); b.latency < 75 || b.latency > 120 {
		t.Errorf("latency_ms is %.1f over the way with 40 ms in each direction", b.latency)
	}
	if b := parseBot(t, near.end(exitDone)); b.latency > 30 {
		t.Errorf("latency_ms is %.1f for the player who goes straight to the server", b.latency)
	}
}

// TestHeadless is the stranger's first minute on a machine without a screen. Seed 4 makes a short rally.
func TestHeadless(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--headless", "--points", "1", "--seed", "4"}, {"--points", "1", "--seed", "4"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			out := strings.Join(start(t, args...).end(exitDone), "\n")
			for _, want := range []string{"link pong://127.0.0.1:", "score ", " wins "} {
				if !strings.Contains(out, want) {
					t.Errorf("there is no %q in the output:\n%s", want, out)
				}
			}
		})
	}
}

// TestListOfMatches prints what is being played, first nothing and then a match; a room is nobody's business.
func TestListOfMatches(t *testing.T) {
	t.Parallel()
	server := serve(t)
	list := func() string {
		return strings.Join(start(t, "watch", "--list", server.Link).end(exitDone), "\n")
	}
	if got := list(); got != "No match is being played." {
		t.Errorf("before anybody plays: %q", got)
	}
	for _, args := range [][]string{{"--name", "ann"}, {"--name", "ben"}, {"--name", "eve", "--room", "Oak-7"}, {"--name", "joe", "--room", "oak-7"}} {
		start(t, append([]string{"bot", server.Link, "--matches", "0"}, args...)...)
		if args[1] == "ben" || args[1] == "joe" {
			server.line(`"started"`)
		}
	}
	got := list()
	for end := time.Now().Add(patience); strings.HasPrefix(got, "No match") && time.Now().Before(end); {
		got = list() // an answer may be a second old
	}
	if strings.Count(got, "\n") != 0 || !strings.Contains(got, " : ") ||
		!strings.Contains(got, "ann") && !strings.Contains(got, "ben") || strings.Contains(got, "eve") {
		t.Errorf("while two matches are played, one of them in a room: %q", got)
	}
}
