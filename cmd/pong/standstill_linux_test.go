package main

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test of this file needs Linux: SIGSTOP stops a process, and the pauses between its calls are measured there.

// TestServe_StandsStill stops a server's process for some seconds in a match, and continues it. The two bots play on
// after a countdown, and no point is given away.
func TestServe_StandsStill(t *testing.T) {
	t.Parallel()
	server := serve(t, "--start", "auto", "--points", "0")
	one := start(t, "bot", server.Link, "--level", "easy", "--matches", "0", "--json")
	start(t, "bot", server.Link, "--level", "easy", "--matches", "0")
	tick := func() uint32 { // of the bot's next line, of which there is one a second
		var line botResult
		if err := json.Unmarshal([]byte(one.line("latency_ms")), &line); err != nil {
			t.Fatal(err)
		}
		return line.Tick
	}
	for tick() < 300 { // the ball flies
	}
	server.signal(syscall.SIGSTOP)
	for last, same := tick(), 0; same < 3; { // it is predicted for some seconds
		next := tick()
		if same++; next != last {
			last, same = next, 0
		}
	}
	server.signal(syscall.SIGCONT)

	stood := logTime(t, server.line("this server stood still"))
	server.line(`"status"`) // every 10 s
	for _, line := range server.seen {
		if strings.Contains(line, "player removed") {
			t.Errorf("a player has lost the seat: %s", line)
		}
		gap := logTime(t, line).Sub(stood)
		if strings.Contains(line, `"score"`) && gap > 0 && gap < 1500*time.Millisecond {
			t.Errorf("a point %v after the server went on, want the 2 s of a countdown before: %s", gap, line)
		}
	}
}

// logTime returns the time of a line of a server's log.
func logTime(t testing.TB, line string) time.Time {
	t.Helper()
	var l struct{ Time time.Time }
	if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time.IsZero() {
		t.Fatalf("a line of the log has no time: %s", line)
	}
	return l.Time
}
