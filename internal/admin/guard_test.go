package admin

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"pong/internal/server"
)

// send sends a request from an address to a handler, with headers.
func send(h http.Handler, method, path, from, host string, headers map[string]string) int {
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr, r.Host = from, host
	for key, value := range headers {
		r.Header.Set(key, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}

const near, far = "127.0.0.1:40000", "192.0.2.9:40000"

// TestGuard_RefusesNamesOfOthers: a page whose name was made to lead to this machine reads nothing.
func TestGuard_RefusesNamesOfOthers(t *testing.T) {
	h := Handler(Config{Monitor: new(server.Monitor), Hosts: []string{"pong.example"}, Profiles: true, Token: "secret"})
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.0.0.1:9555": true, "192.0.2.7:9555": true, "[::1]:9555": true, "[::1]": true,
		"localhost": true, "LocalHost:9555": true, "pong.example": true, "Pong.Example:80": true, "": true,
		"evil.example": false, "evil.example:9555": false, "127.0.0.1.evil.example": false, "localhost.evil": false,
		"xpong.example": false, "pong.example.": false, "127.0.0.1@evil.example": false,
	} {
		for _, path := range []string{"/metrics", "/healthz", "/debug/pprof/goroutine?debug=2", "/", "/nothing"} {
			if got := send(h, http.MethodGet, path, near, host, nil); (got != http.StatusForbidden) != want {
				t.Errorf("GET %s for the host %q: status %d, want it admitted: %v", path, host, got, want)
			}
		}
	}
}

// TestGuard_RefusesOtherOrigins for every method, as a browser names them.
func TestGuard_RefusesOtherOrigins(t *testing.T) {
	h := Handler(Config{Monitor: new(server.Monitor), Profiles: true, Token: "secret"})
	for _, test := range []struct {
		key, value string
		want       bool
	}{
		{"Origin", "http://127.0.0.1:9555", true}, {"Origin", "http://evil.example", false}, {"Origin", "null", false},
		{"Sec-Fetch-Site", "same-origin", true}, {"Sec-Fetch-Site", "none", true},
		{"Sec-Fetch-Site", "cross-site", false}, {"Sec-Fetch-Site", "same-site", false},
	} {
		for method, path := range map[string]string{
			http.MethodGet: "/debug/pprof/heap", http.MethodPost: "/actions/bans", http.MethodHead: "/metrics",
		} {
			got := send(h, method, path, near, "127.0.0.1:9555", map[string]string{test.key: test.value})
			if (got != http.StatusForbidden) != test.want {
				t.Errorf("%s %s with %s %s: status %d, want it admitted: %v", method, path, test.key, test.value, got,
					test.want)
			}
		}
	}
}

// TestGuard_ActionsAndProfilesAreForThisMachine, and profiles and actions are there only if they are wanted.
func TestGuard_ActionsAndProfilesAreForThisMachine(t *testing.T) {
	bearer := map[string]string{"Authorization": "Bearer secret"}
	all := Config{Monitor: new(server.Monitor), Profiles: true, Token: "secret"}
	for _, test := range []struct {
		cfg           Config
		from          string
		profile, bans int
	}{
		{all, near, http.StatusOK, http.StatusOK},
		{all, "[::1]:40000", http.StatusOK, http.StatusOK},
		{all, "[::ffff:127.0.0.1]:40000", http.StatusOK, http.StatusOK},
		{all, far, http.StatusForbidden, http.StatusForbidden},
		{Config{Monitor: all.Monitor}, near, http.StatusNotFound, http.StatusNotFound},
	} {
		h := Handler(test.cfg)
		if got := send(h, http.MethodGet, "/debug/pprof/goroutine", test.from, "127.0.0.1", nil); got != test.profile {
			t.Errorf("a profile for %s with profiles %v: status %d, want %d", test.from, test.cfg.Profiles, got,
				test.profile)
		}
		if got := send(h, http.MethodPost, "/actions/bans", test.from, "127.0.0.1", bearer); got != test.bans {
			t.Errorf("an action for %s with the token %q: status %d, want %d", test.from, test.cfg.Token, got,
				test.bans)
		}
		if got := send(h, http.MethodGet, "/metrics", test.from, "127.0.0.1", nil); got != http.StatusOK {
			t.Errorf("/metrics for %s: status %d, want 200", test.from, got)
		}
	}
}
