package dial

import (
	"sync"
	"time"
)

// The times of a heartbeat.
const (
	keepAlive    = 6 * time.Second // between two PINGs on the control channel
	answerWithin = 2 * keepAlive   // a PING must be answered
	probeWithin  = 2 * time.Second // the same for one that is sent because something has changed on the game channel
)

// A heartbeat knows whether the server answers PINGs on the control channel. TCP itself may take a quarter of an hour
// to notice that nothing arrives any more.
type heartbeat struct {
	mu  sync.Mutex // guards due
	due time.Time  // when the oldest PING that is not answered must be; zero if there is none
}

// sent notes that a PING is sent, to be answered within a time.
func (h *heartbeat) sent(now time.Time, within time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if due := now.Add(within); h.due.IsZero() || due.Before(h.due) {
		h.due = due
	}
}

// answered notes a PONG.
func (h *heartbeat) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.due = time.Time{}
}

// overdue reports whether a PONG should have arrived.
func (h *heartbeat) overdue(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.due.IsZero() && now.After(h.due)
}
