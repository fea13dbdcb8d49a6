package shard

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A script is a sequence of events for a Shard, in two bytes each: what happens, and to which player or for how long. A
// model beside the shard knows only what a client or an observer of the network can know. After every event they are
// compared:
//
//   - no session uses a packet number twice, so that no pair of key and nonce repeats
//   - an address that has not proved that it receives datagrams is sent at most as many bytes as authentic ones came
//     from it
//   - a forged or repeated datagram is neither accepted nor answered
//   - a session that has left, never registered or was silent for too long is gone; one that sends keeps its seat
//   - the tables agree with each other, and every datagram is counted once
type script struct {
	t      testing.TB
	shard  *Shard
	now    time.Time
	random *rand.ChaCha8
	actors []*actor
	byID   map[sealed.ID]*actor
	sent   int // datagrams, by the shard
	event  string
}

// An actor is one session of a player of a script.
type actor struct {
	id       sealed.ID
	keys     *sealed.Session
	home     netip.Addr     // of the TLS connection
	from     netip.AddrPort // where it sends from now
	seat     uint8
	token    [wire.TokenLen]byte
	resume   []byte
	welcome  wire.Message
	ledger   uint32 // the newest packet number that the shard has used
	gone     bool   // it has left or was replaced
	ended    bool   // an ERROR was its last line
	joined   time.Time
	accepted time.Time // when its last datagram was accepted
	present  bool      // it has registered
	line     *lineage
	sealed   []sealedBody // its datagrams, delivered or not
	proved   map[netip.AddrPort]bool
	in, out  map[netip.AddrPort]int // bytes from and to an address
	asked    [8]byte                // the newest challenge
	askedAt  netip.AddrPort         // where it arrived
	previous *actor                 // whose seat it takes when it registers
}

// A lineage is the sequence of sessions that one player has had in one seat.
type lineage struct {
	left   bool   // one of them has left, or has lost its control connection
	newest *actor // the last one that has registered
}

// A sealedBody is a datagram that an actor has sealed.
type sealedBody struct {
	kind      wire.Type
	data      []byte
	delivered bool
}

// maxActors bounds the number of sessions in a script.
const maxActors = 24

func newScript(t testing.TB) *script {
	s := &script{
		t: t, now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), random: rand.NewChaCha8([32]byte{7}),
		byID: make(map[sealed.ID]*actor),
	}
	s.shard = New(Config{
		Auto: true, Random: s.random, MaxSeats: 16, Rules: game.Rules{Points: 1},
		Send: s.send, SendLine: s.sendLine, Report: func(Report) {},
	}, s.now)
	return s
}

func (s *script) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("after %q at %v: %s", s.event, s.now.Sub(s.shard.epoch), fmt.Sprintf(format, args...))
}

// address returns an address: few hosts with few ports, so that actors share them.
func address(arg byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, arg % 5}), 1000+uint16(arg/5%4))
}

// send takes a datagram from the shard. It checks the packet number and the budget of the address.
func (s *script) send(_ netip.Addr, to netip.AddrPort, b []byte) {
	s.sent++
	id, ok := sealed.ParseID(b)
	a := s.byID[id]
	if !ok || a == nil {
		s.fail("a datagram of an unknown session is sent to %v", to)
	}
	number := binary.BigEndian.Uint32(b[9:])
	if number <= a.ledger {
		s.fail("session %v uses packet number %d after %d", id, number, a.ledger)
	}
	a.ledger = number
	a.out[to] += len(b)
	if !a.proved[to] && a.out[to] > a.in[to] {
		s.fail("%d bytes are sent to %v, which has sent %d and proved nothing", a.out[to], to, a.in[to])
	}
	plain, _, err := a.keys.Open(nil, b)
	if err != nil {
		s.fail("a datagram to session %v does not open: %v", id, err)
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Downward() {
		s.fail("session %v is sent a body of type %d: %v", id, plain[0], err)
	}
	if kind == wire.TypeChallenge {
		a.asked, a.askedAt = wire.ParseChallenge(plain), to
	}
}

// sendLine takes a control line from the shard.
func (s *script) sendLine(id sealed.ID, m wire.Message) {
	a := s.byID[id]
	if a == nil {
		s.fail("%s is sent to the unknown session %v", m.Type, id)
	}
	if a.ended {
		s.fail("%s follows an ERROR to session %v", m.Type, id)
	}
	if m.Type == wire.Welcome {
		a.welcome = m
	}
	a.ended = m.Type == wire.Error
}

// join joins a new actor, who resumes the seat of another actor unless it is nil.
func (s *script) join(home netip.AddrPort, of *actor) {
	if len(s.actors) >= maxActors {
		return
	}
	a := &actor{
		home: home.Addr(), from: home, joined: s.now, previous: of,
		proved: make(map[netip.AddrPort]bool), in: make(map[netip.AddrPort]int), out: make(map[netip.AddrPort]int),
	}
	var secret [32]byte
	_, _ = s.random.Read(a.id[:])
	_, _ = s.random.Read(secret[:])
	keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret[:], a.id)
	if err != nil {
		s.t.Fatal(err)
	}
	a.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret[:], a.id)
	r := JoinRequest{ID: a.id, Sealed: keys, Name: "actor", Addr: a.home}
	var seat *seat
	a.line = &lineage{newest: a}
	if of != nil {
		a.line = of.line
		r.Resume = of.resume
		seat = s.shard.tables.resumes[sha256.Sum256(of.resume)]
	}
	s.byID[a.id] = a
	if err := s.shard.Join(s.now, r); err != nil {
		delete(s.byID, a.id)
		if !errors.Is(err, ErrFull) && !(of != nil && errors.Is(err, ErrResume)) {
			s.fail("a join is refused with %v", err)
		}
		if of != nil && s.shard.tables.sessions[of.id] != nil {
			s.fail("the secret of an existing session is refused with %v", err)
		}
		return
	}
	if of != nil && s.shard.tables.sessions[a.id].seat != seat {
		s.fail("a player resumes at another seat")
	}
	a.seat = uint8(a.welcome.PlayerID)
	token, _ := base64.RawURLEncoding.DecodeString(a.welcome.Token)
	a.token = [wire.TokenLen]byte(token)
	a.resume, _ = base64.RawURLEncoding.DecodeString(a.welcome.Resume)
	s.actors = append(s.actors, a)
}

