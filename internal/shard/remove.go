package shard

import (
	"crypto/sha256"
	"errors"
	"net/netip"
	"time"

	"pong/netcode/sealed"
)

// Errors of Join for clients that the operator does not want.
var (
	ErrDenied = errors.New("the operator of this server does not admit your address")
	ErrKicked = errors.New("the operator of this server has removed you from the match. You can join again")
)

// kicked are the digests of the resume secrets of players who were kicked, with the times. A client whose control
// connection was lost at that moment tries to take its seat again: it has to read why it cannot.
type kicked map[[sha256.Size]byte]time.Time

// add remembers a secret, and forgets those that no client tries any more.
func (k kicked) add(now time.Time, resume [sha256.Size]byte) {
	for other, at := range k {
		if now.Sub(at) > 2*FreedAfter {
			delete(k, other)
		}
	}
	k[resume] = now
}

// Kick removes the player or watcher that has a session. It reports whether there was one. The client can join again.
func (s *Shard) Kick(now time.Time, id sealed.ID) bool {
	p := s.tables.sessions[id]
	if p == nil {
		return false
	}
	for _, p := range []*session{p.seat.session, p.seat.next} {
		if p != nil {
			s.kicked.add(now, p.resume)
		}
	}
	s.vacate(p.seat, Kicked)
	return true
}

// RemoveDenied removes all clients at addresses that are not admitted any more, and returns how many.
func (s *Shard) RemoveDenied() From {
	found, n := s.from(s.denies)
	for _, p := range found {
		switch {
		case p.removed: // with another one of the same seat
		case p.seat.session == p:
			s.vacate(p.seat, Denied)
		default:
			s.endSession(p, Denied)
			s.merge() // the player may be waiting
		}
	}
	return n
}

// From is how many clients come from some addresses.
type From struct{ Players, Watchers int }

// CountFrom returns how many clients come from the addresses of a prefix.
func (s *Shard) CountFrom(prefix netip.Prefix) From {
	_, n := s.from(func(a netip.Addr) bool { return prefix.Contains(a.Unmap().WithZone("")) })
	return n
}

// from returns the sessions of which one channel comes from an address that is meant, and how many seats and places of
// watchers they have.
func (s *Shard) from(meant func(netip.Addr) bool) (found []*session, n From) {
	look := func(seat *seat) (is bool) {
		for _, p := range []*session{seat.session, seat.next} {
			if p != nil && (meant(p.addr) || meant(p.from())) {
				found, is = append(found, p), true
			}
		}
		return is
	}
	for _, m := range s.tables.matches {
		for i := range m.seats {
			if look(&m.seats[i]) {
				n.Players++
			}
		}
		for _, seat := range m.watchers {
			if look(seat) {
				n.Watchers++
			}
		}
	}
	return found, n
}

// denies reports whether clients at an address are not admitted.
func (s *Shard) denies(a netip.Addr) bool { return s.cfg.Denied != nil && s.cfg.Denied(a) }
