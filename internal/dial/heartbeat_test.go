package dial

import (
	"testing"
	"time"
)

func TestHeartbeat_OldestPingCounts(t *testing.T) {
	var h heartbeat
	start := time.Unix(0, 0)
	at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	expect := func(now int, want bool) {
		t.Helper()
		if got := h.overdue(at(now)); got != want {
			t.Errorf("after %d s overdue is %v, want %v", now, got, want)
		}
	}
	expect(1000, false) // no PING was sent
	h.sent(at(0), 12*time.Second)
	h.sent(at(6), 12*time.Second)
	expect(12, false)
	expect(13, true)
	h.answered()
	expect(100, false)
	h.sent(at(100), 12*time.Second)
	h.sent(at(101), 2*time.Second) // a probe is due sooner
	expect(103, false)
	expect(104, true)
}
