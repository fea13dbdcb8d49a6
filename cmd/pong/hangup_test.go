package main

import (
	"context"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestHangup checks what a server does for SIGHUP with a terminal, without one, and with one that is closed at once or
// a moment later.
func TestHangup(t *testing.T) {
	const never = time.Hour
	for _, test := range []struct {
		name   string
		had    bool
		closes time.Duration // after the signal
		drains bool
	}{
		{"no terminal", false, never, false},
		{"terminal stays", true, never, false},
		{"terminal is closed", true, 0, true},
		{"terminal is closed a moment later", true, hangupGrace / 2, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			hangups := make(chan os.Signal, 1)
			var sent time.Time
			has := func() bool { return test.had && (sent.IsZero() || time.Since(sent) < test.closes) }
			reloads, drains := 0, 0
			go handleHangups(ctx, hangups, has, func() { reloads++ }, func() { drains++ })
			synctest.Wait()
			sent = time.Now()
			hangups <- syscall.SIGHUP
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if reloads != 1 || (drains == 1) != test.drains || drains > 1 {
				t.Errorf("%s: %d reloads and %d drains, want 1 and drained %v", test.name, reloads, drains, test.drains)
			}
		})
	}
}
