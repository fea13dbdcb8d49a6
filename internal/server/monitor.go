package server

import (
	"sync"
	"time"

	"pong/internal/shard"
)

// A Monitor looks into a running server: put a new one into Config.Monitor, and call Look as often as is wanted, from
// any goroutine. The server's loops are asked for a copy of their figures and never wait for who asks; they take no lock.
type Monitor struct {
	mu     sync.Mutex // guards what follows
	server *server
	ending bool
}

// A Snapshot is a server at a moment.
type Snapshot struct {
	Serving bool // players can join: the server runs and is not ending
	Full    bool // no shard has a seat left, or time for another match
	Shards  []shard.Stats
	Refused map[string]int // on the control channel, by reason, since the start
	Rows    []shard.Row
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

// Look returns the server as it is, with the rows of as many matches from one on, oldest first. Before the server
// runs and after it has ended all is zero.
func (m *Monitor) Look(from, rows int) (snap Snapshot) {
	m.mu.Lock()
	s, ending := m.server, m.ending
	m.mu.Unlock()
	if s == nil {
		return snap
	}
	snap.Serving, snap.Full, snap.Refused = !ending, true, s.pending.refusals()
	for _, l := range s.loops {
		var v shard.Stats
		var some []shard.Row
		full := false
		if !l.do(func(now time.Time) { v, some, full = l.shard.Stats(now, from+rows-len(snap.Rows)) }) {
			snap.Serving = false
			continue
		}
		v.Port = l.port()
		snap.Shards = append(snap.Shards, v)
		snap.Rows = append(snap.Rows, some...)
		snap.Full = snap.Full && full
	}
	snap.Rows = snap.Rows[min(from, len(snap.Rows)):]
	return snap
}

// watch makes the monitor of a server look at it.
func (m *Monitor) attach(s *server) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.server, m.ending = s, false
}

// end says that the server takes no more players.
func (m *Monitor) markEnding() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending = true
}
