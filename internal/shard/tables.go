package shard

import (
	"cmp"
	"crypto/sha256"
	"net/netip"
	"slices"
	"time"

	"pong/internal/ticket"
	"pong/netcode/sealed"
)

// tables are the sessions, matches and seats of a shard, and all indexes over them. Its methods are the only ones that
// write which session has which seat, so that no index can disagree with the seats.
type tables struct {
	sessions     map[sealed.ID]*session
	resumes      map[[sha256.Size]byte]*seat // by the digest of the resume secret
	players      int                         // seats that are taken, without those of watchers
	places       Places                      // counts them, for all shards
	tickets      Tickets                     // by which seats are taken, of all shards
	matches      []*match                    // oldest first
	open         openMatches
	calendar     calendar
	unregistered unregistered
	lineups      uint8 // the newest: see match.lineup
}

func newTables(epoch time.Time, places Places, tickets Tickets) tables {
	return tables{
		places:       places,
		tickets:      tickets,
		sessions:     make(map[sealed.ID]*session),
		resumes:      make(map[[sha256.Size]byte]*seat),
		calendar:     calendar{epoch: epoch},
		unregistered: make(unregistered),
	}
}

// entries returns how many entries all tables have together.
func (t *tables) entries() int {
	return len(t.sessions) + len(t.resumes) + len(t.matches) + len(t.open) + len(t.unregistered)
}

// addMatch enters a match whose start is set.
func (t *tables) addMatch(m *match, now time.Time) {
	t.matches = append(t.matches, m)
	t.open.update(m)
	t.calendar.add(m, now)
}

// removeMatch removes a match without players.
func (t *tables) removeMatch(m *match) {
	i := slices.Index(t.matches, m)
	t.matches = slices.Delete(t.matches, i, i+1)
	t.open.remove(m)
	t.calendar.remove(m)
}

// occupy enters a session for its seat. If another session has the seat, the new one becomes its next session and gets
// the seat when it registers.
func (t *tables) occupy(p *session, name string, by ticket.ID) {
	seat := p.seat
	t.sessions[p.id], t.resumes[p.resume] = p, seat
	if seat.session != nil {
		seat.next = p
		return
	}
	t.unregistered.add(p)
	seat.session, seat.name, seat.status, seat.unechoed = p, name, seatJoined, unechoed{p.joined, p.lastReceived}
	seat.holder, seat.ticket = ClientPrefix(p.addr), by
	t.countPlace(seat, 1)
	t.useTicket(seat, true)
	if seat.watches() {
		seat.match.watchers = append(seat.match.watchers, seat)
		return
	}
	t.newLineup(seat.match)
	t.updateSeats(seat.match)
}

// register marks a session as registered. If it was its seat's next session it gets the seat, and register returns the
// session that had the seat before, for the caller to remove.
func (t *tables) register(p *session) (replaced *session) {
	p.registered = true
	t.unregistered.remove(p)
	if old := p.seat.session; old != p {
		p.seat.session, p.seat.next = p, nil
		return old
	}
	return nil
}

// remove removes a session that has no seat: the next session of a seat, or one that was replaced.
func (t *tables) remove(p *session) {
	p.removed = true
	delete(t.sessions, p.id)
	delete(t.resumes, p.resume)
	t.unregistered.remove(p)
	if p.seat.next == p {
		p.seat.next = nil
	}
}

// free removes the session of a seat. The seat of a watcher ceases to exist. There must be no next session.
func (t *tables) free(seat *seat) {
	m := seat.match
	t.remove(seat.session)
	t.countPlace(seat, -1)
	t.useTicket(seat, false)
	if seat.watches() {
		i := slices.Index(m.watchers, seat)
		m.watchers = slices.Delete(m.watchers, i, i+1)
		return
	}
	*seat = newSeat(m, seat.player)
	t.newLineup(m)
	t.updateSeats(m)
}

// newLineup records that other players have the seats of a match than before. Numbers are unique in a shard, until they
// wrap, because a player can be moved to another match.
func (t *tables) newLineup(m *match) {
	t.lineups++
	m.lineup, m.game = t.lineups, 0
}

// setLineup has the players of a match that is restored keep the number of their lineup, and of their game.
func (t *tables) setLineup(m *match, lineup, game uint8) {
	t.lineups, m.lineup, m.game = lineup, lineup, game
}

// move gives the session of one seat another seat, which must be free.
func (t *tables) move(from, to *seat) {
	p := from.session
	p.seat, t.resumes[p.resume] = to, to
	to.session, to.name, to.holder, to.status, to.unechoed = p, from.name, from.holder, from.status, from.unechoed
	to.ticket = from.ticket
	later := to.match.tick() - from.match.tick() // may wrap, as the differences of ticks may
	p.lastReceived += later
	to.unechoed.tick += later
	*from = newSeat(from.match, from.player)
	t.newLineup(from.match)
	t.newLineup(to.match)
	t.updateSeats(from.match)
	t.updateSeats(to.match)
}

// openMatches are the matches with a free seat, oldest first. With them a player finds an opponent without a search
// through thousands of matches.
type openMatches []*match

// update adds or removes a match after its seats have changed.
func (o *openMatches) update(m *match) {
	i, found := o.search(m)
	switch open := m.free() != nil; {
	case open && !found:
		*o = slices.Insert(*o, i, m)
	case !open && found:
		*o = slices.Delete(*o, i, i+1)
	}
}

// remove removes a match that has ended.
func (o *openMatches) remove(m *match) {
	if i, found := o.search(m); found {
		*o = slices.Delete(*o, i, i+1)
	}
}

func (o *openMatches) search(m *match) (int, bool) {
	return slices.BinarySearchFunc(*o, m, func(a, b *match) int { return cmp.Compare(a.serial, b.serial) })
}

// maxUnregistered is how many sessions of one address prefix can have a new seat without having registered over UDP. A
// real client registers within a round trip; a client that only sends JOIN would hold a seat, a session and half a
// match for 10 s each time. As with pending connections the oldest is evicted: if the newest were refused, 64 of them
// would lock out every player of the prefix.
//
// But however many JOINs a second come, a player has timeToRegister. Until the oldest has had it, other clients of the
// prefix are refused with ErrCrowded, and try again.
const (
	maxUnregistered = 64
	timeToRegister  = 500 * time.Millisecond
)

// unregistered are the sessions with a new seat that have not registered yet, oldest first, by address prefix.
type unregistered map[netip.Prefix][]*session

func (u unregistered) add(p *session) {
	prefix := ClientPrefix(p.addr)
	u[prefix] = append(u[prefix], p)
}

// remove removes a session that has registered or has ended. It does nothing for any other session.
func (u unregistered) remove(p *session) {
	prefix := ClientPrefix(p.addr)
	i := slices.Index(u[prefix], p)
	if i < 0 {
		return
	}
	if u[prefix] = slices.Delete(u[prefix], i, i+1); len(u[prefix]) == 0 {
		delete(u, prefix)
	}
}

// excess returns the session to evict before another client of an address joins, nil if there is room.
func (u unregistered) excess(addr netip.Addr) *session {
	if sessions := u[ClientPrefix(addr)]; len(sessions) >= maxUnregistered {
		return sessions[0]
	}
	return nil
}

// oldest returns the oldest of these sessions of an address's prefix that has a place of a kind, nil if there is none.
func (u unregistered) oldest(addr netip.Addr, kind Place) *session {
	for _, p := range u[ClientPrefix(addr)] {
		if p.seat.is(kind) {
			return p
		}
	}
	return nil
}
