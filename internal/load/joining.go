package load

import (
	"context"
	"errors"
	"sync"
	"time"

	"pong/internal/wire"
)

// A joinResult is the outcome of a join.
type joinResult struct {
	joinedPlayer
	err     error
	retries int
	last    bool // no more results follow
}

// joinOne joins player i. If the server is full or busy, it tries again after growing pauses.
func (r *run) joinOne(ctx context.Context, i int) (o joinResult) {
	for wait := firstRetry; ; wait *= 2 {
		var no *refusedError
		o.joinedPlayer, o.err = r.dialer.join(ctx, i)
		if o.err == nil {
			return o
		}
		o.joinedPlayer = joinedPlayer{}
		if !errors.As(o.err, &no) || no.code != wire.CodeFull || wait > lastRetry {
			return o
		}
		o.retries++
		select {
		case <-ctx.Done():
			return o
		case <-time.After(wait):
		}
	}
}

// joinAll joins all players but the first, a few at a time.
func (r *run) joinAll(ctx context.Context) {
	turns := make(chan int)
	var group sync.WaitGroup
	for range joiners {
		group.Go(func() {
			for i := range turns {
				r.joinResults <- r.joinOne(ctx, i)
			}
		})
	}
	start, n := time.Now(), 2*r.cfg.Matches
	for i := 1; i < n && ctx.Err() == nil; i++ {
		wait := time.NewTimer(time.Until(start.Add(r.cfg.Ramp * time.Duration(i) / time.Duration(n))))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			continue
		}
		select {
		case turns <- i:
		case <-ctx.Done():
		}
	}
	close(turns)
	group.Wait()
	r.joinResults <- joinResult{last: true}
}

// handleJoin handles the result of a join.
func (r *run) handleJoin(o joinResult) {
	if o.last {
		r.report.Join.Seconds = time.Since(r.epoch).Seconds()
		if r.stage == joining {
			r.enter(starting)
		}
		return
	}
	r.report.Join.Retries += o.retries
	if o.err == nil {
		o.err = r.admit(o.joinedPlayer)
	}
	if errors.Is(o.err, context.Canceled) {
		return // joining was stopped
	}
	if o.err == nil {
		r.failedInARow = 0
		return
	}
	r.report.Join.Failed[failureReason(o.err)]++
	r.failedInARow++
}
