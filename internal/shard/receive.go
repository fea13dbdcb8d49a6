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

// A Datagram is one that has arrived. Package udp has the same type under the same name: the alias lets batches pass
// from one package to the other without an import.
type Datagram = struct {
	At   time.Time      // when it arrived
	From netip.AddrPort // the sender
	To   netip.Addr     // which of our addresses it was sent to; invalid if that is not known
	Data []byte
}

// Receive takes a datagram that arrived from an address at a time.
func (s *Shard) Receive(at time.Time, from netip.AddrPort, datagram []byte) {
	s.scratch.single[0] = Datagram{At: at, From: from, Data: datagram}
	s.ReceiveAll(s.scratch.single[:])
}

// ReceiveAll takes datagrams that arrived together. Before it opens the first of them it looks up all their sessions
// and reads what they will need of each. With thousands of players nothing of a session is in a processor cache, and a
// processor waits for many cache misses at once as long as for one.
func (s *Shard) ReceiveAll(batch []Datagram) {
	for part := range slices.Chunk(batch, len(s.scratch.found)) {
		found := s.scratch.found[:len(part)]
		for i := range part {
			found[i] = s.find(part[i].Data)
		}
		for _, p := range found {
			if p != nil {
				s.scratch.fetched += p.prefetch()
			}
		}
		for i, p := range found {
			if p != nil {
				s.receive(p, &part[i])
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
		s.drop(DropMalformed)
		s.stray(datagram)
		return nil
	}
	p := s.tables.sessions[id]
	if p == nil {
		s.drop(DropUnknown)
		s.stray(datagram)
	}
	return p
}

// stray passes on a datagram that belongs to no session.
func (s *Shard) stray(datagram []byte) {
	if s.cfg.Stray != nil {
		s.cfg.Stray(datagram)
	}
}

func (s *Shard) drop(why DropReason) { s.counts.Dropped[why]++ }

// receive takes a datagram that names a session. The checks stand in order of their cost. Until Open has accepted the
// packet number nothing but a counter changes, and a datagram that is not authentic is never answered.
func (s *Shard) receive(p *session, d *Datagram) {
	if p.removed { // since it was found, because an earlier datagram of the batch has replaced it
		s.drop(DropUnknown)
		return
	}
	plain, number, err := p.sealed.Open(s.scratch.plain[:0], d.Data)
	if err != nil {
		if errors.Is(err, sealed.ErrReplay) {
			s.drop(DropReplayed)
		} else {
			s.drop(DropForged)
		}
		return
	}
	kind, err := wire.ParseType(plain)
	moved := d.From != p.path.Address() || d.To != p.path.Local()
	switch {
	case !p.bucket.take(d.At.Sub(s.epoch)):
		s.drop(DropLimited)
	case err != nil || !kind.Upward():
		s.drop(DropInvalid)
	case !p.registered && kind != wire.TypeRegister:
		s.drop(DropUnregistered)
	case moved && s.denies(d.From.Addr()):
		s.drop(DropDenied)
	default:
		s.dispatch(p, &packet{Datagram: d, moved: moved, number: number, kind: kind, plain: plain})
	}
}

// A packet is an authentic datagram.
type packet struct {
	*Datagram
	moved  bool // its addresses are not the session's, or were not when it arrived
	number uint32
	kind   wire.Type
	plain  []byte // a body of the kind
}

func (k *packet) route() sealed.Route { return sealed.Route{Remote: k.From, Local: k.To} }

// dispatch acts on a packet.
func (s *Shard) dispatch(p *session, k *packet) {
	answer := false // with a STATE, at once
	var in arrived
	switch k.kind {
	case wire.TypeRegister:
		if !s.register(p, k) {
			s.drop(DropBadToken)
			return
		}
	case wire.TypeInput:
		var err error
		if in, err = s.input(p, k); err != nil {
			s.drop(DropInvalid)
			return
		}
		s.counts.Inputs++
	case wire.TypeResponse:
		answer = s.response(p, k)
	}
	s.counts.Accepted++
	stamp := wire.ParseStamp(k.plain)
	a := p.echo.Receive(k.At, k.number, stamp)
	ago := a.RTT + time.Duration(stamp.Hold)*time.Microsecond // when what the packet echoes was sent, if it does
	s.measure(p, a, ago, k.number, &in)
	if p.seat.session == p && p.seat.unheard() {
		answer = true
	}
	m := p.seat.match
	if m.tick()-p.lastReceived >= wakeAfter && m.begun {
		p.seat.news.due, m.open = true, true
	}
	p.lastReceived = m.tick()
	if a.HasRTT && p.seat.awaitsEcho() && p.seat.echoed(k.At, ago) {
		s.markOnline(p)
	}
	s.checkPath(p, k)
	switch {
	case m.withholds():
	case answer: // everything sent meanwhile is lost, or nothing was, and the next STATE may be half a second away
		s.sendState(k.At, p, s.stateOf(m), m.reason)
	case m.open && in.n > 0 && p.seat.session == p && !s.cfg.Without.NoNews:
		s.sendNews(k.At, m)
	}
}

// measure records what the stamp and the number of a packet say about its path. The stamp is a claim of the client. If
// what it echoes was sent so long ago that the client counts as silent since, its round trip is not plausible.
func (s *Shard) measure(p *session, a netcode.Arrival, ago time.Duration, number uint32, in *arrived) {
	if a.HasRTT && ago <= SilentAfter {
		s.histograms.rtt.observe(a.RTT)
	}
	fresh := in.n
	if s.cfg.Without.NoWaiting {
		fresh = min(fresh, 1)
	}
	late := p.lateness.Add(a, number, fresh)
	if in.n > 0 {
		p.margins.add(in.oldest, in.newest, late)
	}
	p.loss.Add(number)
}

// register binds the session's address and gives the session its seat. It can be repeated: a client sends REGISTER
// until a STATE answers it.
func (s *Shard) register(p *session, k *packet) bool {
	r := wire.ParseRegister(k.plain)
	digest := sha256.Sum256(r.Token[:])
	if int(r.PlayerID) != p.seat.player+1 || subtle.ConstantTimeCompare(digest[:], p.token[:]) != 1 {
		return false
	}
	// Nothing is sent to another address until it has answered a challenge: a client can forge the source of its
	// REGISTER.
	if k.From.Addr() == p.addr || withoutZone(k.From.Addr()) == withoutZone(p.addr) {
		p.path.Bind(k.route())
	}
	if p.registered {
		return true
	}
	replaced := s.tables.register(p)
	if replaced != nil {
		s.endSession(replaced, Replaced)
	}
	if replaced != nil && replaced.absent {
		p.inputs, p.copied = replaced.inputs, replaced.copied // were copied: the client sends them no more
	} else {
		p.inputs.Reset(p.seat.match.tick())
	}
	p.seat.match.sendNow = true // the client is online only when it has echoed a STATE
	p.seat.match.registeredAt, p.seat.match.unsaved = p.seat.match.tick(), true
	s.merge() // a player who resumes and waits is not moved before
	return true
}

// arrived has how many inputs of a datagram arrived for the first time, and the margins of the oldest and the newest of
// them, in ticks: also those of refused ones, or a client that is too far ahead would never come back.
type arrived struct {
	n              int
	oldest, newest float64
}

// input stores the inputs of an INPUT and measures how early they are.
func (s *Shard) input(p *session, k *packet) (got arrived, err error) {
	in, err := wire.ParseInput(k.plain, s.scratch.runs[:0])
	if err != nil || p.seat.outdated {
		return got, err
	}
	if len(in.Runs) > 0 && in.Newest > p.inputs.Newest() && in.Runs[0].Input != p.key {
		p.key, p.seat.match.open = in.Runs[0].Input, true
	}
	early := p.seat.match.start.Sub(k.At)
	p.inputs.PutRuns(in.Newest, in.Runs, func(t netcode.Tick, fate netcode.Fate) {
		s.counts.Fates[fate]++
		margin := float64(early+since(t)) / float64(Period)
		if got.n++; got.n == 1 {
			got.newest = margin
		}
		got.oldest = margin
		if fate != netcode.TooEarly { // a client can name any tick
			s.histograms.margin.observeTicks(margin)
		}
	})
	return got, nil
}

// response reports whether a RESPONSE has moved the session to a new address.
func (s *Shard) response(p *session, k *packet) (moved bool) {
	before := p.path.Address()
	if !p.path.Response(k.At, k.route(), wire.ParseChallenge(k.plain)) {
		return false
	}
	s.counts.Moved++
	if before.IsValid() && !p.seat.watches() {
		s.report(p.seat.match, p.seat, Moved, NoReason)
	}
	return true
}

// markOnline records that both directions of a client's game channel work, and sends the others a PRESENCE if that is
// new.
func (s *Shard) markOnline(p *session) {
	seat := p.seat
	if seat.session != p || seat.status == seatOnline {
		return
	}
	kind := Online
	if seat.status == seatSilent {
		kind = Back
	}
	seat.status = seatOnline
	seat.endPause()
	if seat.watches() {
		return // players do not see watchers
	}
	s.sendLineToAll(seat.match, seat.presence())
	s.report(seat.match, seat, kind, NoReason)
	s.maybeBegin(seat)
	s.merge()
}

// checkPath starts a path challenge when a packet has come from a new address.
func (s *Shard) checkPath(p *session, k *packet) {
	newest := k.number == p.sealed.Newest()
	if !k.moved || k.From == p.path.Address() && k.To == p.path.Local() {
		if p.path.Candidate().IsValid() { // rarely
			p.path.Received(k.At, k.route(), len(k.Data), newest, [8]byte{})
		}
		return
	}
	var random [8]byte
	if _, err := io.ReadFull(s.cfg.Random, random[:]); err != nil {
		return
	}
	if !p.path.Received(k.At, k.route(), len(k.Data), newest, random) {
		return
	}
	plain := wire.AppendChallenge(s.scratch.plain[:0], p.echo.Stamp(k.At), p.path.Challenge())
	if p.path.MaySend(len(plain) + sealed.Overhead) {
		to := p.path.Candidate()
		s.seal(p, to.Local, to.Remote, plain)
		p.path.Sent(len(plain) + sealed.Overhead)
	}
}
