//go:build wine && linux

package wine

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestWine_Headless plays a match of two bots to its end.
func TestWine_Headless(t *testing.T) {
	began := time.Now()
	p := run(t, pong(t, "--headless", "--points", "1"))
	p.end(0)
	figure("wine_headless", time.Since(began).Seconds(), "s")
	for _, want := range []string{"link pong://", "wins"} {
		if len(p.with(want)) != 1 {
			t.Errorf("printed\n%s\nwant one line with %q", strings.Join(p.all(), "\n"), want)
		}
	}
}

// A botLine is a line of pong bot --json.
type botLine struct {
	Tick  int
	Score []int
}

// last returns the last line of a bot.
func last(t *testing.T, bot *program) (l botLine) {
	t.Helper()
	lines := bot.with("{")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &l); err != nil {
		t.Fatalf("%s printed %s: %v", bot.what(), lines[len(lines)-1], err)
	}
	return l
}

// TestWine_KilledBotComesBackToItsSeat plays a match of two bots on a server, kills one, and starts it again with the
// same command. It gets its seat back and the match goes on. Ctrl-C ends the server.
func TestWine_KilledBotComesBackToItsSeat(t *testing.T) {
	s := serve(t)
	ada := run(t, pong(t, "bot", s.Link, "--name", "ada", "--matches", "0", "--json"))
	s.wait(`"joined"`)
	bob := run(t, pong(t, "bot", s.Link, "--name", "bob", "--matches", "0", "--json"))
	s.wait(`"started"`)
	eventually(t, "both bots play", func() bool {
		return len(ada.with("{")) > 2 && len(bob.with("{")) > 2 && last(t, ada).Tick > 60 && last(t, bob).Tick > 60
	})

	bob.kill()
	s.wait("player not responding")
	before := last(t, ada).Tick
	began := time.Now()
	bob = run(t, pong(t, "bot", s.Link, "--name", "bob", "--matches", "0", "--json"))
	s.wait("player responding again")
	figure("wine_back_after_kill", time.Since(began).Seconds(), "s")
	eventually(t, "the match goes on for both bots", func() bool {
		return len(bob.with("{")) > 2 && last(t, bob).Tick > before+60 && last(t, ada).Tick > before+60
	})
	if started := s.with(`"started"`); len(started) != 1 {
		t.Errorf("%d matches have started, want 1:\n%s", len(started), strings.Join(started, "\n"))
	}

	for _, p := range []*program{ada, bob, s.program} {
		p.interrupt()
		p.end(0)
	}
	s.wait(`"stopped"`)
}
