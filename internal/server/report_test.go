package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/shard"
	"pong/netcode/sealed"
)

// TestReport_LogIsRateLimited reports far more players that join and leave than there are, and a point.
func TestReport_LogIsRateLimited(t *testing.T) {
	var log strings.Builder
	s := newServer(Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, context.Background(), nil)
	for i := range 10_000 {
		m := fmt.Sprint("m", i)
		s.report(shard.Report{Kind: shard.Joined, Match: m})
		s.report(shard.Report{Kind: shard.Vacated, Match: m})
		s.report(shard.Report{Kind: shard.Closed, Match: m})
	}
	s.report(shard.Report{Kind: shard.Scored, Match: "m2"})
	n := strings.Count(log.String(), "\n")
	if n < linesPerKindBurst || n > linesPerKindBurst+60*int(linesPerKind) {
		t.Errorf("%d lines in the log, want about %d", n, linesPerKindBurst)
	}
	if kept := len(s.logLimits.recent); kept > n {
		t.Errorf("%d matches are remembered, want at most one for each of the %d lines", kept, n)
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
		for i := range 10 * linesPerKindBurst {
			s.report(shard.Report{Kind: shard.Closed, Match: fmt.Sprint("m", i)})
		}
		log.Reset()
		for i := range 100 {
			time.Sleep(10 * time.Millisecond)
			s.report(shard.Report{Kind: shard.Closed, Match: fmt.Sprint("n", i)})
		}
		if n := strings.Count(log.String(), "\n"); n < int(linesPerKind)-1 || n > int(linesPerKind)+1 {
			t.Errorf("%d lines in a second, want %v", n, linesPerKind)
		}
	})
}

// TestReport_EveryKindIsLimitedForASession lets one session cause many events of each kind. Those of another session
// are logged all the same, and the first one's address is named as the worst.
func TestReport_EveryKindIsLimitedForASession(t *testing.T) {
	var log strings.Builder
	s := newServer(Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, context.Background(), nil)
	kinds := 0
	for kind := range shard.Kinds {
		if kind == shard.Stood {
			continue // it is about no client
		}
		kinds++
		for range 1000 {
			s.report(shard.Report{
				Kind: kind, Match: "m1", Player: 1, Session: sealed.ID{1}, From: netip.MustParseAddr("10.0.0.1"),
			})
		}
	}
	if n := strings.Count(log.String(), "\n"); n < kinds*linesOfOne || n > kinds*(linesOfOne+1) {
		t.Errorf("one session has caused %d lines of %d kinds, want %d of each", n, kinds, linesOfOne)
	}
	log.Reset()
	s.report(shard.Report{Kind: shard.Moved, Match: "m2", Player: 1, Session: sealed.ID{2}})
	if !strings.Contains(log.String(), "moved to another address") {
		t.Errorf("another session's move is not logged: %q", log.String())
	}
	log.Reset()
	s.status(new(shard.Counts))
	if !strings.Contains(log.String(), "worst.10.0.0.1=") || !strings.Contains(log.String(), "unlogged=") {
		t.Errorf("the status is %q, want the lines that were left out and the address", log.String())
	}
}

// TestReport_ShowsAddresses as the configuration says, on the lines about joining and moving.
func TestReport_ShowsAddresses(t *testing.T) {
	for want, show := range map[string]func(netip.Addr) string{
		" addr=10.0.0.1": nil,
		" addr=10.x":     func(netip.Addr) string { return "10.x" },
		"":               func(netip.Addr) string { return "" },
	} {
		var log strings.Builder
		cfg := Config{Log: slog.New(slog.NewTextHandler(&log, nil)), LogAddress: show}
		s := newServer(cfg, context.Background(), nil)
		for _, kind := range []shard.Kind{shard.Joined, shard.Resumed, shard.Moved} {
			log.Reset()
			from := netip.MustParseAddr("10.0.0.1")
			s.report(shard.Report{Kind: kind, Match: "m1", Player: 1, Name: "Ann", From: from})
			if line := strings.TrimSpace(log.String()); !strings.HasSuffix(line, "name=Ann"+want) {
				t.Errorf("the line about an event of kind %d is %q, want it to end with %q", kind, line,
					"name=Ann"+want)
			}
		}
	}
}