// seal seals a body for an actor, and delivers it now or leaves it for later.
func (s *script) seal(a *actor, plain []byte, now bool) {
	b, err := a.keys.Seal(nil, plain)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(a.sealed) == 64 {
		a.sealed = a.sealed[1:]
	}
	a.sealed = append(a.sealed, sealedBody{kind: wire.Type(plain[0]), data: b})
	if now {
		s.deliver(a, len(a.sealed)-1, a.from)
	}
}

// deliver delivers a datagram of an actor to the shard, for the first time or again.
func (s *script) deliver(a *actor, i int, from netip.AddrPort) {
	if i < 0 {
		return
	}
	p := &a.sealed[i]
	if p.delivered {
		s.refused(from, p.data)
		return
	}
	p.delivered = true
	before := s.shard.Counts().Accepted
	a.in[from] += len(p.data)
	if p.kind == wire.TypeRegister && from.Addr() == a.home {
		a.proved[from] = true // the TLS connection has proved the host
	}
	if p.kind == wire.TypeResponse && from == a.askedAt {
		a.proved[from] = true
	}
	s.shard.Receive(s.now, from, p.data)
	if s.shard.Counts().Accepted == before {
		return // too many, unexpected, or of a session that is gone
	}
	a.accepted = s.now
	if p.kind == wire.TypeRegister && !a.present {
		a.present = true
		s.replace(a)
	}
}

// replace records that an actor that has registered has replaced another.
func (s *script) replace(a *actor) {
	a.line.newest = a
	if old := a.previous; old != nil && s.shard.tables.sessions[old.id] != nil {
		s.fail("the old session is still there after the new one has registered")
	}
}

// refused gives the shard a datagram that it must neither accept nor answer.
func (s *script) refused(from netip.AddrPort, b []byte) {
	before, sent := s.shard.Counts(), s.sent
	s.shard.Receive(s.now, from, b)
	after := s.shard.Counts()
	if after.Accepted != before.Accepted || s.sent != sent {
		s.fail("a datagram that is not authentic is accepted or answered: %x", b)
	}
	for _, why := range []DropReason{DropLimited, DropInvalid, DropUnregistered, DropBadToken} {
		if after.Dropped[why] != before.Dropped[why] {
			s.fail("a datagram that is not authentic is counted as %v: %x", why, b)
		}
	}
}

