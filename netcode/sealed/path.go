package sealed

import (
	"crypto/subtle"
	"net/netip"
	"time"
)

const (
	// challengeEvery is the time between two sendings of one challenge. Faster
	// brings nothing on a path with a round trip of 100 ms, slower makes the loss
	// of one felt.
	challengeEvery = 100 * time.Millisecond
	// challengeFor is how long an answer is awaited. RFC 9000 section 8.2.4
	// recommends three times the probe timeout of a path of which nothing is
	// known, which is 3 s with the initial timeout of 1 s in RFC 9002.
	challengeFor = 3 * time.Second
)

// Path decides where a server sends to a client whose address may change: from
// Wi-Fi to a telephone network, or behind a NAT that forgot a mapping.
//
// The session id routes; the address is only where to send. It is no proof of
// anything, since the source of a datagram can be forged by who passes on an
// authentic one. So a new address first has to show that datagrams sent to it
// reach the client. Until then the old one stays in use, and no more bytes go to
// the new one than came from it: nobody can aim the server at a third party and
// win by it. Compare RFC 9000 sections 8.2 and 9.
//
//	no address --newest packet from anywhere--> challenging
//	no address --Bind--> settled --newest packet from another address--> challenging
//
//	challenging --the answer, from the candidate--------> settled there
//	            --newest packet from the old address----> settled where it was
//	            --3 s without the answer----------------> settled where it was
//	            --newest packet from a third address----> challenging that one
//
// What may surprise:
//
//   - Only a newest packet starts a challenge. A late one comes from where the
//     client was.
//   - A newest packet from the old address ends the challenge. A client that moved
//     sends all that is newer from its new address, so either it came back, or
//     somebody else was quicker with a copy, and there is no reason to move.
//   - Who copies every datagram and is always quicker becomes a candidate that
//     never answers, and the client keeps its STATEs. If he also carries the
//     challenge to the client and the answer back, he is a relay, and is used as
//     one until the client is heard directly again.
//   - A challenge keeps its 8 bytes when it is repeated, or an answer that takes
//     longer than 100 ms would always be an answer to the last but one.
//   - Nothing happens by time alone. Repeating needs bytes that came from the
//     candidate, and if none come there is nothing to do.
//   - After 3 s without an answer the next newest packet from there begins anew,
//     with fresh bytes: a path that is broken only one way can heal.
//
// The zero value has no address yet. The caller must Unmap every address that it
// gives, netip.AddrPortFrom(a.Addr().Unmap(), a.Port()): an IPv4 address and the
// same one mapped to IPv6 would count as two.
type Path struct {
	address   netip.AddrPort
	candidate candidate
}

// candidate is an address under validation. Its zero value is none.
type candidate struct {
	address   netip.AddrPort
	challenge [8]byte
	since     time.Time // when it became the candidate
	asked     time.Time // when the challenge was last due
	in, out   int       // bytes from and to it
}

// Bind believes the first address without a challenge. That is right only for one
// that is known to be the peer's, such as the IP address that TCP has shown to be:
// whoever can write any source address could else have a stream sent to a
// stranger. Later calls change nothing. Without Bind, the first address is a
// candidate like every other.
func (p *Path) Bind(addr netip.AddrPort) {
	if !p.address.IsValid() {
		p.address = addr
	}
}

// Received tells of an authentic packet, one that Open accepted, in a datagram of
// size bytes. The packet is newest if its number equals the session's Newest after
// Open. If the result is true, a PATH_CHALLENGE with the bytes of Challenge is due
// to Candidate, if MaySend allows its size; if not, it is due again 100 ms later.
// For a PATH_RESPONSE call Response first, which makes another challenge needless.
//
// The 8 random bytes are used if a challenge begins here. They must be
// unpredictable: crypto/rand makes them.
func (p *Path) Received(now time.Time, from netip.AddrPort, size int, newest bool, random [8]byte) (challenge bool) {
	if !from.IsValid() {
		return false
	}
	p.expire(now)
	switch {
	case from == p.address:
		if newest {
			p.candidate = candidate{}
		}
		return false
	case from == p.candidate.address:
		p.candidate.in += size
		if now.Sub(p.candidate.asked) < challengeEvery {
			return false
		}
		p.candidate.asked = now
		return true
	case newest:
		p.candidate = candidate{address: from, challenge: random, since: now, asked: now, in: size}
		return true
	}
	return false
}

// expire forgets a candidate that has not answered in time.
func (p *Path) expire(now time.Time) {
	if p.candidate.address.IsValid() && now.Sub(p.candidate.since) >= challengeFor {
		p.candidate = candidate{}
	}
}

// Response tells of an authentic PATH_RESPONSE and reports whether the address
// moved by it. It must come from the candidate itself, so that the path is good in
// both directions, and repeat the challenge; anything else changes nothing.
func (p *Path) Response(now time.Time, from netip.AddrPort, data [8]byte) (moved bool) {
	p.expire(now)
	if !p.candidate.address.IsValid() || from != p.candidate.address {
		return false
	}
	if subtle.ConstantTimeCompare(data[:], p.candidate.challenge[:]) != 1 {
		return false
	}
	p.address = from
	p.candidate = candidate{}
	return true
}

// Address returns where to send: the newest address that is validated, or the
// invalid AddrPort before Bind.
func (p *Path) Address() netip.AddrPort { return p.address }

// Candidate returns the address under validation, or the invalid AddrPort if
// there is none.
func (p *Path) Candidate() netip.AddrPort { return p.candidate.address }

// Challenge returns the bytes that the candidate has to repeat.
func (p *Path) Challenge() [8]byte { return p.candidate.challenge }

// MaySend reports whether a datagram of size bytes may go to the candidate:
// no more bytes go there than came from there.
func (p *Path) MaySend(size int) bool {
	return p.candidate.address.IsValid() && p.candidate.out+size <= p.candidate.in
}

// Sent tells that a datagram of size bytes went to the candidate.
func (p *Path) Sent(size int) { p.candidate.out += size }
