package server

import (
	"sync"
	"time"
)

// How many lines a second, and at once, the coming and going of players may put into the log: strangers can cause it at
// will, two lines a JOIN, and would fill a disk with it.
const (
	comingsPerSecond = 10
	comingsAtOnce    = 200
)

// A hush decides which comings and goings are logged. The rest is counted, and told by the status.
type hush struct {
	mu     sync.Mutex // guards what follows: reports come from every shard
	tokens float64
	at     time.Time
	unsaid int
}

func newHush(now time.Time) *hush { return &hush{tokens: comingsAtOnce, at: now} }

// say reports whether the next one is logged.
func (h *hush) say(now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens = min(comingsAtOnce, h.tokens+comingsPerSecond*now.Sub(h.at).Seconds())
	h.at = now
	if h.tokens < 1 {
		h.unsaid++
		return false
	}
	h.tokens--
	return true
}

// takeUnsaid returns how many were not logged since the last call.
func (h *hush) takeUnsaid() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.unsaid
	h.unsaid = 0
	return n
}