// play plays one event.
func (s *script) play(what, arg byte) {
	var a *actor
	if len(s.actors) > 0 {
		a = s.actors[int(arg)%len(s.actors)]
	}
	if what %= 20; a == nil && what != 1 {
		what = 0
	}
	switch what {
	case 0:
		s.event = "join"
		s.join(address(arg), nil)
	case 1:
		s.event = "time passes"
		s.pass(time.Duration(arg) * time.Duration(arg) * time.Millisecond)
	case 2:
		s.event = "register"
		s.seal(a, wire.AppendRegister(nil, s.shard.echoing(a.id, s.now),
			wire.Register{PlayerID: a.seat, Token: a.token}), true)
	case 3, 4:
		s.event = "input"
		st, _ := s.shard.State(a.id)
		s.seal(a, wire.AppendInput(nil, s.shard.echoing(a.id, s.now), wire.Input{
			Newest: netcode.Tick(st.Tick) + netcode.Tick(arg%16),
			Runs:   []netcode.Run[game.Input]{{Input: game.Input(arg % 3), N: 1 + int(arg%8)}},
		}), true)
	case 5:
		s.event = "ping"
		s.seal(a, wire.AppendPing(nil, s.shard.echoing(a.id, s.now)), true)
	case 6:
		s.event = "roam"
		a.from = address(byte(s.random.Uint64()))
	case 7:
		s.event = "seal without delivery"
		s.seal(a, wire.AppendPing(nil, s.shard.echoing(a.id, s.now)), false)
	case 8:
		s.event = "deliver late"
		s.deliver(a, oldest(a.sealed), a.from)
	case 9:
		s.event = "duplicate"
		s.deliver(a, len(a.sealed)-1, a.from)
	case 10:
		s.event = "duplicate from elsewhere"
		s.deliver(a, len(a.sealed)-1, address(arg/3))
	case 11:
		s.event = "forge"
		s.forge(a, arg)
	case 12:
		s.event = "answer the challenge"
		s.seal(a, wire.AppendResponse(nil, s.shard.echoing(a.id, s.now), a.asked), true)
	case 13:
		s.event = "answer wrongly"
		s.seal(a, wire.AppendResponse(nil, s.shard.echoing(a.id, s.now), [8]byte{arg}), false)
		if i := len(a.sealed) - 1; a.asked != [8]byte{arg} {
			a.sealed[i].kind = wire.TypePing // it proves nothing
		}
		s.deliver(a, len(a.sealed)-1, a.from)
	case 14:
		s.event = "resume"
		s.join(address(arg), a)
	case 15:
		s.event = "leave"
		s.shard.Leave(s.now, a.id)
		a.gone, a.line.left = true, true
	case 16:
		s.event = "control lost"
		s.shard.ControlLost(s.now, a.id, ConnectionClosed)
		a.line.left = true
	case 17:
		s.event = "rematch"
		s.shard.Rematch(s.now, a.id, 0)
	case 18:
		s.event = "register with a wrong token"
		wrong := wire.Register{PlayerID: a.seat, Token: [wire.TokenLen]byte{arg}}
		s.seal(a, wire.AppendRegister(nil, s.shard.echoing(a.id, s.now), wrong), false)
		a.sealed[len(a.sealed)-1].kind = wire.TypePing // it binds nothing
		s.deliver(a, len(a.sealed)-1, a.from)
	case 19:
		s.event = "all send a PING"
		for _, a := range s.actors {
			s.seal(a, wire.AppendPing(nil, s.shard.echoing(a.id, s.now)), true)
		}
	}
	s.check()
}

// oldest returns the index of the oldest datagram that was not delivered, -1 if all were.
func oldest(all []sealedBody) int {
	for i := range all {
		if !all[i].delivered {
			return i
		}
	}
	return -1
}

// forge changes a datagram of an actor, or its session.
func (s *script) forge(a *actor, arg byte) {
	if len(a.sealed) == 0 {
		return
	}
	b := bytes.Clone(a.sealed[int(arg)%len(a.sealed)].data)
	switch i := int(s.random.Uint64() % uint64(len(b))); arg % 4 {
	case 0:
		b[i] ^= 1 << (arg / 4 % 8)
	case 1:
		b = b[:i]
	case 2:
		b = append(b, arg)
	case 3:
		other := s.actors[int(arg/4)%len(s.actors)]
		if other == a {
			b[len(b)-1]++
		}
		copy(b[1:9], other.id[:])
	}
	s.refused(a.from, b)
}

// pass lets time pass, as in a loop of the server.
func (s *script) pass(d time.Duration) {
	for end := s.now.Add(d); ; {
		next := s.shard.Next(s.now)
		if next.After(end) {
			s.now = end
			return
		}
		s.now = next
		s.shard.Advance(s.now)
	}
}

// check compares the shard with the model, and with itself.
func (s *script) check() {
	c := s.shard.Counts()
	counted := c.Accepted
	for _, n := range c.Dropped {
		counted += n
	}
	if counted != c.Datagrams {
		s.fail("%d datagrams have arrived and %d are counted: %+v", c.Datagrams, counted, c)
	}
	if c.Sent != s.sent {
		s.fail("%d datagrams are counted as sent, %d were", c.Sent, s.sent)
	}
	s.checkActors()
	s.checkSeats()
}

