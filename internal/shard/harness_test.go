package shard

import (
	"encoding/base64"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// longRally is a seed with which paddles that rest return the first serve, so that no point is soon scored.
const longRally = 5

// A testShard is a shard with a virtual time and records of everything that it sends and reports.
type testShard struct {
	*Shard
	t       testing.TB
	now     time.Time
	sent    map[netip.AddrPort][][]byte
	sources map[netip.AddrPort]netip.Addr // our address from which the last of them was sent
	lines   map[sealed.ID][]wire.Message
	reports []Report
	serial  byte
	random  *rand.ChaCha8
}

// newTestShard returns a shard without players. If change is not nil it may change the configuration.
func newTestShard(t testing.TB, change func(*Config)) *testShard {
	d := &testShard{
		t: t, now: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		sent: make(map[netip.AddrPort][][]byte), sources: make(map[netip.AddrPort]netip.Addr),
		lines:  make(map[sealed.ID][]wire.Message),
		random: rand.NewChaCha8([32]byte{1}),
	}
	cfg := Config{
		Auto: true, Random: d.random,
		Send: func(from netip.Addr, to netip.AddrPort, b []byte) {
			d.sent[to] = append(d.sent[to], append([]byte(nil), b...))
			d.sources[to] = from
		},
		SendLine: func(to sealed.ID, m wire.Message) { d.lines[to] = append(d.lines[to], m) },
		Report: func(r Report) {
			d.reports = append(d.reports, r)
		},
	}
	if change != nil {
		change(&cfg)
	}
	d.Shard = New(cfg, d.now)
	return d
}

// A testPlayer is a player or watcher of a testShard: its keys and its WELCOME.
type testPlayer struct {
	shard   *testShard
	id      sealed.ID
	keys    *sealed.Session
	from    netip.AddrPort
	to      netip.Addr // our address that its datagrams are sent to
	welcome wire.Message
	token   [wire.TokenLen]byte
	deaf    bool // nothing arrives at it
}

// tryJoin joins a player, or one that resumes with a secret, and does not register.
func (d *testShard) tryJoin(resume []byte) (*testPlayer, error) {
	return d.tryJoinAs(JoinRequest{Resume: resume})
}

// tryJoinAs is tryJoin with a room, or for a watcher. The request needs neither keys nor a name.
func (d *testShard) tryJoinAs(r JoinRequest) (*testPlayer, error) {
	d.serial++
	id, from := sealed.ID{d.serial}, netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, d.serial}), 9)
	return d.joinWith(id, from, string('a'+rune(d.serial)), r)
}

// joinWith joins a client with an id, an address and a name.
func (d *testShard) joinWith(id sealed.ID, from netip.AddrPort, name string, r JoinRequest) (*testPlayer, error) {
	p := &testPlayer{shard: d, id: id, from: from}
	secret := make([]byte, 32)
	copy(secret, id[:])
	var err error
	if r.Sealed, err = sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, id); err != nil {
		d.t.Fatal(err)
	}
	if p.keys, err = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, id); err != nil {
		d.t.Fatal(err)
	}
	r.ID, r.Name, r.Addr = id, name, from.Addr()
	if err := d.Join(d.now, r); err != nil {
		return nil, err
	}
	p.welcome = d.lines[id][0]
	token, _ := base64.RawURLEncoding.DecodeString(p.welcome.Token)
	p.token = [wire.TokenLen]byte(token)
	return p, nil
}

// join joins a player, who registers.
func (d *testShard) join() *testPlayer {
	d.t.Helper()
	return d.joinAs(JoinRequest{})
}

// joinAs is join with a room, or for a watcher.
func (d *testShard) joinAs(r JoinRequest) *testPlayer {
	d.t.Helper()
	p, err := d.tryJoinAs(r)
	if err != nil {
		d.t.Fatal(err)
	}
	p.register()
	return p
}

// joinTwo joins two players, whose match begins.
func (d *testShard) joinTwo() (left, right *testPlayer) { return d.join(), d.join() }

// acceptAll has all players accept those whom they meet in a room.
func (d *testShard) acceptAll() {
	for id := range d.tables.sessions {
		d.Accept(d.now, id)
	}
}

