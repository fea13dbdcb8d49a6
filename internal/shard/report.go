package shard

import (
	"net/netip"
	"time"

	"pong/netcode/sealed"
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
	Resumed               // over TLS, to a seat that the client has had before
	Restored              // a match of the process before goes on when its players are back
	TakenOver             // a match of another node goes on here

	Kinds // how many there are
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

	Session sealed.ID  // of the player or watcher; zero if it is about the match
	From    netip.Addr // the address of the player or watcher. May be invalid.

	Port int // of Unreached: the UDP port at which nothing arrives
	Span time.Duration
}

// report reports what has happened at a match, to the player or watcher of a seat unless it is nil.
func (s *Shard) report(m *match, seat *seat, kind Kind, why Reason) {
	r := m.report(kind, int(m.state.Winner))
	r.Reason = why
	if seat != nil {
		r.concern(seat, seat.session)
	}
	s.cfg.Report(r)
}

// reportJoin reports that a session has joined, to a new seat or to one that the client has had before.
func (s *Shard) reportJoin(p *session, resumes bool) {
	kind := Joined
	if resumes {
		kind = Resumed
	}
	r := p.seat.match.report(kind, 0)
	r.concern(p.seat, p)
	s.cfg.Report(r)
}

// concern makes a report about the player or watcher of a seat and one of its sessions.
func (r *Report) concern(seat *seat, p *session) {
	r.Player, r.Name, r.Session, r.From = seat.player+1, seat.name, p.id, p.from()
}

// from returns the address of a client: where its datagrams come from or, before these, its TLS connection.
func (p *session) from() netip.Addr {
	if at := p.path.Address(); at.IsValid() {
		return at.Addr().Unmap()
	}
	return p.addr
}

// reportUnreached reports once that nothing arrives from a client that has joined.
func (s *Shard) reportUnreached(p *session) {
	if p.registered || p.unreached || p.seat.match.ago(p.lastReceived) <= UnreachedAfter {
		return
	}
	p.unreached = true
	r := p.seat.match.report(Unreached, 0)
	r.concern(p.seat, p)
	r.Port = s.cfg.Port
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
