package server

import (
	"maps"
	"sync"
)

// refusals count what the control channel refuses, by reason: there is no log line for each, because strangers can
// cause any number.
type refusals struct {
	mu     sync.Mutex     // guards what follows
	recent map[string]int // since the last take
	total  map[string]int // since the start
}

func newRefusals() *refusals {
	return &refusals{recent: make(map[string]int), total: make(map[string]int)}
}

func (r *refusals) count(reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recent[reason]++
	r.total[reason]++
}

// take returns the counts since the last call.
func (r *refusals) take() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.recent
	r.recent = make(map[string]int)
	return taken
}

// sinceStart returns the counts since the server started.
func (r *refusals) sinceStart() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.total)
}
