package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// botLines is the output of a pong bot --json.
type botLines struct {
	results []botResult
	latency float64 // least latency_ms in play: a machine that stalls can only add to it
}

func parseBot(t testing.TB, lines []string) (b botLines) {
	t.Helper()
	var latencies []float64
	for i, text := range lines {
		keys := map[string]any{}
		var line botResult
		if json.Unmarshal([]byte(text), &keys) != nil || json.Unmarshal([]byte(text), &line) != nil {
			t.Fatalf("a line is not JSON: %s", text)
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
			t.Errorf("a line has the keys %v, want %v", got, want)
		}
		if line.LatencyMS > 0 && line.Tick > 60 { // the first second has few samples
			latencies = append(latencies, line.LatencyMS)
		}
	}
	if len(latencies) == 0 {
		t.Fatalf("no line has a latency: %v", lines)
	}
	b.latency = slices.Min(latencies)
	return b
}

// scores returns the results that a bot has seen, the left player first.
func (b botLines) scores() (scores [][2]int) {
	for _, r := range b.results {
		scores = append(scores, r.Score)
	}
	return scores
}

// TestMatch_TwoGamesThroughABadNetwork runs the whole system: a server, a relay that delays, loses, duplicates and
// reorders, two bots, a game and the rematch.
func TestMatch_TwoGamesThroughABadNetwork(t *testing.T) {
	t.Parallel()
	recordings, own := filepath.Join(t.TempDir(), "recordings"), filepath.Join(t.TempDir(), "own")
	server := serve(t, "--start", "auto", "--points", "1", "--replays", recordings)
	network, host := relay(t, server, "--delay", "50ms", "--jitter", "10ms", "--loss", "5%", "--duplicate", "2%",
		"--reorder", "2%")
	join := func(more ...string) *process {
		return start(t, append([]string{"bot", server.address(host), "--trust", server.Fingerprint, "--level", "easy",
			"--matches", "2", "--json"}, more...)...)
	}
	one, two := join(), join("--record", own)
	bots := []botLines{parseBot(t, one.end(exitDone)), parseBot(t, two.end(exitDone))}
	network.interrupt()
	network.end(exitDone)
	server.interrupt()

	var scores [][2]int
	for _, l := range parseLog(t, server.end(exitDone)) {
		switch {
		case l.Msg == "game over":
			scores = append(scores, [2]int{l.Score1, l.Score2})
		case len(scores) < 2 && (l.Msg == "player not responding, match paused" || l.Msg == "player removed"):
			t.Errorf("a player was lost before both games had ended: %+v", l)
		}
	}
	if len(scores) != 2 {
		t.Fatalf("the server logged %d results, want 2", len(scores))
	}
	checkRecordings(t, filepath.Join(recordings, "*"), scores)
	checkRecordings(t, own+"*", scores)
	for _, b := range bots {
		if !slices.Equal(b.scores(), scores) {
			t.Errorf("a bot reported the scores %v, want those of the server, %v", b.scores(), scores)
		}
		if b.latency < 85 || b.latency > 140 {
			t.Errorf("latency_ms is %.1f, want about 100: the network takes 50 ms each way", b.latency)
		}
		t.Logf("scores %v, latency_ms %.1f", b.scores(), b.latency)
	}
	if a, b := bots[0].results[1], bots[1].results[1]; a.Result == b.Result || a.Player == b.Player ||
		a.Match != b.Match {
		t.Errorf("the two players' results contradict each other: %+v and %+v", a, b)
	}
}

// checkRecordings checks that there is a recording of each game, and what pong replay says of it.
func checkRecordings(t testing.TB, pattern string, scores [][2]int) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) != len(scores) {
		t.Errorf("recordings %v (%v), want one for each of %d games", files, err, len(scores))
		return
	}
	slices.SortFunc(files, func(a, b string) int { return len(a) - len(b) }) // own-2 follows own
	for i, file := range files {
		lines := start(t, "replay", file, "--verify").end(exitDone)
		want := fmt.Sprintf("bot %d : %d bot", scores[i][0], scores[i][1])
		if lines[0] != want || lines[len(lines)-1] != "all checks are right" {
			t.Errorf("pong replay %s --verify prints %q, want %q and that all checks are right", file, lines, want)
		}
	}
}

// TestMatch_Via sends one player's game traffic another way than its control connection. The server runs as a service
// would: without a terminal, and without --start.
func TestMatch_Via(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "1")
	_, host := relay(t, server, "--delay", "40ms")
	far := start(t, "bot", server.Link, "--level", "easy", "--json", "--via",
		net.JoinHostPort(host, strconv.Itoa(server.GamePort)))
	near := start(t, "bot", server.Link, "--level", "easy", "--json")
	if b := parseBot(t, far.end(exitDone)); b.latency < 75 || b.latency > 120 {
		t.Errorf("latency_ms is %.1f through the relay, want about 80: it takes 40 ms each way", b.latency)
	}
	if b := parseBot(t, near.end(exitDone)); b.latency > 30 {
		t.Errorf("latency_ms is %.1f for the direct player, want at most 30", b.latency)
	}
}

// TestRoot_Headless is a new user's first minute on a machine without a screen. Seed 4 makes a short rally.
func TestRoot_Headless(t *testing.T) {
	t.Parallel()
	playsToItsEnd(t, start(t, "--headless", "--points", "1", "--seed", "4"))
}

// playsToItsEnd waits for the end of a match between two bots.
func playsToItsEnd(t *testing.T, p *process) {
	t.Helper()
	out := strings.Join(p.end(exitDone), "\n")
	for _, want := range []string{"link pong://127.0.0.1:", "score ", " wins "} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
}

// TestWatch_ListsPublicMatches lists no match at first and then one; the match in a room is not listed.
func TestWatch_ListsPublicMatches(t *testing.T) {
	t.Parallel()
	server := serve(t)
	list := func() string {
		return strings.Join(start(t, "watch", "--list", server.Link).end(exitDone), "\n")
	}
	if got := list(); got != "No match is being played." {
		t.Errorf("before any match: got %q", got)
	}
	for _, args := range [][]string{{"--name", "ann"}, {"--name", "ben"}, {"--name", "eve", "--room", "Oak-7"},
		{"--name", "joe", "--room", "oak-7"}} {
		start(t, append([]string{"bot", server.Link, "--matches", "0"}, args...)...)
		if args[1] == "ben" || args[1] == "joe" {
			server.line(`"started"`)
		}
	}
	got := list()
	for end := time.Now().Add(patience); strings.HasPrefix(got, "No match") && time.Now().Before(end); {
		got = list() // the list may be a second old
	}
	if strings.Count(got, "\n") != 0 || !strings.Contains(got, " : ") ||
		!strings.Contains(got, "ann") && !strings.Contains(got, "ben") || strings.Contains(got, "eve") {
		t.Errorf("with a public match and one in a room: got %q, want the public one alone", got)
	}
}
