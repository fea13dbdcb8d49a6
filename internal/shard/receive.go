package shard

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/netip"
	"slices"
	"time"

	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// Receive takes a datagram that came from an address at a time.
func (s *Shard) Receive(at time.Time, from netip.AddrPort, datagram []byte) {
	s.scratch.single[0] = Datagram{at, from, datagram}
	s.ReceiveAll(s.scratch.single[:])
}

// ReceiveAll takes datagrams that came together. Before the first of them is opened, all their sessions are looked up, and
// what they will need of a session is read: with thousands of players none of it is in a cache, and a processor that is
// asked for much at once waits for all of it as long as for a part.
func (s *Shard) ReceiveAll(batch []Datagram) {
	for together := range slices.Chunk(batch, len(s.scratch.found)) {
		found := s.scratch.found[:len(together)]
		for i := range together {
			found[i] = s.find(together[i].Data)
		}
		for _, p := range found {
			if p != nil {
				s.scratch.fetched += p.prefetch()
			}
		}
		for i, p := range found {
			if p != nil {
				s.receive(p, &together[i])
			}
		}
	}
}

// find returns the session that a datagram names, nil if there is none.
func (s *Shard) find(datagram []byte) *session {
	s.counts.Datagrams++
	s.counts.BytesIn += len(datagram)
	id, ok := sealed.ParseID(datagram)
	if !ok {
		s.counts.Malformed++
		return nil
	}
	p := s.sessions[id]
	if p == nil {
		s.counts.Unknown++
	}
	return p
}

// receive takes a datagram that names a session. Checks stand in order of cost, and until the packet number has been
// committed (in Open) nothing but a counter changes. What is not authentic is never answered.
func (s *Shard) receive(p *session, d *Datagram) {
	if p.removed { // since it was found: a datagram before this one has brought its player back elsewhere
		s.counts.Unknown++
		return
	}
	now, from := d.At, d.From
	plain, number, err := p.sealed.Open(s.scratch.plain[:0], d.Data)
	if err != nil {
		if errors.Is(err, sealed.ErrReplay) {
			s.counts.Replayed++
		} else {
			s.counts.Forged++
		}
		return
	}
	if !p.bucket.take(now) {
		s.counts.Limited++
		return
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Upward() {
		s.counts.Invalid++
		return
	}
	if !p.registered && kind != wire.TypeRegister {
		s.counts.Unregistered++
		return
	}
	s.dispatch(now, p, from, kind, plain, number, len(d.Data))
}

// dispatch acts on an authentic plaintext of the right shape.
func (s *Shard) dispatch(now time.Time, p *session, from netip.AddrPort, kind wire.Type, plain []byte, number uint32, size int) {
	moved := false
	switch kind {
	case wire.TypeRegister:
		if !s.register(now, p, from, wire.ParseRegister(plain)) {
			s.counts.BadToken++
			return
		}
	case wire.TypeInput:
		if !s.input(now, p, plain) {
			s.counts.Invalid++
			return
		}
		s.counts.Inputs++
	case wire.TypeResponse:
		before := p.path.Address()
		if moved = p.path.Response(now, from, wire.ParseChallenge(plain)); moved {
			s.counts.Moved++
			if before.IsValid() && !p.seat.watches() {
				s.report(p.seat.match, p.seat, Moved, "")
			}
		}
	}
	s.counts.Accepted++
	s.measure(p, p.echo.Receive(now, number, wire.ParseStamp(plain)), number)
	p.lastReceived = now
	s.markAlive(p)
	s.checkPath(now, p, from, number, size)
	if moved { // what was sent meanwhile is lost, and the next STATE may be three ticks away
		s.sendState(now, p, s.stateOf(p.seat.match, p.seat.match.reason))
	}
}

// measure records what the stamp and the packet number of a datagram say about its way.
func (s *Shard) measure(p *session, a netcode.Arrival, number uint32) {
	if a.HasRTT {
		s.histograms.rtt.observe(a.RTT)
	}
	p.lateness.Add(a.At, a.Transit)
	p.loss.Add(number)
}

// checkPath starts a path challenge when an authentic packet has come from a new address.
func (s *Shard) checkPath(now time.Time, p *session, from netip.AddrPort, number uint32, size int) {
	if from == p.path.Address() {
		if !p.path.Candidate().IsValid() {
			return // nearly always: there is nothing to learn
		}
		p.path.Received(now, from, size, number == p.sealed.Newest(), [8]byte{})
		return
	}
	var random [8]byte
	if _, err := io.ReadFull(s.cfg.Random, random[:]); err != nil {
		return
	}
	if !p.path.Received(now, from, size, number == p.sealed.Newest(), random) {
		return
	}
	plain := wire.AppendChallenge(s.scratch.plain[:0], p.echo.Stamp(now), p.path.Challenge())
	if p.path.MaySend(len(plain) + sealed.Overhead) {
		s.seal(p, p.path.Candidate(), plain)
		p.path.Sent(len(plain) + sealed.Overhead)
	}
}

// register binds the address to the seat. It is idempotent: a client repeats it until a STATE answers.
func (s *Shard) register(now time.Time, p *session, from netip.AddrPort, r wire.Register) bool {
	digest := sha256.Sum256(r.Token[:])
	if int(r.PlayerID) != p.seat.player+1 || subtle.ConstantTimeCompare(digest[:], p.token[:]) != 1 {
		return false
	}
	if from.Addr() == p.addr {
		p.path.Bind(from)
	} // else nothing is sent there until it has answered a challenge: the source may be somebody else's
	if p.registered {
		return true
	}
	p.registered = true
	s.unregistered.remove(p)
	place := p.seat
	if old := place.session; old != p { // came back: the old session retires only now
		place.session, place.next = p, nil
		s.closeSession(old, "has joined again from elsewhere")
	}
	p.inputs.Reset(place.match.tick())
	return true
}

// markAlive notes that a seat is alive, and tells the others if that is news.
func (s *Shard) markAlive(p *session) {
	place := p.seat
	if place.session != p || place.status == wire.StatusOnline {
		return
	}
	kind := Online
	if place.status == wire.StatusSilent {
		kind = Back
		place.paused += p.lastReceived.Sub(place.silent)
	}
	place.status = wire.StatusOnline
	if place.watches() {
		return // nobody else need know
	}
	m := place.match
	s.sendLineToAll(m, place.presence(p.lastReceived))
	s.report(m, place, kind, "")
	s.maybeBegin(place)
	s.merge()
}

// input stores the inputs of an INPUT and measures how early they are.
func (s *Shard) input(now time.Time, p *session, plain []byte) bool {
	in, err := wire.ParseInput(plain, s.scratch.runs[:0])
	if err != nil {
		return false
	}
	early := p.seat.match.start.Sub(now)
	p.inputs.PutRuns(in.Newest, in.Runs, func(t netcode.Tick, fate netcode.Fate) {
		s.counts.Fates[fate]++
		margin := float64(early+since(t)) / float64(Period)
		p.margins.add(margin)
		s.histograms.margin.observeTicks(margin)
	})
	return true
}

// A Datagram is one that has arrived. Package udp has the same type under the same name: the alias lets batches pass from
// one to the other without either importing the other.
type Datagram = struct {
	At   time.Time // when it arrived
	From netip.AddrPort
	Data []byte
}
