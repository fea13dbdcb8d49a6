package server

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pong/internal/shard"
)

// TestReport_LogIsRateLimited reports far more comings and goings than people cause, and some of what happens in play.
func TestReport_LogIsRateLimited(t *testing.T) {
	var log strings.Builder
	s := newServer(Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, context.Background(), nil)
	for range 10_000 {
		s.report(shard.Report{Kind: shard.Joined, Match: "m1"})
		s.report(shard.Report{Kind: shard.Vacated, Match: "m1"})
		s.report(shard.Report{Kind: shard.Closed, Match: "m1"})
	}
	s.report(shard.Report{Kind: shard.Scored, Match: "m2"})
	if n := strings.Count(log.String(), "\n"); n < comingsAtOnce || n > comingsAtOnce+comingsPerSecond*60 {
		t.Errorf("%d lines in the log, want about %d", n, comingsAtOnce)
	}
	if !strings.Contains(log.String(), "msg=score") {
		t.Error("a point is not logged because of strangers")
	}
	var last shard.Counts
	s.status(&last)
	if !strings.Contains(log.String(), "unlogged=29") {
		t.Errorf("the status does not tell how many were not logged: %s", log.String()[len(log.String())-200:])
	}
}

func TestAHushEnds(t *testing.T) {
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	h := newHush(now)
	for h.say(now) {
	}
	said := 0
	for range 100 {
		now = now.Add(10 * time.Millisecond)
		if h.say(now) {
			said++
		}
	}
	if said < comingsPerSecond-1 || said > comingsPerSecond+1 {
		t.Errorf("%d lines in a second, want %d", said, comingsPerSecond)
	}
	if got := h.takeUnsaid(); got != 101-said {
		t.Errorf("%d are counted as unsaid, want %d", got, 101-said)
	}
	if got := h.takeUnsaid(); got != 0 {
		t.Errorf("%d are told twice", got)
	}
}
