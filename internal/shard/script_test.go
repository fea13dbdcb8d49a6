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

// A script is a story of players told to a Shard in bytes, two an event: what happens, and to whom or for how long.
// Beside the shard goes a model that knows only what a player or an onlooker can know. After every event the two are
// compared:
//
//   - no session uses a packet number twice, so no (key, nonce) pair repeats
//   - an address that has not shown that datagrams reach it is sent at most as many bytes as authentic ones came from it
//   - what is forged or comes again is not accepted and not answered
//   - who has left, never registered or was silent for too long is gone; who is heard keeps the seat
//   - sessions, seats, secrets and newcomers tell the same story, and every datagram is counted once
type script struct {
	t      testing.TB
	shard  *Shard
	now    time.Time
	chance *rand.ChaCha8
	actors []*actor
	byID   map[sealed.ID]*actor
	last   Counts
	sent   int // datagrams, by the shard
	event  string
}

// An actor is a player of a script: one session.
type actor struct {
	id       sealed.ID
	keys     *sealed.Session
	home     netip.Addr     // of the TLS connection
	from     netip.AddrPort // where it sends from now
	seat     uint8
	token    [wire.TokenLen]byte
	resume   []byte
	ledger   uint32 // the newest packet number that the shard has used
	gone     bool   // it left, or its place was taken
	ended    bool   // an ERROR was the last line
	joined   time.Time
	heard    time.Time // the last datagram that was accepted
	present  bool      // it has registered
	line     *lineage
	spoken   []spoken // what it has sealed and not delivered yet, or delivered
	proved   map[netip.AddrPort]bool
	in, out  map[netip.AddrPort]int
	asked    [8]byte        // by the newest challenge
	askedAt  netip.AddrPort // where it came
	previous *actor         // whose seat it takes when it registers
}

// A lineage are the sessions that one player has had in one seat, each by the secret of another.
type lineage struct {
	left   bool   // one of them has left, or lost its control connection
	newest *actor // who has registered last
}

// spoken is a datagram that an actor has sealed.
type spoken struct {
	kind wire.Type
	data []byte
	came bool
}

// enough bounds what a script can make.
const enough = 24

func newScript(t testing.TB) *script {
	s := &script{
		t: t, now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), chance: rand.NewChaCha8([32]byte{7}),
		byID: make(map[sealed.ID]*actor),
	}
	s.shard = New(Config{Auto: true, Random: s.chance, MaxSeats: 16, Rules: game.Rules{Points: 1}, Send: s.send, SendLine: s.tell, Report: func(Report) {}}, s.now)
	return s
}

func (s *script) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("after %q at %v: %s", s.event, s.now.Sub(s.shard.epoch), fmt.Sprintf(format, args...))
}

// place returns an address: a few hosts with a few ports, so that actors meet there.
func place(arg byte) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, arg % 5}), 1000+uint16(arg/5%4))
}

// send takes a datagram from the shard and holds it against the ledger and the budget of its address.
func (s *script) send(_ netip.Addr, to netip.AddrPort, b []byte) {
	s.sent++
	id, ok := sealed.ParseID(b)
	a := s.byID[id]
	if !ok || a == nil {
		s.fail("a datagram of no session is sent to %v", to)
	}
	number := binary.BigEndian.Uint32(b[9:])
	if number <= a.ledger {
		s.fail("session %v uses packet number %d after %d", id, number, a.ledger)
	}
	a.ledger = number
	a.out[to] += len(b)
	if !a.proved[to] && a.out[to] > a.in[to] {
		s.fail("%d bytes are sent to %v, from which %d came and which has proved nothing", a.out[to], to, a.in[to])
	}
	plain, _, err := a.keys.Open(nil, b)
	if err != nil {
		s.fail("what is sent to session %v does not open: %v", id, err)
	}
	kind, err := wire.ParseType(plain)
	if err != nil || !kind.Downward() {
		s.fail("session %v is sent a body of type %d: %v", id, plain[0], err)
	}
	if kind == wire.TypeChallenge {
		a.asked, a.askedAt = wire.ParseChallenge(plain), to
	}
}