func (s *script) checkActors() {
	for _, a := range s.actors {
		there := s.shard.tables.sessions[a.id] != nil
		switch {
		case a.gone && there:
			s.fail("session %v has left or was replaced, but exists", a.id)
		case there && a.ended:
			s.fail("session %v was sent an ERROR, but exists", a.id)
		case there && !a.present && s.now.Sub(a.joined) > RegisterWithin+time.Second:
			s.fail("session %v exists without a REGISTER after %v", a.id, s.now.Sub(a.joined))
		case there && a.present && s.now.Sub(a.accepted) > FreedAfter+time.Second:
			s.fail("session %v exists after a silence of %v", a.id, s.now.Sub(a.accepted))
		case !there && !a.gone && a.line.newest == a && !a.line.left && a.present &&
			s.now.Sub(a.accepted) < SilentAfter:
			s.fail("session %v is gone %v after an accepted datagram", a.id, s.now.Sub(a.accepted))
		}
		if !there {
			a.gone = true
		}
	}
}

// checkSeats compares the tables with each other.
func (s *script) checkSeats() {
	seated := 0
	for _, m := range s.shard.tables.matches {
		for i := range m.seats {
			for _, p := range []*session{m.seats[i].session, m.seats[i].next} {
				if p == nil {
					continue
				}
				seated++
				if s.shard.tables.sessions[p.id] != p || p.seat != &m.seats[i] ||
					s.shard.tables.resumes[p.resume] != p.seat {
					s.fail("a seat of %s has a session whose seat is another", m.name)
				}
			}
			if m.seats[i].session == nil && m.seats[i].next != nil {
				s.fail("a free seat of %s has a next session", m.name)
			}
		}
	}
	if seated != len(s.shard.tables.sessions) || seated != len(s.shard.tables.resumes) {
		s.fail("%d sessions have seats, of %d with %d secrets", seated, len(s.shard.tables.sessions),
			len(s.shard.tables.resumes))
	}
	for prefix, waiting := range s.shard.tables.unregistered {
		if len(waiting) == 0 || len(waiting) > maxUnregistered {
			s.fail("%d unregistered sessions of %v", len(waiting), prefix)
		}
		for _, p := range waiting {
			if p.registered || s.shard.tables.sessions[p.id] != p {
				s.fail("an unregistered session of %v has registered or is gone", prefix)
			}
		}
	}
}

// FuzzScript plays any bytes as a script.
func FuzzScript(f *testing.F) {
	two := []byte{0, 1, 0, 2, 2, 0, 2, 1, 1, 100}
	f.Add(two)
	for _, more := range [][]byte{
		{3, 0, 3, 1, 6, 0, 5, 0, 12, 0, 1, 60, 9, 0, 11, 0, 11, 1, 11, 2, 11, 3},  // roams
		{14, 0, 1, 50, 2, 2, 1, 50, 14, 0, 14, 2, 2, 3, 16, 0, 1, 255},            // resumes twice
		{15, 0, 0, 3, 2, 2, 1, 80, 17, 1, 17, 2, 1, 255, 19, 0, 1, 255},           // leaves, another joins
		{7, 0, 7, 0, 3, 0, 8, 0, 8, 0, 8, 0, 10, 77, 1, 255, 1, 255, 18, 0, 2, 0}, // late, silent
	} {
		f.Add(append(bytes.Clone(two), more...))
	}
	f.Add(bytes.Repeat([]byte{0, 7, 14, 3, 1, 90}, 12))
	f.Fuzz(func(t *testing.T, events []byte) {
		if len(events) > 1000 {
			return
		}
		s := newScript(t)
		for i := 0; i+1 < len(events); i += 2 {
			s.play(events[i], events[i+1])
		}
	})
}

// TestScript_Random plays many long random scripts.
func TestScript_Random(t *testing.T) {
	const scripts, events = 420, 400
	sent, accepted, moved := 0, 0, 0
	for seed := range uint64(scripts) {
		r := rand.New(rand.NewPCG(seed, 9))
		s := newScript(t)
		for range events {
			what, arg := byte(r.Uint32()), byte(r.Uint32())
			if r.IntN(2) == 0 {
				what = []byte{2, 19, 12}[r.IntN(3)] // or soon nobody would be left
			}
			if what%20 == 1 && r.IntN(30) > 0 {
				arg %= 40
			}
			s.play(what, arg)
		}
		c := s.shard.Counts()
		sent, accepted, moved = sent+c.Sent, accepted+c.Accepted, moved+c.Moved
	}
	if sent < 80_000 || accepted < 10_000 || moved < 100 {
		t.Errorf("%d datagrams sent, %d accepted, %d moves: too few for a meaningful test", sent, accepted, moved)
	}
	t.Logf("%d datagrams sent, %d accepted, %d moves", sent, accepted, moved)
}
