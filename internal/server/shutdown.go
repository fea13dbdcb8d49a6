package server

import (
	"context"
	"log/slog"
	"time"

	"pong/internal/shard"
)

// drainCheck is how often a server that drains checks whether it is done.
const drainCheck = 50 * time.Millisecond

// drain waits for Config.Drain, and closes drained when no shard has a point in play any more.
func (s *server) drain(ctx context.Context, drained chan<- struct{}) {
	select {
	case <-ctx.Done():
		return
	case <-s.cfg.Drain:
	}
	if s.cluster != nil {
		s.yield(ctx)
		close(drained)
		return
	}
	s.log.Info("shutting down: nobody can join any more, points in play are finished",
		slog.String("within", shard.DrainWithin.String()))
	s.cfg.Monitor.markEnding()
	check := time.NewTicker(drainCheck)
	defer check.Stop()
	for {
		left := 0
		for _, l := range s.loops {
			l.do(func(now time.Time) {
				l.shard.Drain(now)
				if !l.shard.Drained() {
					left++
				}
			})
		}
		if left == 0 {
			close(drained)
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-check.C:
		}
	}
}
