package shard

import (
	"net/netip"
	"slices"
)

// maxUnregistered is how many players of one neighbourhood may have a new seat and not have registered over UDP yet. Who
// means to play registers within a round trip; who only says JOIN would take a seat, a session and half a table for 10 s
// each time. As at the door the oldest makes room: to refuse the newest would let 64 of them lock out everybody behind
// the same address. At the 130 JOINs a second that one core can pay for, a player still has half a second to register.
const maxUnregistered = 64

// unregistered are the sessions with a new seat that have not registered, oldest first.
type unregistered map[netip.Prefix][]*session

func (n unregistered) add(p *session) {
	home := ClientPrefix(p.addr)
	n[home] = append(n[home], p)
}

// remove forgets a session that has registered or is gone. For any other it does nothing.
func (n unregistered) remove(p *session) {
	home := ClientPrefix(p.addr)
	i := slices.Index(n[home], p)
	if i < 0 {
		return
	}
	if n[home] = slices.Delete(n[home], i, i+1); len(n[home]) == 0 {
		delete(n, home)
	}
}

// oldest returns who has to make room for another newcomer from an address, nil if nobody has.
func (n unregistered) oldest(addr netip.Addr) *session {
	if waiting := n[ClientPrefix(addr)]; len(waiting) >= maxUnregistered {
		return waiting[0]
	}
	return nil
}

// evictUnregistered frees the seat of the oldest newcomer from an address from which there are too many.
func (s *Shard) evictUnregistered(addr netip.Addr) {
	if p := s.unregistered.oldest(addr); p != nil {
		s.counts.NeverRegistered++
		s.vacate(p.seat, "never registered over UDP, and others from the same address wanted to")
	}
}
