package admin

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/deny"
	"pong/internal/server"
	"pong/internal/trust"
)

// operating starts a server on loopback that denies the addresses of a file.
func operating(t *testing.T, file string) *server.Monitor {
	t.Helper()
	listener, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	list, err := deny.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	monitor := new(server.Monitor)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, time.Now), Monitor: monitor, Deny: list,
		}, listener, sockets)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	for !monitor.Look(0, 0).Serving {
		if t.Context().Err() != nil {
			t.Fatal("the server does not begin to serve")
		}
	}
	return monitor
}

// post sends an action with a token.
func post(h http.Handler, token, action string, form url.Values) (status int, body string) {
	r := httptest.NewRequest(http.MethodPost, "/actions/"+action, strings.NewReader(form.Encode()))
	r.RemoteAddr, r.Host = near, "127.0.0.1"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestActions_AnswerInSentences(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deny")
	if err := os.WriteFile(file, []byte("192.0.2.0/24\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	monitor := operating(t, file)
	h := Handler(Config{Monitor: monitor, Token: "secret"})
	prefix := func(p string) url.Values { return url.Values{"prefix": {p}} }
	for _, test := range []struct {
		action string
		form   url.Values
		status int
		want   string
	}{
		{"bans", nil, 200, "192.0.2.0/24"},
		{"ban", url.Values{"prefix": {"203.0.113.7"}, "dry": {"1"}}, 200,
			"To ban 203.0.113.7 removes nobody."},
		{"bans", nil, 200, "192.0.2.0/24"},
		{"ban", prefix("::ffff:203.0.113.7"), 200,
			"Banned 203.0.113.7. It has removed nobody, and is written to " + file + "."},
		{"bans", nil, 200, "192.0.2.0/24\n203.0.113.7"},
		{"unban", prefix("203.0.113.7"), 200, "203.0.113.7 is admitted again."},
		{"unban", prefix("203.0.113.7"), 404, "203.0.113.7 is not on the list."},
		{"unban", prefix("192.0.2.7"), 404, "192.0.2.7 is not on the list by itself: 192.0.2.0/24 denies it."},
		{"ban", prefix("192.0.2.7"), 200,
			"Banned 192.0.2.7. It has removed nobody, and is written to " + file + "."},
		{"unban", prefix("192.0.2.7"), 200, "192.0.2.7 is not on the list any more, but 192.0.2.0/24 still denies it."},
		{"ban", prefix("evil.example"), 400, `"evil.example" is no address and no prefix such as 192.0.2.0/24 or ` +
			`2001:db8::/48.`},
		{"unban", nil, 400, `"" is no address and no prefix such as 192.0.2.0/24 or 2001:db8::/48.`},
		{"kick", url.Values{"match": {"m1"}, "player": {"1"}}, 404, `There is no match "m1".`},
		{"kick", url.Values{"match": {"m1"}, "player": {"3"}}, 400, `player "3": must be 1, the left one, or 2.`},
		{"reload", nil, 200, "The deny list has 1 prefixes now. It has removed nobody."},
		{"ban", url.Values{"prefix": {strings.Repeat("x", 1<<16)}}, 400,
			"The form cannot be read: http: request body too large."},
		{"nothing", nil, 404, "404 page not found"},
	} {
		if status, body := post(h, "secret", test.action, test.form); status != test.status || body != test.want {
			t.Errorf("%s %v: got %d %q, want %d %q", test.action, test.form, status, body, test.status, test.want)
		}
	}
	if err := os.WriteFile(file, []byte("nobody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, body := post(h, "secret", "reload", nil); status != 409 || !strings.Contains(body, file+": line 1: ") {
		t.Errorf("reload of a file with an error: got %d %q, want 409 and file and line", status, body)
	}
	if status, body := post(h, "secret", "ban", prefix("198.51.100.1")); status != 500 ||
		!strings.Contains(body, "lasts until the server ends") {
		t.Errorf("ban with a file with an error: got %d %q, want 500 and how long it lasts", status, body)
	}
	if _, banned := monitor.Bans(); len(banned) != 1 || banned[0] != netip.MustParsePrefix("198.51.100.1/32") {
		t.Errorf("banned until the server ends is %v, want 198.51.100.1", banned)
	}
	if status, _ := post(h, "secret", "unban", prefix("198.51.100.1")); status != 500 {
		t.Errorf("unban with a file with an error: got %d, want 500", status)
	}
}

// TestActions_NeedTheTokenInAPost: neither a GET nor a value in the URL does anything.
func TestActions_NeedTheTokenInAPost(t *testing.T) {
	monitor := operating(t, "")
	h := Handler(Config{Monitor: monitor, Token: "secret"})
	form := url.Values{"prefix": {"203.0.113.7"}}
	for _, token := range []string{"", "Secret", "secret2"} {
		if status, _ := post(h, token, "ban", form); status != http.StatusUnauthorized {
			t.Errorf("with the token %q: status %d, want 401", token, status)
		}
	}
	bearer := map[string]string{"Authorization": "Bearer secret"}
	if got := send(h, http.MethodGet, "/actions/ban?prefix=203.0.113.7", near, "127.0.0.1", bearer); got != 405 {
		t.Errorf("GET: status %d, want 405", got)
	}
	if got := send(h, http.MethodPost, "/actions/ban?prefix=203.0.113.7", near, "127.0.0.1", bearer); got != 400 {
		t.Errorf("POST with the prefix in the URL: status %d, want 400", got)
	}
	if _, banned := monitor.Bans(); len(banned) != 0 {
		t.Errorf("%v are banned, want none", banned)
	}
	if status, body := post(h, "secret", "ban", form); status != http.StatusOK ||
		body != "Banned 203.0.113.7. It has removed nobody, and lasts until the server ends." {
		t.Errorf("with the token: got %d %q", status, body)
	}
	if status, body := post(h, "secret", "bans", nil); status != 200 || body != "203.0.113.7 # until the server ends" {
		t.Errorf("bans: got %d %q", status, body)
	}
	if status, body := post(h, "secret", "reload", nil); status != 409 || !strings.Contains(body, "--deny FILE") {
		t.Errorf("reload without a file: got %d %q", status, body)
	}
}

// TestTokenCheck_LimitsWrongTokens: after some of them not even the right one is compared for a while, so that nobody
// can go on guessing; the log has a line in ten seconds.
func TestTokenCheck_LimitsWrongTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := newTokenCheck("secret", slog.New(slog.NewTextHandler(&log, nil)))
		status := func(token string) int {
			r := httptest.NewRequest(http.MethodPost, "/actions/bans", nil)
			r.Header.Set("Authorization", "Bearer "+token)
			return c.status(r)
		}
		for i := range 100 {
			want := http.StatusUnauthorized
			if i >= wrongTokensBurst {
				want = http.StatusTooManyRequests
			}
			if got := status("guess"); got != want {
				t.Fatalf("wrong token %d: status %d, want %d", i+1, got, want)
			}
		}
		if got := status("secret"); got != http.StatusTooManyRequests {
			t.Errorf("the right token after them: status %d, want 429", got)
		}
		time.Sleep(time.Second)
		for range 100 { // right ones are not limited
			if got := status("secret"); got != http.StatusOK {
				t.Fatalf("the right token a second later: status %d, want 200", got)
			}
		}
		if n := strings.Count(log.String(), "wrong token"); n != 1 || strings.Contains(log.String(), "guess") {
			t.Errorf("the log has %d lines about them, want 1 without the token:\n%s", n, &log)
		}
	})
}
