package shard

import (
	"net/netip"
	"slices"
)

// maxUnregistered is how many sessions of one address prefix can have a new seat without having registered over UDP. A
// real client registers within a round trip; a client that only sends JOIN would hold a seat, a session and half a
// match for 10 s each time. As with pending connections the oldest is evicted: if the newest were refused, 64 of them
// would lock out every player of the prefix. At the 130 JOINs a second that one core can serve, a player still has half
// a second.
const maxUnregistered = 64

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

// evictUnregistered makes room for another client of an address.
func (s *Shard) evictUnregistered(addr netip.Addr) {
	if p := s.tables.unregistered.excess(addr); p != nil {
		s.counts.NeverRegistered++
		s.vacate(p.seat, TooManyUnregistered)
	}
}
