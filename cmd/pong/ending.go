package main

import (
	"context"
	"time"

	"pong/internal/crash"
)

// endingGrace is how long points in play may go on after the system has announced the end of the process. Windows waits
// for about 5 s. A server needs a second at most until all clients have their last line, and another one for its log.
const endingGrace = 2500 * time.Millisecond

// onEnding calls drain and then stop, see handleEnding, when the system announces that it will end this process. The
// caller calls ended when it is done.
func onEnding(drain, stop func()) (ended func()) {
	ctx, cancel := context.WithCancel(context.Background())
	announced := make(chan struct{}, 1)
	go crash.Guarded(func() { handleEnding(ctx, announced, drain, stop) })()
	announceEnding(ctx, func() {
		select {
		case announced <- struct{}{}:
		default: // it has been announced before
		}
	})
	return cancel
}

// handleEnding calls drain when an announcement arrives, and stop after endingGrace, until ctx is done.
func handleEnding(ctx context.Context, announced <-chan struct{}, drain, stop func()) {
	select {
	case <-ctx.Done():
		return
	case <-announced:
	}
	drain()
	select {
	case <-ctx.Done():
	case <-time.After(endingGrace):
		stop()
	}
}