// tell takes a control line from the shard.
func (s *script) tell(id sealed.ID, m wire.Message) {
	a := s.byID[id]
	if a == nil {
		s.fail("%s is told to nobody", m.Type)
	}
	if a.ended {
		s.fail("%s follows an ERROR to session %v", m.Type, id)
	}
	a.ended = m.Type == wire.Error
}

// join asks for a seat, with the secret of another actor or without.
func (s *script) join(home netip.AddrPort, of *actor) {
	if len(s.actors) >= enough {
		return
	}
	a := &actor{
		home: home.Addr(), from: home, joined: s.now, previous: of,
		proved: make(map[netip.AddrPort]bool), in: make(map[netip.AddrPort]int), out: make(map[netip.AddrPort]int),
	}
	var secret [32]byte
	_, _ = s.chance.Read(a.id[:])
	_, _ = s.chance.Read(secret[:])
	keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret[:], a.id)
	if err != nil {
		s.t.Fatal(err)
	}
	a.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret[:], a.id)
	j := JoinRequest{ID: a.id, Sealed: keys, Name: "actor", Addr: a.home}
	var seat *seat
	a.line = &lineage{newest: a}
	if of != nil {
		a.line = of.line
		j.Resume = of.resume
		seat = s.shard.resumes[sha256.Sum256(of.resume)]
	}
	s.byID[a.id] = a
	welcome, err := s.shard.Join(s.now, j)
	if err != nil {
		delete(s.byID, a.id)
		if !errors.Is(err, ErrFull) && !(of != nil && errors.Is(err, ErrResume)) {
			s.fail("a join is refused with %v", err)
		}
		if of != nil && s.shard.sessions[of.id] != nil {
			s.fail("the secret of a session that is there is refused with %v", err)
		}
		return
	}
	if of != nil && s.shard.sessions[a.id].seat != seat {
		s.fail("a player comes back to another seat")
	}
	a.seat = uint8(welcome.PlayerID)
	token, _ := base64.RawURLEncoding.DecodeString(welcome.Token)
	a.token = [wire.TokenLen]byte(token)
	a.resume, _ = base64.RawURLEncoding.DecodeString(welcome.Resume)
	s.actors = append(s.actors, a)
	s.shard.Presence(s.now, a.id)
}

// speak seals a body for an actor. It is delivered now, or later.
func (s *script) speak(a *actor, plain []byte, now bool) {
	b, err := a.keys.Seal(nil, plain)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(a.spoken) == 64 {
		a.spoken = a.spoken[1:]
	}
	a.spoken = append(a.spoken, spoken{kind: wire.Type(plain[0]), data: b})
	if now {
		s.deliver(a, len(a.spoken)-1, a.from)
	}
}

// deliver lets a datagram of an actor reach the shard, for the first time or again.
func (s *script) deliver(a *actor, i int, from netip.AddrPort) {
	if i < 0 {
		return
	}
	p := &a.spoken[i]
	if p.came {
		s.refused(from, p.data)
		return
	}
	p.came = true
	before := s.shard.Counts().Accepted
	a.in[from] += len(p.data)
	if p.kind == wire.TypeRegister && from.Addr() == a.home {
		a.proved[from] = true // TCP has shown that the host is there
	}
	if p.kind == wire.TypeResponse && from == a.askedAt {
		a.proved[from] = true
	}
	s.shard.Receive(s.now, from, p.data)
	if s.shard.Counts().Accepted == before {
		return // too many, or out of turn, or the session is gone
	}
	a.heard = s.now
	if p.kind == wire.TypeRegister && !a.present {
		a.present = true
		s.succeed(a)
	}
}

