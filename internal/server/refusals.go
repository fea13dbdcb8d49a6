package server

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"sync"

	"pong/internal/shard"
)

// refusals count what the control channel refuses, by reason and by address prefix: there is no log line for each,
// because strangers can cause any number.
type refusals struct {
	mu     sync.Mutex               // guards what follows
	recent map[string]int           // since the last take
	total  map[string]int           // since the start
	by     map[netip.Prefix]float64 // what prefixes cause; halved by each take, so that old counts fade
}

// mostPrefixes bounds how many address prefixes are counted. If there are more, all counts are halved and those below 1
// forgotten: prefixes that cause much stay.
const mostPrefixes = 4096

func newRefusals() *refusals {
	return &refusals{
		recent: make(map[string]int), total: make(map[string]int), by: make(map[netip.Prefix]float64),
	}
}

// count counts a refusal of a client at an address, which may be invalid.
func (r *refusals) count(reason string, from netip.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recent[reason]++
	r.total[reason]++
	r.blame(from)
}

// omitted counts a line of the log that was left out, for the address of the client that it is about.
func (r *refusals) omitted(from netip.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.blame(from)
}

// blame counts something that a client at an address has caused. The caller holds mu.
func (r *refusals) blame(from netip.Addr) {
	if !from.IsValid() {
		return
	}
	if prefix := shard.ClientPrefix(from); len(r.by) < mostPrefixes || r.by[prefix] > 0 {
		r.by[prefix]++
		return
	}
	r.fade()
}

// fade halves the counts of prefixes. The caller holds mu.
func (r *refusals) fade() {
	for prefix, n := range r.by {
		if r.by[prefix] = n / 2; n < 2 {
			delete(r.by, prefix)
		}
	}
}

// take returns the counts since the last call.
func (r *refusals) take() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.recent
	r.recent = make(map[string]int)
	r.fade()
	return taken
}

// sinceStart returns the counts since the server started.
func (r *refusals) sinceStart() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.total)
}

// A PrefixCount says how much the clients of an address prefix have lately caused: refusals, and lines that the log has
// left out.
type PrefixCount struct {
	Prefix netip.Prefix
	Count  int
}

// The prefixes that an operator is shown.
const (
	mostWorst  = 5
	leastWorst = 5 // fewer refusals are no sign of an attack
)

// worst returns the prefixes that have lately caused most, the worst first.
func (r *refusals) worst() (list []PrefixCount) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for prefix, n := range r.by {
		if n >= leastWorst {
			list = append(list, PrefixCount{prefix, int(n)})
		}
	}
	slices.SortFunc(list, func(a, b PrefixCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), a.Prefix.Compare(b.Prefix))
	})
	return list[:min(len(list), mostWorst)]
}