// match returns the match of a player or watcher.
func (p *testPlayer) match() *match { return p.shard.tables.sessions[p.id].seat.match }

// unstamped is the stamp of a client that has received nothing.
var unstamped = netcode.Stamp{Hold: netcode.NoEcho}

// stamp is the stamp of a client that has just received a datagram, unless it is deaf. Datagrams take no time.
func (p *testPlayer) stamp() netcode.Stamp {
	s := unstamped
	if !p.deaf {
		s = p.shard.echoing(p.id, p.shard.now)
	}
	s.TS = uint32(p.shard.now.UnixMicro())
	return s
}

// echoing returns a stamp that echoes a datagram of a session which would be sent now.
func (s *Shard) echoing(id sealed.ID, now time.Time) netcode.Stamp {
	if p := s.tables.sessions[id]; p != nil {
		return netcode.Stamp{Echo: p.echo.Stamp(now).TS}
	}
	return unstamped
}

// send seals a body and has the shard receive it.
func (p *testPlayer) send(plain []byte) {
	b, err := p.keys.Seal(nil, plain)
	if err != nil {
		p.shard.t.Fatal(err)
	}
	p.shard.ReceiveAll([]Datagram{{At: p.shard.now, From: p.from, To: p.to, Data: b}})
}

func (p *testPlayer) register() {
	p.send(wire.AppendRegister(nil, p.stamp(), wire.Register{PlayerID: uint8(p.welcome.PlayerID), Token: p.token}))
}

func (p *testPlayer) ping() { p.send(wire.AppendPing(nil, p.stamp())) }

// input sends that a key was held during the n ticks up to newest.
func (p *testPlayer) input(newest netcode.Tick, in game.Input, n int) {
	p.send(wire.AppendInput(nil, p.stamp(),
		wire.Input{Newest: newest, Runs: []netcode.Run[game.Input]{{Input: in, N: n}}}))
}

// resume returns the player's resume secret.
func (p *testPlayer) resume() []byte {
	secret, _ := base64.RawURLEncoding.DecodeString(p.welcome.Resume)
	return secret
}

// states opens the STATEs that were sent to the player since the last call.
func (p *testPlayer) states() (all []wire.State) {
	for _, b := range p.shard.sent[p.from] {
		plain, _, err := p.keys.Open(nil, b)
		if err != nil {
			p.shard.t.Fatalf("a datagram to player %d does not open: %v", p.welcome.PlayerID, err)
		}
		if wire.Type(plain[0]) != wire.TypeState {
			continue
		}
		var st wire.State
		if err := wire.ParseState(plain, &st); err != nil {
			p.shard.t.Fatal(err)
		}
		all = append(all, st)
	}
	delete(p.shard.sent, p.from)
	return all
}

// lines returns the control lines of a type that were sent to the player.
func (p *testPlayer) lines(kind string) (found []wire.Message) {
	for _, m := range p.shard.lines[p.id] {
		if m.Type == kind {
			found = append(found, m)
		}
	}
	return found
}

// run lets time pass, tick by tick. The given players send a PING twice a second.
func (d *testShard) run(span time.Duration, awake ...*testPlayer) {
	for end := d.now.Add(span); d.now.Before(end); {
		next := d.Next(d.now)
		if next.After(end) {
			d.now = end
			return
		}
		if next.Sub(d.now) < 0 {
			d.t.Fatalf("Next(%v) = %v, which is in the past", d.now, next)
		}
		d.now = next
		for _, p := range awake {
			if st, _ := d.State(p.id); st.Tick%30 == 0 {
				p.ping()
			}
		}
		d.Advance(d.now)
	}
}

// runUntilPlaying lets time pass until the ball of the first player's match is in play.
func (d *testShard) runUntilPlaying(awake ...*testPlayer) {
	d.t.Helper()
	for range 600 {
		if s, _ := d.State(awake[0].id); s.Phase == game.Playing {
			return
		}
		d.run(Period, awake...)
	}
	d.t.Fatal("the ball is not in play after 600 ticks")
}

// reported returns the reports of a kind.
func (d *testShard) reported(kind Kind) (found []Report) {
	for _, r := range d.reports {
		if r.Kind == kind {
			found = append(found, r)
		}
	}
	return found
}
