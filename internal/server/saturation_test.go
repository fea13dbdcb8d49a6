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

// slow is a socket on which it takes the loop's time to send, as if it had so many matches to play.
type slow struct {
	*memnet.Socket
	cost time.Duration
}

func (s *slow) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	time.Sleep(s.cost)
	return s.Socket.WriteToUDPAddrPort(b, to)
}

// slowly is a bubble whose loop works for a while for each datagram that it sends: 40 a second for a match.
func slowly(t *testing.T, cost time.Duration, test func(*rig, *server.Monitor)) {
	t.Helper()
	monitor := new(server.Monitor)
	bubble(t, func(s *settings) {
		s.Monitor = monitor
		s.wrap = func(s *memnet.Socket) udp.PacketConn { return &slow{s, cost} }
	}, func(r *rig) { test(r, monitor) })
}

// TestLoop_NearSaturationRefusesMatches works 80 % of the time for one match: whoever comes next is told why there is no
// second, and is let in once the first has ended.
func TestLoop_NearSaturationRefusesMatches(t *testing.T) {
	slowly(t, 20*time.Millisecond, func(r *rig, monitor *server.Monitor) {
		left, right := r.two()
		r.want(10*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.run(5 * time.Second)
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		_, err := dial.Dial(ctx, r.config("third", "198.51.100.9"))
		if err == nil || !strings.Contains(err.Error(), "busy") {
			t.Errorf("a third player is told %v, want that the server is busy", err)
		}
		snap := monitor.Look(0, 0)
		c := snap.Sum().Counts
		if c.Busy == 0 || c.Load < 0.7 || c.Load > 1 {
			t.Errorf("%d players are counted as refused at a load of %.2f, want some at 0.8", c.Busy, c.Load)
		}
		left.Close()
		right.Close()
		r.run(6 * time.Second)
		r.join("fourth")
	})
}

// TestLoop_BeyondSaturationStepsEveryTick has more to send than time to send it: it leaves out STATEs and plays all ticks.
func TestLoop_BeyondSaturationStepsEveryTick(t *testing.T) {
	slowly(t, 40*time.Millisecond, func(r *rig, monitor *server.Monitor) {
		r.two()
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
			t.Errorf("%d STATEs were sent and %d left out, want both many: there is time for 500", sent, skipped)
		}
	})
}