// succeed notes that an actor who has registered has taken the place of another.
func (s *script) succeed(a *actor) {
	a.line.newest = a
	if old := a.previous; old != nil && s.shard.sessions[old.id] != nil {
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
	if after.Limited+after.Invalid+after.Unregistered+after.BadToken != before.Limited+before.Invalid+before.Unregistered+before.BadToken {
		s.fail("a datagram that is not authentic was opened: %x", b)
	}
}

// play does one event.
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
		s.join(place(arg), nil)
	case 1:
		s.event = "time passes"
		s.pass(time.Duration(arg) * time.Duration(arg) * time.Millisecond)
	case 2:
		s.event = "register"
		s.speak(a, wire.AppendRegister(nil, stamp, wire.Register{PlayerID: a.seat, Token: a.token}), true)
	case 3, 4:
		s.event = "input"
		st, _ := s.shard.State(a.id)
		s.speak(a, wire.AppendInput(nil, stamp, wire.Input{
			Newest: netcode.Tick(st.Tick) + netcode.Tick(arg%16), Runs: []netcode.Run[game.Input]{{Input: game.Input(arg % 3), N: 1 + int(arg%8)}},
		}), true)
	case 5:
		s.event = "ping"
		s.speak(a, wire.AppendPing(nil, stamp), true)
	case 6:
		s.event = "roam"
		a.from = place(byte(s.chance.Uint64()))
	case 7:
		s.event = "sent and not delivered"
		s.speak(a, wire.AppendPing(nil, stamp), false)
	case 8:
		s.event = "delivered late"
		s.deliver(a, oldest(a.spoken), a.from)
	case 9:
		s.event = "duplicate"
		s.deliver(a, len(a.spoken)-1, a.from)
	case 10:
		s.event = "duplicate from elsewhere"
		s.deliver(a, len(a.spoken)-1, place(arg/3))
	case 11:
		s.event = "forge"
		s.forge(a, arg)
	case 12:
		s.event = "answer the challenge"
		s.speak(a, wire.AppendResponse(nil, stamp, a.asked), true)
	case 13:
		s.event = "answer wrongly"
		s.speak(a, wire.AppendResponse(nil, stamp, [8]byte{arg}), false)
		if i := len(a.spoken) - 1; a.asked != [8]byte{arg} {
			a.spoken[i].kind = wire.TypePing // it proves nothing
		}
		s.deliver(a, len(a.spoken)-1, a.from)
	case 14:
		s.event = "resume"
		s.join(place(arg), a)
	case 15:
		s.event = "bye"
		s.shard.Leave(s.now, a.id)
		a.gone, a.line.left = true, true
	case 16:
		s.event = "control lost"
		s.shard.ControlLost(s.now, a.id, "closed the connection")
		a.line.left = true
	case 17:
		s.event = "rematch"
		s.shard.Rematch(s.now, a.id)
	case 18:
		s.event = "register with a wrong token"
		s.speak(a, wire.AppendRegister(nil, stamp, wire.Register{PlayerID: a.seat, Token: [wire.TokenLen]byte{arg}}), false)
		a.spoken[len(a.spoken)-1].kind = wire.TypePing // it binds nothing
		s.deliver(a, len(a.spoken)-1, a.from)
	case 19:
		s.event = "all are heard"
		for _, a := range s.actors {
			s.speak(a, wire.AppendPing(nil, stamp), true)
		}
	}
	s.check()
}

// oldest returns the index of the oldest datagram that has not come, -1 if all have.
func oldest(all []spoken) int {
	for i := range all {
		if !all[i].came {
			return i
		}
	}
	return -1
}

