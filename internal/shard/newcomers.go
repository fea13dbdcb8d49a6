package shard

import (
	"net/netip"
	"slices"
)

// maxNewcomers is how many players of one neighbourhood may have a new seat and not have registered over UDP yet. Who
// means to play registers within a round trip; who only says JOIN would take a seat, a session and half a table for 10 s
// each time. As at the door the oldest makes room: to refuse the newest would let 64 of them lock out everybody behind
// the same address. At the 130 JOINs a second that one core can pay for, a player still has half a second to register.
const maxNewcomers = 64

// newcomers are the sessions with a new seat that have not registered, oldest first.
type newcomers map[netip.Prefix][]*session

func (n newcomers) add(p *session) {
	home := ClientPrefix(p.addr)
	n[home] = append(n[home], p)
}

// remove forgets a session that has registered or is gone. For any other it does nothing.
func (n newcomers) remove(p *session) {
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
func (n newcomers) oldest(addr netip.Addr) *session {
	if waiting := n[ClientPrefix(addr)]; len(waiting) >= maxNewcomers {
		return waiting[0]
	}
	return nil
}

// makeRoom frees the seat of the oldest newcomer from an address from which there are too many.
func (s *Shard) makeRoom(addr netip.Addr) {
	if p := s.newcomers.oldest(addr); p != nil {
		s.counts.NeverRegistered++
		s.vacate(p.seat, "never registered over UDP, and others from the same address wanted to")
	}
}
