package server

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/shard"
)

// TestReport_LogIsRateLimited reports far more players that join and leave than there are, and a point.
func TestReport_LogIsRateLimited(t *testing.T) {
	var log strings.Builder
	s := newServer(Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, context.Background(), nil)
	for range 10_000 {
		s.report(shard.Report{Kind: shard.Joined, Match: "m1"})
		s.report(shard.Report{Kind: shard.Vacated, Match: "m1"})
		s.report(shard.Report{Kind: shard.Closed, Match: "m1"})
	}
	s.report(shard.Report{Kind: shard.Scored, Match: "m2"})
	if n := strings.Count(log.String(), "\n"); n < joinLinesBurst || n > joinLinesBurst+60*int(joinLinesPerSecond) {
		t.Errorf("%d lines in the log, want about %d", n, joinLinesBurst)
	}
	if !strings.Contains(log.String(), "msg=score") {
		t.Error("a point is not logged")
	}
	var last shard.Counts
	s.status(&last)
	if !strings.Contains(log.String(), "unlogged=29") {
		t.Errorf("the status does not count the lines that were not logged: %s", log.String()[len(log.String())-200:])
	}
	before := log.Len()
	s.status(&last)
	if log.Len() != before {
		t.Errorf("they are counted again: %s", log.String()[before:])
	}
}

// TestReport_LogLimitRecovers reports at a steady rate after the burst is used up.
func TestReport_LogLimitRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		s := newServer(Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, context.Background(), nil)
		for range 10 * joinLinesBurst {
			s.report(shard.Report{Kind: shard.Closed, Match: "m1"})
		}
		log.Reset()
		for range 100 {
			time.Sleep(10 * time.Millisecond)
			s.report(shard.Report{Kind: shard.Closed, Match: "m1"})
		}
		if n := strings.Count(log.String(), "\n"); n < int(joinLinesPerSecond)-1 || n > int(joinLinesPerSecond)+1 {
			t.Errorf("%d lines in a second, want %v", n, joinLinesPerSecond)
		}
	})
}
