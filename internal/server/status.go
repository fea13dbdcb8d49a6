package server

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"pong/internal/shard"
)

// statusEvery is how often the status is logged while there is something to log.
const statusEvery = 10 * time.Second

// operate logs the status, and begins matches when the operator asks for it, until ctx is done.
func (s *server) operate(ctx context.Context) {
	status := time.NewTicker(statusEvery)
	defer status.Stop()
	var last shard.Counts
	begin := s.cfg.Begin
	for {
		select {
		case <-ctx.Done():
			s.status(&last) // since the last one
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

// begin starts every match whose players are both online.
func (s *server) begin() {
	n := 0
	for _, l := range s.loops {
		l.do(func(now time.Time) { n += l.shard.Begin(now) })
	}
	if n == 0 {
		s.log.Info("nothing to start: no match has both players connected")
	}
}

// status logs what all shards have counted since the last status, unless there is nothing to log.
func (s *server) status(last *shard.Counts) {
	unlogged, worst := s.logLimits.take(), s.refusals.worst()
	refused := s.refusals.take()
	var sum shard.Counts
	for _, l := range s.loops {
		var counts shard.Counts
		if !l.do(func(time.Time) { counts = l.shard.Counts() }) {
			counts = l.shard.Counts() // its goroutine has ended
		}
		sum.Add(counts)
	}
	for i, n := range sum.Dropped {
		if d := n - last.Dropped[i]; d > 0 {
			refused[shard.DropReason(i).String()] = d
		}
	}
	if sum.Sessions == 0 && len(refused) == 0 && unlogged == 0 {
		return
	}
	args := []any{
		slog.Int("matches", sum.Matches), slog.Int("players", sum.Players),
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
		args = append(args, slog.Int("unlogged", unlogged)) // lines that were left out
	}
	if prefixes := s.prefixes(worst); len(prefixes) > 0 {
		args = append(args, slog.Group("worst", prefixes...))
	}
	s.log.Info("status", args...)
	*last = sum
}

// prefixes returns attributes with the counts of address prefixes, as far as Config.LogAddress shows them.
func (s *server) prefixes(worst []PrefixCount) (all []any) {
	counts := make(map[string]int) // several prefixes may be shown as one
	for _, w := range worst {
		if shown := s.address("addr", w.Prefix.Addr()); shown.Key != "" {
			counts[shown.Value.String()] += w.Count
		}
	}
	for _, prefix := range slices.Sorted(maps.Keys(counts)) {
		all = append(all, slog.Int(prefix, counts[prefix]))
	}
	return all
}
