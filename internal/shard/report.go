package shard

import (
	"net/netip"
	"time"
)

// Kind says what a Report is about.
type Kind uint8

// The kinds of reports.
const (
	Joined    Kind = iota // over TLS
	Online                // over UDP, in both directions
	Unreached             // a client has joined over TLS, and nothing has arrived from it over UDP for a while
	Ready                 // both players of a match are online, and it has not begun
	Started               // a game has begun
	Scored                // a point
	Over                  // a game has ended
	Silent                // one direction of a player's UDP has not worked for a while: the match is paused
	Back                  // both work again
	Moved                 // a player's address has changed
	Vacated               // a player or watcher was removed, for a Reason
	Closed                // a match without players was removed
	Stood                 // the server has stood still for a Span, and its matches go on
)

// A Report is an event that an operator may want to know of. Index 0 is the left player.
type Report struct {
	Kind   Kind
	Match  string
	Player int // 1 or 2; 0 if it is about the match, or about a watcher
	Name   string
	Names  [2]string
	Score  [2]int
	Winner int
	Reason Reason
	From   netip.Addr // of Unreached: the client's end of the TLS connection. May be invalid.
	Port   int        // of Unreached: the UDP port at which nothing arrives
	Span   time.Duration
}

// report reports what has happened at a match, to the player or watcher of a seat unless it is nil.
func (s *Shard) report(m *match, seat *seat, kind Kind, why Reason) {
	r := m.report(kind, int(m.state.Winner))
	r.Reason = why
	if seat != nil {
		r.Player, r.Name = seat.player+1, seat.name
	}
	s.cfg.Report(r)
}

// reportUnreached reports once that nothing arrives from a client that has joined.
func (s *Shard) reportUnreached(p *session) {
	if p.registered || p.unreached || p.seat.match.ago(p.lastReceived) <= UnreachedAfter {
		return
	}
	p.unreached = true
	r := p.seat.match.report(Unreached, 0)
	r.Player, r.Name, r.From, r.Port = p.seat.player+1, p.seat.name, p.addr, s.cfg.Port
	s.cfg.Report(r)
}

// reportOver reports a result. The state of a game that a player has left has no winner.
func (s *Shard) reportOver(m *match, winner int) { s.cfg.Report(m.report(Over, winner)) }

func (m *match) report(kind Kind, winner int) Report {
	return Report{
		Kind: kind, Match: m.name, Winner: winner,
		Names: [2]string{m.seats[0].name, m.seats[1].name},
		Score: [2]int{int(m.state.Score[0]), int(m.state.Score[1])},
	}
}
