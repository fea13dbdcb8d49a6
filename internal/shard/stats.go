package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// A Stats is a shard at a moment.
type Stats struct {
	Port   int // UDP
	Counts Counts
	Ready  int // matches whose players are both online and that have not begun

	Lateness, RTT Histogram // of ticks and of players, with the bounds DurationBounds
	Margin        Histogram // of inputs, with the bounds MarginBounds
}

// A Row is a match as an operator sees it. Index 0 is the left player.
type Row struct {
	Match   string
	Seats   [2]SeatRow
	Score   [2]int
	Ready   bool // both players are online
	Begun   bool
	Paused  bool // a player is away
	Over    bool
	Elapsed time.Duration // since the table was set up
}

// A SeatRow is a player as an operator sees it.
type SeatRow struct {
	Name   string // empty: nobody
	Status string // of wire
	RTT    time.Duration
	Loss   float64 // of what the player sends, 0..1
}

// Stats copies the shard's figures and its first matches.
func (s *Shard) Stats(now time.Time, rows int) (v Stats, list []Row, full bool) {
	v = Stats{Counts: s.Counts(), Lateness: s.histograms.lateness, RTT: s.histograms.rtt, Margin: s.histograms.margin}
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
		Match: m.name, Ready: m.ready(), Begun: m.begun, Over: m.begun && m.state.Phase == game.Over,
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])}, Elapsed: now.Sub(m.start),
	}
	for i := range m.seats {
		place := &m.seats[i]
		if place.session == nil {
			continue
		}
		p := place.session
		r.Seats[i] = SeatRow{
			Name: place.name, Status: place.status, Loss: p.loss.Share(),
			RTT: p.echo.RTT(),
		}
		r.Paused = r.Paused || m.begun && place.status == wire.StatusSilent
	}
	return r
}
