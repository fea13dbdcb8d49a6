package main

import (
	"strings"
	"testing"
)

// TestACMEFails: a server whose authority cannot be reached says so, and what it takes, instead of serving without.
func TestACMEFails(t *testing.T) {
	t.Parallel()
	p := start(t, "serve", "--listen", "127.0.0.1", "--control-port", "0", "--game-port", "0",
		"--acme", "pong.example.test", "--acme-directory", "https://127.0.0.1:1/dir", "--acme-port", "0")
	if out := p.end(exitFailed); len(out) != 0 {
		t.Errorf("it prints %q", out)
	}
	for _, want := range []string{"getting the certificate for pong.example.test", "127.0.0.1:1", "must reach this machine at port 443"} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("it says %q, without %q", p.stderr.String(), want)
		}
	}
}
