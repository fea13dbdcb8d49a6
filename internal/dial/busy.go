package dial

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"pong/internal/wire"
)

// busyWithin bounds how long Dial and List try to reach a server that is busy. When a class of forty starts at the same
// moment, a small server needs a few seconds for their handshakes.
const busyWithin = 10 * time.Second

// A ClosedError is returned for a server that closed the connection before its answer, without a line that says why. A
// server that has too many connections does that, and so does a program that is not a Pong server.
type ClosedError struct{ err error }

// Error returns what happened, and what the reason may be.
func (e *ClosedError) Error() string { return e.err.Error() }

// Unwrap returns the error of the connection.
func (e *ClosedError) Unwrap() error { return e.err }

// A Wait is the news that a server is busy and will be dialled again.
type Wait struct {
	Attempt int // the next one; the first attempt to dial is 1
	Err     error
}

// isBusy reports whether an error is that of a busy server, which may have time a moment later.
func isBusy(err error) bool {
	var closed *ClosedError
	return errors.As(err, &closed) || refusedWith(err, wire.CodeBusy)
}

// retryWhileBusy calls f, and again with growing pauses while the server is busy, for busyWithin or cfg.Patience in
// all. It calls cfg.Waiting before each pause. The last error is returned.
func retryWhileBusy(ctx context.Context, cfg Config, f func() error) error {
	within := busyWithin
	if cfg.Patience != 0 {
		within = min(within, cfg.Patience)
	}
	end := time.Now().Add(within)
	for attempt := 1; ; attempt++ {
		err := f()
		pause := backOff(attempt)
		if !isBusy(err) || time.Now().Add(pause).After(end) {
			return err
		}
		if cfg.Waiting != nil {
			cfg.Waiting(Wait{Attempt: attempt + 1, Err: err})
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// backOff returns the pause after an attempt. Each is longer than the one before, and random, so that the clients that
// a server has closed at the same time do not all return at once.
func backOff(attempt int) time.Duration {
	pause := min(firstPause<<min(attempt, 8), longPause)
	return pause/2 + rand.N(pause/2)
}

// askOnce returns an Ask that repeats a yes, so that the person is not asked again at the next attempt.
func askOnce(ask func(context.Context, Question) bool) func(context.Context, Question) bool {
	if ask == nil {
		return nil
	}
	var accepted Question
	return func(ctx context.Context, q Question) bool {
		if q != accepted && ask(ctx, q) {
			accepted = q
		}
		return q == accepted
	}
}
