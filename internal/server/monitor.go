package server

import (
	"maps"
	"sync"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
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
	Shards  []ShardView
	Refused map[string]int // on the control channel, by reason, since the start
	Rows    []Row
}

// A ShardView is a shard at a moment.
type ShardView struct {
	Port   int // UDP
	Counts Counts
	Ready  int // matches whose players are both online and that have not begun

	Lateness, RTT Histogram // of ticks and of players, with the bounds DurationBounds
	Margin        Histogram // of inputs, with the bounds MarginBounds
}

// A Row is a match as an operator sees it. Index 0 is the left player.
type Row struct {
	Match   string
	Seats   [2]SeatView
	Score   [2]int
	Begun   bool
	Paused  bool // a player is away
	Over    bool
	Elapsed time.Duration // since the table was set up
}

// A SeatView is a player as an operator sees it.
type SeatView struct {
	Name   string // empty: nobody
	Status string // of wire
	RTT    time.Duration
	Loss   float64 // of what the player sends, 0..1
}

// Sum adds up the figures of all shards.
func (s *Snapshot) Sum() (sum ShardView) {
	for i := range s.Shards {
		v := &s.Shards[i]
		sum.Counts.add(v.Counts)
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
	snap.Serving, snap.Full, snap.Refused = !ending, true, s.door.refusals()
	for _, l := range s.loops {
		var v ShardView
		var some []Row
		full := false
		if !l.do(func(now time.Time) { v, some, full = l.shard.view(now, from+rows-len(snap.Rows)) }) {
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
func (m *Monitor) watch(s *server) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.server, m.ending = s, false
}

// end says that the server takes no more players.
func (m *Monitor) end() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ending = true
}

// view copies the shard's figures and its first matches.
func (s *Shard) view(now time.Time, rows int) (v ShardView, list []Row, full bool) {
	v = ShardView{Counts: s.Counts(), Lateness: s.meters.lateness, RTT: s.meters.rtt, Margin: s.meters.margin}
	for _, m := range s.matches[:min(max(rows, 0), len(s.matches))] {
		list = append(list, m.row(now))
	}
	for _, m := range s.matches {
		if m.ready() && !m.begun {
			v.Ready++
		}
	}
	return v, list, len(s.sessions) >= s.cfg.MaxSeats || s.busy()
}

func (m *match) row(now time.Time) Row {
	r := Row{
		Match: m.name, Begun: m.begun, Over: m.begun && m.state.Phase == game.Over,
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])}, Elapsed: now.Sub(m.start),
	}
	for i := range m.seats {
		place := &m.seats[i]
		if place.session == nil {
			continue
		}
		link := &place.session.link
		r.Seats[i] = SeatView{
			Name: place.name, Status: place.status, Loss: link.Loss.Share(),
			RTT: time.Duration(link.Latency() * float64(time.Millisecond)),
		}
		r.Paused = r.Paused || m.begun && place.status == wire.StatusSilent
	}
	return r
}

// DroppedByReason returns the counters of datagrams that were not accepted.
func (c Counts) DroppedByReason() map[string]int { return c.refused() }

// refusals returns what has been refused since the start.
func (d *door) refusals() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.total)
}
