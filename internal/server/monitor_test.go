package server_test

import (
	"context"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// TestMonitor_Look looks at a server before it runs, during a match and after its end.
func TestMonitor_Look(t *testing.T) {
	monitor := new(server.Monitor)
	if snap := monitor.Look(0, 10); snap.Serving || len(snap.Rows) > 0 {
		t.Errorf("Look() before a server runs = %+v, want the zero Snapshot", snap)
	}
	bubble(t, func(s *settings) {
		s.Monitor, s.MaxPlayers, s.shards = monitor, 4, 2
		s.up = netsim.Profile{Delay: 20 * time.Millisecond, Loss: 0.2}
	}, func(r *rig) {
		left, right := r.joinTwo()
		r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.run(5 * time.Second)
		snap := monitor.Look(0, 10)
		sum := snap.Sum()
		if !snap.Serving || snap.Full || len(snap.Shards) != 2 || len(snap.Rows) != 1 {
			t.Fatalf("Look(0, 10) = %+v, want 2 shards and 1 row, serving and not full", snap)
		}
		if row := snap.Rows[0]; !row.Begun || row.Paused || row.Over || row.Seats[0].Name != "left" ||
			row.Seats[1].Status != wire.StatusOnline ||
			row.Seats[0].RTT < 19*time.Millisecond || row.Seats[0].RTT > 30*time.Millisecond ||
			row.Seats[0].Loss < 0.1 {
			t.Errorf("the row of the match is %+v", row)
		}
		c := sum.Counts
		if c.Joins != 2 || c.Sessions != 2 || c.Matches != 1 || c.Inputs < 400 || c.States < 200 ||
			c.BytesIn < 60*c.Inputs || c.BytesOut < 60*c.States {
			t.Errorf("the counts are %+v", c)
		}
		if n := sum.Lateness.Count(); n != uint64(c.Ticks) || n < 300 {
			t.Errorf("the lateness of %d ticks was measured, want %d", n, c.Ticks)
		}
		if q := sum.RTT.Quantile(0.5, shard.DurationBounds()); q < 0.020 || q > 0.030 {
			t.Errorf("the median round trip is %v s, want a little more than 0.02", q)
		}
		if n := sum.Margin.Count(); n < 500 {
			t.Errorf("%d margins were measured, want at least 500", n)
		}
		if sum.Ready != 0 {
			t.Errorf("%d matches are ready while the only one is played, want 0", sum.Ready)
		}
		r.joinAs(r.config("third", "198.51.100.9"))
		r.joinAs(r.config("fourth", "198.51.100.10"))
		if snap = monitor.Look(1, 10); !snap.Full || len(snap.Rows) != 1 || snap.Rows[0].Seats[0].Name != "third" {
			t.Errorf("Look(1, 10) with all seats taken = %+v, want full and the second match", snap)
		}
		ctx, cancel := context.WithTimeout(r.Context(), time.Minute)
		defer cancel()
		if _, err := dial.Dial(ctx, r.config("fifth", "198.51.100.11")); err == nil {
			t.Error("a fifth player has joined with four seats")
		}
		if n := monitor.Look(0, 0).Refused[wire.CodeFull]; n != 1 {
			t.Errorf("%d players were refused as %q, want 1", n, wire.CodeFull)
		}
		r.stop()
		r.want(5*time.Second, "the players are told of the end", at(client.StageLost, left, right))
		if snap := monitor.Look(0, 10); snap.Serving {
			t.Error("a server that has ended is serving")
		}
	})
}

// TestMonitor_ShowsReadyMatches counts the matches that Enter would start.
func TestMonitor_ShowsReadyMatches(t *testing.T) {
	monitor := new(server.Monitor)
	bubble(t, func(s *settings) { s.Monitor, s.Auto = monitor, false }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "both are ready, and the monitor sees it", func() bool {
			snap := monitor.Look(0, 1)
			return at(client.StageReady, left, right)() && snap.Sum().Ready == 1
		})
		if snap := monitor.Look(0, 1); snap.Rows[0].Begun {
			t.Errorf("the row of a match that waits for Enter is %+v, want it not begun", snap.Rows)
		}
		r.begin <- struct{}{}
		r.want(5*time.Second, "the match begins", at(client.StageCountdown, left, right))
		if snap := monitor.Look(0, 1); snap.Sum().Ready != 0 {
			t.Errorf("%d matches are ready after Enter, want 0", snap.Sum().Ready)
		}
	})
}

func TestMonitor_IsNotServingWhileDraining(t *testing.T) {
	monitor := new(server.Monitor)
	var drain chan struct{}
	bubble(t, func(s *settings) {
		drain = make(chan struct{}) // in the bubble, or its clock would wait for it
		s.Monitor, s.Config.Drain = monitor, drain
	}, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		close(drain)
		r.run(100 * time.Millisecond)
		if snap := monitor.Look(0, 1); snap.Serving || len(snap.Rows) != 1 {
			t.Errorf("Look(0, 1) while the server drains = %+v, want one row and not serving", snap)
		}
	})
}
