package main

import (
	"context"
	"os"
	"os/signal"
	"time"

	"pong/internal/crash"
)

// A terminalCheck reports whether the process has a terminal.
type terminalCheck func() bool

// hangupGrace is how long after a SIGHUP a terminal is checked once more. A program that closes a terminal may send the
// signal before it does so.
const hangupGrace = time.Second

// onHangup handles SIGHUP for a server until ctx is done: it calls reload, and drain if the process had a terminal and
// has lost it. It takes SIGHUP away from the context of interruptContext. If SIGHUP is ignored, as with nohup, nothing
// changes.
func onHangup(ctx context.Context, hasTerminal terminalCheck, reload, drain func()) {
	if signal.Ignored(sigHangup) {
		return
	}
	signal.Ignore(sigHangup) // removes it from the context
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, sigHangup)
	go crash.Guarded(func() {
		defer signal.Stop(hangups)
		handleHangups(ctx, hangups, hasTerminal, reload, drain)
	})()
}

// handleHangups handles the signals of a channel until ctx is done.
func handleHangups(ctx context.Context, hangups <-chan os.Signal, hasTerminal terminalCheck, reload, drain func()) {
	had := hasTerminal()
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangups:
			reload()
			again = time.After(hangupGrace)
		case <-again:
		}
		if had && !hasTerminal() {
			drain()
			return
		}
	}
}
