package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// interruptContext returns a context that Ctrl-C and SIGTERM cancel. A second Ctrl-C ends the process at once.
func interruptContext() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

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
