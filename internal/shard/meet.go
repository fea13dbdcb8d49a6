package shard

import (
	"errors"
	"net/netip"
	"time"

	"pong/netcode"
	"pong/netcode/sealed"
)

// The times of two players who meet in a room.
const (
	// NamesFor is how long two players who have met in a room can read each other's names before the match begins. It
	// ends when both accept each other.
	NamesFor = 5 * time.Second

	// SentAwayFor is how long a player whom the opener of a room has sent away cannot come back to it.
	SentAwayFor = 60 * time.Second
)

// ErrSentAway refuses a player whom the opener of a room has sent away.
var ErrSentAway = errors.New("the player who opened this room has sent you away from it: choose another room")

// maxSentAway is how many of those who were sent away from a room are remembered.
const maxSentAway = 8

// A meeting is what a match needs of the players who meet in its room, before it begins. The player who has been there
// longest is the opener of the room: the only one who can send the other away, so that a stranger cannot send away the
// friend.
type meeting struct {
	opener   int          // the player who opened the room
	wanted   bool         // the match begins when the names have been read
	since    netcode.Tick // both players have been online
	accepted [2]bool      // the player needs no more time
	sentAway []sentAway   // oldest first
}

// A sentAway is a player who cannot come back for a while: anyone of an address prefix, or of a name if the prefix is
// that of the opener, too.
type sentAway struct {
	prefix netip.Prefix
	name   string
	until  netcode.Tick
}

// forget ends the meeting of two players, because one of them has left.
func (m *meeting) forget(leaver int) {
	m.opener, m.wanted, m.accepted = 1-leaver, false, [2]bool{}
}

// refuses reports whether a player was sent away from the room of a match a short while ago.
func (m *match) refuses(name string, prefix netip.Prefix) bool {
	for _, away := range m.meeting.sentAway {
		same := away.prefix.IsValid() && away.prefix == prefix || !away.prefix.IsValid() && away.name == name
		if same && m.tick() < away.until {
			return true
		}
	}
	return false
}

// namesRead reports whether the players of a match have had the time to read each other's names, or must accept each
// other and have done so. That matters in a room.
func (s *Shard) namesRead(m *match) bool {
	return m.room == "" || m.meeting.accepted == [2]bool{true, true} ||
		!s.cfg.Ready && m.ago(m.meeting.since) >= NamesFor
}

// beginIfDue begins a match that is wanted if its players are ready and have read each other's names.
func (s *Shard) beginIfDue(m *match) {
	if m.meeting.wanted && !m.begun && m.ready() && s.namesRead(m) {
		s.begin(m)
	}
}

// meets returns the seat of a player who has met another one in a room, in a match that has not begun, or else nil.
func (s *Shard) meets(id sealed.ID) *seat {
	p := s.tables.sessions[id]
	if p == nil || p.seat.watches() || p.seat.session != p || p.seat.match.room == "" || p.seat.match.begun ||
		p.seat.other().session == nil {
		return nil
	}
	return p.seat
}

// Accept records that a player needs no more time to read the other's name.
func (s *Shard) Accept(now time.Time, id sealed.ID) {
	if seat := s.meets(id); seat != nil {
		seat.match.meeting.accepted[seat.player] = true
		s.beginIfDue(seat.match)
	}
}

// Refuse sends away the other player from a room that this one has opened. If the other one has opened it, this player
// leaves.
func (s *Shard) Refuse(now time.Time, id sealed.ID) {
	seat := s.meets(id)
	switch {
	case seat == nil:
	case seat.match.meeting.opener != seat.player:
		s.vacate(seat, Left)
	default:
		m, other := seat.match, seat.other()
		away := sentAway{name: other.name, until: m.tick() + netcode.Tick(SentAwayFor/Period)}
		if other.holder != seat.holder {
			away.prefix = other.holder
		}
		if m.meeting.sentAway = append(m.meeting.sentAway, away); len(m.meeting.sentAway) > maxSentAway {
			m.meeting.sentAway = m.meeting.sentAway[1:]
		}
		s.vacate(other, SentAway)
	}
}

// sendOpener sends everyone at a match the PRESENCE of the opener of its room, who has changed.
func (s *Shard) sendOpener(m *match) {
	if seat := &m.seats[m.meeting.opener]; m.room != "" && seat.session != nil {
		s.sendLineToAll(m, seat.presence())
	}
}

// opened returns the field of PRESENCE that says whether the player of a seat has opened the room of the match.
func (seat *seat) opened() int {
	if m := seat.match; m.room != "" && m.meeting.opener == seat.player && !seat.watches() {
		return 1
	}
	return 0
}
