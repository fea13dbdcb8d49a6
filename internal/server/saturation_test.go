package server_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/memnet"
	"pong/internal/server"
	"pong/internal/udp"
)

// A slowSocket takes the loop's time for each datagram, as if the loop had many matches to play.
type slowSocket struct {
	*memnet.Socket
	cost time.Duration
}

func (s *slowSocket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	time.Sleep(s.cost)
	return s.Socket.WriteToUDPAddrPort(b, to)
}

// slowBubble runs a test whose loop works for a time for each datagram that it sends, which are 30 a second for a
// match without news.
func slowBubble(t *testing.T, cost time.Duration, test func(*rig, *server.Monitor)) {
	t.Helper()
	monitor := new(server.Monitor)
	bubble(t, func(s *settings) {
		s.Monitor = monitor
		s.wrap = func(s *memnet.Socket) udp.PacketConn { return &slowSocket{s, cost} }
	}, func(r *rig) { test(r, monitor) })
}

// TestLoop_NearSaturationRefusesMatches works 80 % of the time for one match. A third player is refused because the
// server is busy, and can join once the match has ended.
func TestLoop_NearSaturationRefusesMatches(t *testing.T) {
	slowBubble(t, 27*time.Millisecond, func(r *rig, monitor *server.Monitor) {
		left, right := r.joinTwo()
		r.want(10*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.run(5 * time.Second)
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		_, err := dial.Dial(ctx, r.config("third", "198.51.100.9"))
		if err == nil || !strings.Contains(err.Error(), "busy") {
			t.Errorf("a third player joins: %v, want that the server is busy", err)
		}
		snap := monitor.Look(0, 0)
		c := snap.Sum().Counts
		if c.Busy == 0 || c.Load < 0.7 || c.Load > 1 {
			t.Errorf("Busy = %d and Load = %.2f, want some and about 0.8", c.Busy, c.Load)
		}
		left.Close()
		right.Close()
		r.run(6 * time.Second)
		r.join("fourth")
	})
}

// TestLoop_BeyondSaturationStepsEveryTick has more to send than time to send it. The loop skips STATEs and plays every
// tick.
func TestLoop_BeyondSaturationStepsEveryTick(t *testing.T) {
	slowBubble(t, 40*time.Millisecond, func(r *rig, monitor *server.Monitor) {
		r.joinTwo()
		r.run(10 * time.Second)
		snap := monitor.Look(0, 0)
		before := snap.Sum().Counts
		r.run(20 * time.Second)
		snap = monitor.Look(0, 0)
		after := snap.Sum().Counts
		if n := after.Ticks - before.Ticks; n < 20*60-30 || n > 20*60+30 {
			t.Errorf("%d ticks were played in 20 s, want 1200", n)
		}
		sent, skipped := after.States-before.States, after.Skipped-before.Skipped
		if skipped < 100 || sent < 200 {
			t.Errorf("%d STATEs were sent and %d skipped, want at least 200 and 100", sent, skipped)
		}
	})
}
