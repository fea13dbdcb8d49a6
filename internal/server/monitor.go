package server

import (
	"slices"
	"sync"
	"time"

	"pong/internal/cluster"
	"pong/internal/shard"
)

// A Monitor shows the state of a running server, and removes its clients for an operator (operator.go). Put a new one
// into Config.Monitor, and call its methods at any time from any goroutine. The server's loops are asked for a copy of
// their figures; they take no lock and never wait for the caller.
type Monitor struct {
	mu     sync.Mutex // guards what follows
	server *server
	ending bool
}

// A Snapshot is the state of a server at one moment.
type Snapshot struct {
	Serving bool // players can join: the server runs and does not shut down
	Full    bool // no player can get a seat: none is free, no shard has time for a match, or no file can be opened
	Shards  []shard.Stats
	Refused map[string]int // on the control channel, by reason, since the start
	Worst   []PrefixCount  // the address prefixes that have lately caused most, the worst first
	Rows    []shard.Row
	Cluster *ClusterState // nil if the server is alone
}

// A ClusterState is what a server knows of its cluster.
type ClusterState struct {
	Nodes  int  // that live, this one among them
	Leased bool // this server reaches a majority of them
	Counts cluster.Counts
}

// Sum adds up the figures of all shards.
func (s *Snapshot) Sum() (sum shard.Stats) {
	for i := range s.Shards {
		v := &s.Shards[i]
		sum.Counts.Add(v.Counts)
		sum.Ready += v.Ready
		sum.Lateness.Add(&v.Lateness)
		sum.RTT.Add(&v.RTT)
		sum.Margin.Add(&v.Margin)
	}
	return sum
}

// Look returns the state of the server, with the rows of as many matches, the oldest first, after skipping the first
// ones before from. Before the server runs and after it has ended it returns the zero Snapshot.
func (m *Monitor) Look(from, rows int) (snap Snapshot) {
	m.mu.Lock()
	s, ending := m.server, m.ending
	m.mu.Unlock()
	if s == nil {
		return snap
	}
	snap.Serving, snap.Full, snap.Refused = !ending, true, s.refusals.sinceStart()
	for _, l := range s.loops {
		var stats shard.Stats
		var some []shard.Row
		full := false
		if !l.do(func(now time.Time) { stats, some, full = l.shard.Stats(now, from+rows-len(snap.Rows)) }) {
			snap.Serving = false
			continue
		}
		snap.Shards = append(snap.Shards, stats)
		snap.Rows = append(snap.Rows, some...)
		snap.Full = snap.Full && full
	}
	snap.Full = snap.Full || s.places.full() || s.descriptors.short(time.Now())
	snap.Worst = s.refusals.worst()
	if s.cluster != nil {
		snap.Cluster = s.cluster.state(time.Now())
	}
	snap.Rows = snap.Rows[min(from, len(snap.Rows)):]
	return snap
}

// Occupied reports whether the server has players or watchers.
func (m *Monitor) Occupied() bool {
	m.mu.Lock()
	s := m.server
	m.mu.Unlock()
	return s != nil && slices.ContainsFunc(s.loops, func(l *loop) bool { return l.players.Load() > 0 })
}

// attach makes the monitor show a server. A nil Monitor ignores it, as it does markEnding.
func (m *Monitor) attach(s *server) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.server, m.ending = s, false
}

// markEnding records that the server lets no more players in.
func (m *Monitor) markEnding() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending = true
}
