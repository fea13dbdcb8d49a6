package shard

import (
	"net/netip"
	"time"

	"pong/internal/game"
	"pong/netcode/sealed"
)

// Stats are the figures of a shard at one moment.
type Stats struct {
	Port   int // UDP
	Counts Counts
	Ready  int // matches whose players are both online and that have not begun

	Entries int // of all tables of the shard: none must be left when all clients have

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
	Paused  bool // a player is silent
	Over    bool
	Phase   game.Phase
	Game    int           // the number of the game between these players; 0 before it begins
	Rematch [2]bool       // the player asks for another game
	Elapsed time.Duration // since the match was created
}

// A SeatRow is a player as an operator sees it.
type SeatRow struct {
	Name    string // empty: the seat is free
	Session sealed.ID
	From    netip.Addr // may be invalid
	Status  string     // of PRESENCE
	RTT     time.Duration
	Loss    float64 // of the player's datagrams, 0..1
}

// Stats returns the figures of the shard, its first matches, and whether it takes no more players.
func (s *Shard) Stats(now time.Time, rows int) (v Stats, list []Row, full bool) {
	matches := s.tables.matches
	v = Stats{
		Port: s.cfg.Port, Counts: s.Counts(), Entries: s.tables.entries(),
		Lateness: s.histograms.lateness, RTT: s.histograms.rtt, Margin: s.histograms.margin,
	}
	for _, m := range matches[:min(max(rows, 0), len(matches))] {
		list = append(list, m.row(now))
	}
	for _, m := range matches {
		if m.ready() && !m.begun {
			v.Ready++
		}
	}
	return v, list, len(s.tables.sessions) >= s.cfg.MaxSeats || s.busy()
}

// Row returns the row of a match, and whether there is one with this name.
func (s *Shard) Row(now time.Time, match string) (Row, bool) {
	for _, m := range s.tables.matches {
		if m.name == match {
			return m.row(now), true
		}
	}
	return Row{}, false
}

func (m *match) row(now time.Time) Row {
	r := Row{
		Match: m.name, Ready: m.ready(), Begun: m.begun, Over: m.begun && m.state.Phase == game.Over,
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])}, Elapsed: m.ago(0),
		Phase: m.state.Phase, Game: int(m.game), Rematch: [2]bool{m.seats[0].rematch, m.seats[1].rematch},
	}
	for i := range m.seats {
		seat := &m.seats[i]
		if seat.session == nil {
			continue
		}
		r.Seats[i] = SeatRow{
			Name: seat.name, Session: seat.session.id, From: seat.session.from(), Status: seat.status.String(),
			RTT: seat.session.echo.RTT(), Loss: seat.session.loss.Share(),
		}
		r.Paused = r.Paused || m.begun && seat.status == seatSilent
	}
	return r
}
