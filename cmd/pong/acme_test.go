package main

import (
	"strings"
	"testing"
)

// TestServe_ACMEFails checks a server that cannot reach its certificate authority: it says so and does not serve.
func TestServe_ACMEFails(t *testing.T) {
	t.Parallel()
	p := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--acme", "pong.example.test", "--acme-directory", "https://127.0.0.1:1/dir", "--acme-port", "0")
	if out := p.end(exitFailed); len(out) != 0 {
		t.Errorf("standard output: got %q, want nothing", out)
	}
	for _, want := range []string{"obtaining the certificate for pong.example.test", "127.0.0.1:1",
		"able to reach this machine at port 443"} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("standard error: got %q, want it to contain %q", p.stderr.String(), want)
		}
	}
}
