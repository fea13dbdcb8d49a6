package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pong/internal/trust"
)

// An operated is a pong serve with an admin address, and what its log says of that.
type operated struct {
	*servingProcess
	Metrics, Token string
}

func operate(t *testing.T, args ...string) *operated {
	t.Helper()
	s := &operated{servingProcess: serve(t, append([]string{"--admin", "127.0.0.1:0"}, args...)...)}
	if err := json.Unmarshal([]byte(s.line(`"admin"`)), s); err != nil || s.Metrics == "" || s.Token == "" {
		t.Fatalf("the log has the metrics %q and the token %q (%v), want both", s.Metrics, s.Token, err)
	}
	return s
}

// admin runs pong admin, and returns what it prints.
func (s *operated) admin(t *testing.T, code int, args ...string) string {
	t.Helper()
	at, err := url.Parse(s.Metrics)
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, append([]string{"admin", "--admin", at.Host, "--token", s.Token}, args...)...)
	return strings.Join(p.end(code), "\n") + p.stderr.String()
}

// TestAdmin_OperatesAServer kicks a bot, bans the address of another one, and admits it again.
func TestAdmin_OperatesAServer(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(list, []byte("# nobody yet\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := operate(t, "--start", "auto", "--deny", list)
	want := func(got, text string) {
		t.Helper()
		if !strings.Contains(got, text) {
			t.Errorf("it printed %q, want %q", got, text)
		}
	}
	bot := start(t, "bot", s.Link, "--matches", "0")
	s.line(`"online"`)
	want(s.admin(t, exitFailed, "kick", "m1", "2"), "There is no player 2 at match m1.")
	want(s.admin(t, exitDone, "kick", "m1", "1"), "from match m1. A kicked player can join again.")
	refuses(t, bot, exitFailed, "The operator of this server has removed you. You can join again.")

	bot = start(t, "bot", s.Link, "--matches", "0")
	s.line(`"online"`)
	want(s.admin(t, exitUsage, "ban", "127.0.0.1"), "--yes")
	want(s.admin(t, exitDone, "ban", "--yes", "127.0.0.1"), "Banned 127.0.0.1. It has removed 1 player, and "+
		"is written to "+list+".")
	refuses(t, bot, exitFailed, "The operator of this server does not admit your address.")
	want(s.admin(t, exitDone, "bans"), "127.0.0.1")
	want(s.admin(t, exitDone, "unban", "127.0.0.1"), "127.0.0.1 is admitted again.")
	want(s.admin(t, exitDone, "reload"), "The deny list has 0 prefixes now")
	start(t, "bot", s.Link)
	s.line(`"online"`)
}

// TestAdmin_Errors say what to do. The token goes nowhere but to this machine.
func TestAdmin_Errors(t *testing.T) {
	t.Parallel()
	token := filepath.Join(t.TempDir(), "token")
	if err := trust.CreateSecret(token, []byte(strings.Repeat("x", 40))); err != nil {
		t.Fatal(err)
	}
	s := operate(t)
	other := &operated{Metrics: s.Metrics, Token: token}
	if got := other.admin(t, exitFailed, "bans"); !strings.Contains(got, "needs the token") {
		t.Errorf("with another token it printed %q", got)
	}
	missing := &operated{Metrics: s.Metrics, Token: token + "s"}
	if got := missing.admin(t, exitFailed, "bans"); !strings.Contains(got, "--token") {
		t.Errorf("without a token it printed %q", got)
	}
	refuses(t, start(t, "admin", "bans", "--admin", "192.0.2.1:9555", "--token", token), exitFailed, "of this machine")
	refuses(t, start(t, "admin", "bans", "--admin", "127.0.0.1:1", "--token", token), exitFailed, "no server answers",
		"--admin")
	refuses(t, start(t, "admin", "kick", "m1"), exitUsage, "pong admin kick MATCH PLAYER")
	refuses(t, start(t, "serve", "--pprof"), exitUsage, "--pprof needs --admin")
}
