package sealed

import (
	"crypto/subtle"
	"net/netip"
	"time"
)

const (
	// challengeEvery is the time between two copies of one challenge. A shorter one gains nothing on a path with a
	// round trip of 100 ms; a longer one makes the loss of a copy noticeable.
	challengeEvery = 100 * time.Millisecond
	// challengeFor is how long a candidate may take to respond. RFC 9000 section 8.2.4 recommends three times the
	// probe timeout of an unknown path, which is 3 s with the initial timeout of 1 s of RFC 9002.
	challengeFor = 3 * time.Second
)

// A Route is how datagrams reach a client: the client's address, and the address of the server that they are sent from.
// A server with several addresses must answer from the one that the client sends to. The client's socket, or a NAT or
// firewall before it, drops datagrams from any other.
type Route struct {
	Remote netip.AddrPort // the client's address
	Local  netip.Addr     // the server's; invalid if it is not known, or if the server has one address only
}

// IsValid reports whether the route has a client's address.
func (r Route) IsValid() bool { return r.Remote.IsValid() }

// A Path decides where a server sends to a client whose address may change: from Wi-Fi to a telephone network, or
// behind a NAT that forgot a mapping.
//
// The session id routes; the address only says where to send. It proves nothing, because anyone who relays an
// authentic datagram can forge its source. So a new address first has to show that datagrams sent to it reach the
// client. Until then the old address stays in use, and no more bytes go to the new one than came from it: the server
// cannot be used to flood a third party. Compare RFC 9000 sections 8.2 and 9.
//
//	no address --newest packet from anywhere--> challenging
//	no address --Bind--> settled --newest packet from another address--> challenging
//
//	challenging --response from the candidate-----------> settled there
//	            --newest packet from the old address----> settled where it was
//	            --3 s without a response----------------> settled where it was
//	            --newest packet from a third address----> challenging that one
//
// The details:
//
//   - Only a newest packet starts a challenge. A late one comes from where the client was.
//   - A newest packet from the old address ends the challenge. A client that moved sends everything newer from its
//     new address, so either it came back or someone else delivered a copy first; in both cases there is no reason to
//     move.
//   - An attacker who copies every datagram and is always faster becomes a candidate that never responds, and the
//     client keeps its datagrams. If the attacker also carries the challenge to the client and the response back, the
//     attacker is a relay, and is used as one until the server receives from the client directly again.
//   - A repeated challenge has the same 8 bytes. Otherwise a response that takes longer than 100 ms would always
//     answer an earlier one.
//   - Nothing happens by time alone. A challenge is repeated only when bytes arrive from the candidate.
//   - After 3 s without a response the next newest packet from there starts again with new bytes, so that a path that
//     is broken in one direction can recover.
//   - An address here is a whole Route. A packet from the client's address to another address of the server counts as
//     one from a new address. Otherwise anyone who copies it to that address would decide where answers come from.
//
// The zero value has no address yet. The caller must pass unmapped addresses, netip.AddrPortFrom(a.Addr().Unmap(),
// a.Port()): an IPv4 address and the same one mapped to IPv6 would count as two.
type Path struct {
	route     Route
	candidate candidate
}

// A candidate is a route under validation. The zero value is no candidate.
type candidate struct {
	route     Route
	challenge [8]byte
	since     time.Time // when it became the candidate
	asked     time.Time // when the challenge was last due
	in, out   int       // bytes from and to it
}

// Bind sets the first address without a challenge. The address must be known to be the peer's, for instance because
// the TLS connection came from the same IP address: otherwise a client could have datagrams sent to a stranger. Later
// calls change nothing. Without Bind, the first address is a candidate like every other.
func (p *Path) Bind(r Route) {
	if !p.route.IsValid() {
		p.route = r
	}
}

// Received takes the addresses and the size in bytes of a datagram that Open accepted. newest says that its packet
// number equals the session's Newest after Open. If the result is true, a challenge with the bytes of Challenge is
// due to Candidate, provided that MaySend allows its size; if it does not, the challenge is due again 100 ms later.
// If the packet is a response to a challenge, call Response first, which may make another challenge needless.
//
// The 8 random bytes are used if a challenge begins here. They must be unpredictable: take them from crypto/rand.
func (p *Path) Received(now time.Time, from Route, size int, newest bool, random [8]byte) (challenge bool) {
	if !from.IsValid() {
		return false
	}
	p.expire(now)
	switch {
	case from == p.route:
		if newest {
			p.candidate = candidate{}
		}
		return false
	case from == p.candidate.route:
		p.candidate.in += size
		if now.Sub(p.candidate.asked) < challengeEvery {
			return false
		}
		p.candidate.asked = now
		return true
	case newest:
		p.candidate = candidate{route: from, challenge: random, since: now, asked: now, in: size}
		return true
	}
	return false
}

// expire drops a candidate that has not responded in time.
func (p *Path) expire(now time.Time) {
	if p.candidate.route.IsValid() && now.Sub(p.candidate.since) >= challengeFor {
		p.candidate = candidate{}
	}
}

// Response takes the 8 bytes of an authentic response to a challenge and reports whether the address changed. A
// response must come from the candidate itself, which shows that the path works in both directions, and repeat the
// challenge; any other changes nothing.
func (p *Path) Response(now time.Time, from Route, data [8]byte) (moved bool) {
	p.expire(now)
	if !p.candidate.route.IsValid() || from != p.candidate.route {
		return false
	}
	if subtle.ConstantTimeCompare(data[:], p.candidate.challenge[:]) != 1 {
		return false
	}
	p.route = from
	p.candidate = candidate{}
	return true
}

// Address returns where to send: the newest validated address, or the invalid AddrPort if there is none yet.
func (p *Path) Address() netip.AddrPort { return p.route.Remote }

// Local returns which address to send from: that of the server to which the client sends, invalid if it is not known.
func (p *Path) Local() netip.Addr { return p.route.Local }

// Candidate returns the route under validation, or an invalid one if there is none.
func (p *Path) Candidate() Route { return p.candidate.route }

// Challenge returns the bytes that the candidate has to send back.
func (p *Path) Challenge() [8]byte { return p.candidate.challenge }

// MaySend reports whether a datagram of size bytes may go to the candidate: no more bytes may go there than came from
// there.
func (p *Path) MaySend(size int) bool {
	return p.candidate.route.IsValid() && p.candidate.out+size <= p.candidate.in
}

// Sent records that a datagram of size bytes went to the candidate.
func (p *Path) Sent(size int) { p.candidate.out += size }
