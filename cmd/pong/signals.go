package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// SIGHUP and SIGPIPE by their numbers, because the package syscall of a browser does not name them.
const (
	sigHangup = syscall.Signal(1)
	sigPipe   = syscall.Signal(13)
)

// interruptContext returns a context that Ctrl-C, SIGTERM and SIGHUP cancel. A second Ctrl-C ends the process at once;
// a second SIGHUP does not, because a terminal that is closed may send several.
func interruptContext() (context.Context, context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	hangup := !signal.Ignored(sigHangup) // nohup ignores it
	if hangup {
		signals = append(signals, sigHangup)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(ctx, func() {
		if hangup {
			signal.Ignore(sigHangup)
		}
		stop()
	})
	return ctx, stop
}

// ignoreBrokenPipes makes writes to a pipe without a reader fail, instead of ending the process.
func ignoreBrokenPipes() { signal.Ignore(sigPipe) }

// onSecondSignal calls now if a signal to end arrives after ctx is done, which was the first one. Stop ends the
// waiting.
func onSecondSignal(ctx context.Context, now func()) (stop func()) {
	again := make(chan os.Signal, 1)
	waiting := context.AfterFunc(ctx, func() {
		signal.Notify(again, os.Interrupt, syscall.SIGTERM)
		if _, ok := <-again; ok {
			now()
		}
	})
	return func() {
		if !waiting() {
			signal.Stop(again)
			close(again)
		}
	}
}