// forge changes what an actor has said, or says it under another session.
func (s *script) forge(a *actor, arg byte) {
	if len(a.spoken) == 0 {
		return
	}
	b := bytes.Clone(a.spoken[int(arg)%len(a.spoken)].data)
	switch i := int(s.chance.Uint64() % uint64(len(b))); arg % 4 {
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

// pass lets time pass as a loop does.
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
	if n := c.Accepted + c.Malformed + c.Unknown + c.Replayed + c.Forged + c.Limited + c.Unregistered + c.BadToken + c.Invalid; n != c.Datagrams {
		s.fail("%d datagrams have come and %d are counted: %+v", c.Datagrams, n, c)
	}
	if c.Sent != s.sent {
		s.fail("%d datagrams are counted as sent, %d were", c.Sent, s.sent)
	}
	s.last = c
	s.checkActors()
	s.checkSeats()
}

func (s *script) checkActors() {
	for _, a := range s.actors {
		there := s.shard.sessions[a.id] != nil
		switch {
		case a.gone && there:
			s.fail("session %v has left or was replaced, and is still there", a.id)
		case there && a.ended:
			s.fail("session %v was told that it has ended, and is still there", a.id)
		case there && !a.present && s.now.Sub(a.joined) > RegisterWithin+time.Second:
			s.fail("session %v has not registered for %v", a.id, s.now.Sub(a.joined))
		case there && a.present && s.now.Sub(a.heard) > FreedAfter+time.Second:
			s.fail("session %v was silent for %v", a.id, s.now.Sub(a.heard))
		case !there && !a.gone && a.line.newest == a && !a.line.left && a.present && s.now.Sub(a.heard) < SilentAfter:
			s.fail("session %v was heard %v ago, and is gone", a.id, s.now.Sub(a.heard))
		}
		if !there {
			a.gone = true
		}
	}
}

// checkSeats holds the shard's own books against each other.
func (s *script) checkSeats() {
	seated := 0
	for _, m := range s.shard.matches {
		for i := range m.seats {
			for _, p := range []*session{m.seats[i].session, m.seats[i].next} {
				if p == nil {
					continue
				}
				seated++
				if s.shard.sessions[p.id] != p || p.seat != &m.seats[i] || s.shard.resumes[p.resume] != p.seat {
					s.fail("a seat of %s has a session that does not know it", m.name)
				}
			}
			if m.seats[i].session == nil && m.seats[i].next != nil {
				s.fail("a seat of %s is free, and somebody comes back to it", m.name)
			}
		}
	}
	if seated != len(s.shard.sessions) || seated != len(s.shard.resumes) {
		s.fail("%d sit, of %d sessions with %d secrets", seated, len(s.shard.sessions), len(s.shard.resumes))
	}
	for home, waiting := range s.shard.unregistered {
		if len(waiting) == 0 || len(waiting) > maxUnregistered {
			s.fail("%d newcomers from %v", len(waiting), home)
		}
		for _, p := range waiting {
			if p.registered || s.shard.sessions[p.id] != p {
				s.fail("a newcomer from %v has registered or is gone", home)
			}
		}
	}
}

// FuzzScript plays any bytes as a script.
func FuzzScript(f *testing.F) {
	two := []byte{0, 1, 0, 2, 2, 0, 2, 1, 1, 100}
	f.Add(two)
	f.Add(append(bytes.Clone(two), 3, 0, 3, 1, 6, 0, 5, 0, 12, 0, 1, 60, 9, 0, 11, 0, 11, 1, 11, 2, 11, 3))  // roams
	f.Add(append(bytes.Clone(two), 14, 0, 1, 50, 2, 2, 1, 50, 14, 0, 14, 2, 2, 3, 16, 0, 1, 255))            // comes back twice
	f.Add(append(bytes.Clone(two), 15, 0, 0, 3, 2, 2, 1, 80, 17, 1, 17, 2, 1, 255, 19, 0, 1, 255))           // leaves, another comes
	f.Add(append(bytes.Clone(two), 7, 0, 7, 0, 3, 0, 8, 0, 8, 0, 8, 0, 10, 77, 1, 255, 1, 255, 18, 0, 2, 0)) // late, silent
	f.Add(bytes.Repeat([]byte{0, 7, 14, 3, 1, 90}, 12))
	f.Fuzz(func(t *testing.T, story []byte) {
		if len(story) > 1000 {
			return
		}
		s := newScript(t)
		for i := 0; i+1 < len(story); i += 2 {
			s.play(story[i], story[i+1])
		}
	})
}

// TestScript_Random plays many long scripts, in which no session uses a packet number twice.
func TestScript_Random(t *testing.T) {
	const scripts, events = 300, 400
	sent, accepted, moved := 0, 0, 0
	for seed := range uint64(scripts) {
		r := rand.New(rand.NewPCG(seed, 9))
		s := newScript(t)
		for range events {
			what, arg := byte(r.Uint32()), byte(r.Uint32())
			if r.IntN(2) == 0 {
				what = []byte{2, 19, 12}[r.IntN(3)] // or nobody would be left soon
			}
			if what%20 == 1 && r.IntN(30) > 0 {
				arg %= 40
			}
			s.play(what, arg)
		}
		c := s.shard.Counts()
		sent, accepted, moved = sent+c.Sent, accepted+c.Accepted, moved+c.Moved
	}
	if sent < 100_000 || accepted < 10_000 || moved < 100 {
		t.Errorf("the scripts say little: %d datagrams sent, %d accepted, %d moves", sent, accepted, moved)
	}
	t.Logf("%d datagrams sent, %d accepted, %d moves", sent, accepted, moved)
}
