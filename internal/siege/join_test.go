//go:build siege && linux

package siege

import (
	"net/netip"
	"testing"
	"time"

	"pong/internal/wire"
)

// TestJoin_SucceedsAmongSilentPeers joins repeatedly while thousands of connections, each from its own address, send
// nothing or a byte at a time, and reconnect as soon as the server has closed them.
func TestJoin_SucceedsAmongSilentPeers(t *testing.T) {
	for _, c := range []struct {
		name   string
		config attackConfig
		most   target
	}{
		{"silent_5000", attackConfig{Kind: "silent", Count: 5000, Rate: 1000}, under(1000)},
		{"dribbling_500", attackConfig{Kind: "dribble", Count: 500, Rate: 500}, under(1000)},
		{"joins_without_register_200", attackConfig{Kind: "joins", Rate: 200, Near: true}, under(1000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t)
			left, right := s.match(t)
			o := c.config
			o.Control, o.For = s.control, either(3*time.Second, 20*time.Second)
			a := startAttack(t, o)
			took, failed, closed := joinFor(t, s.control, o.For-time.Second)
			if !playing(left, right) {
				t.Error("the match did not continue")
			}
			d := a.end()
			t.Logf("%d connections opened, %d failed; %d JOINs", d.Done, d.Failed, len(took))
			figure("join_"+c.name+"_p50", median(took), "ms", reportOnly)
			figure("join_"+c.name+"_p99", quantile(took, 0.99), "ms", c.most)
			mustFigure(t, "join_"+c.name+"_failed", float64(failed+closed), "", atMost(0))
			if len(took) < 20 || d.Done < o.Count {
				t.Errorf("%d JOINs among %d peers are too few to show anything", len(took), d.Done)
			}
		})
	}
}

// joinFor joins a server repeatedly for some time. It returns the milliseconds until each WELCOME, how many newcomers
// did not get in, and how many attempts the server closed before one of them succeeded: as a player's client does, a
// newcomer tries again for 10 s.
func joinFor(t testing.TB, server netip.AddrPort, d time.Duration) (took []float64, failed, closed int) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		start := time.Now()
		seat, err := joinServer(netip.Addr{}, server, wire.Message{Name: "newcomer"})
		for pause := 500 * time.Millisecond; err != nil && time.Since(start) < 10*time.Second; pause *= 2 {
			t.Logf("a JOIN failed after %v: %v", time.Since(start), err)
			closed++
			time.Sleep(pause)
			seat, err = joinServer(netip.Addr{}, server, wire.Message{Name: "newcomer"})
		}
		if err != nil {
			failed++
			continue
		}
		took = append(took, float64(time.Since(start))/float64(time.Millisecond))
		seat.leave()
	}
	return took, failed, closed
}
