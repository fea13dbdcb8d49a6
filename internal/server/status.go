package server

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"pong/internal/shard"
)

// status logs the sums of all shards when there is anything to tell.
func (s *server) status(last *shard.Counts) {
	var sum shard.Counts
	for _, l := range s.loops {
		var counts shard.Counts
		if !l.do(func(time.Time) { counts = l.shard.Counts() }) {
			counts = l.shard.Counts() // its goroutine has ended
		}
		sum.Add(counts)
	}
	refused := s.pending.takeRefused()
	before := last.DroppedByReason()
	for reason, n := range sum.DroppedByReason() {
		if d := n - before[reason]; d > 0 {
			refused[reason] = d
		}
	}
	unlogged := s.hush.takeUnsaid()
	if sum.Sessions == 0 && len(refused) == 0 && unlogged == 0 {
		return
	}
	args := []any{
		slog.Int("matches", sum.Matches), slog.Int("players", sum.Sessions),
		slog.Int("datagrams", sum.Datagrams-last.Datagrams),
	}
	if len(refused) > 0 {
		var reasons []any
		for _, reason := range slices.Sorted(maps.Keys(refused)) {
			reasons = append(reasons, slog.Int(reason, refused[reason]))
		}
		args = append(args, slog.Group("refused", reasons...))
	}
	if unlogged > 0 {
		args = append(args, slog.Int("unlogged", unlogged)) // comings and goings
	}
	s.log.Info("status", args...)
	*last = sum
}

// statusEvery is how often the status goes to the log while there is something to tell.
const statusEvery = 10 * time.Second

// operate passes on the operator's word and logs the status.
func (s *server) operate(ctx context.Context) {
	status := time.NewTicker(statusEvery)
	defer status.Stop()
	var last shard.Counts
	begin := s.cfg.Begin
	for {
		select {
		case <-ctx.Done():
			s.status(&last) // of the seconds since the one before
			return
		case _, ok := <-begin:
			if !ok {
				begin = nil // standard input has ended
				continue
			}
			s.begin()
		case <-status.C:
			s.status(&last)
		}
	}
}
