package world

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/shard"
	"pong/internal/wire"
	"pong/netcode/netsim"
	"pong/netcode/sealed"
)

// An attacker has every datagram of two players and sends any bytes to everyone, from any address.
type attacker struct {
	w      *World
	r      *rand.Rand
	seen   map[*Player]*capture
	sent   int // to the server
	thrown int // to the players
}

func attack(w *World, seed uint64) *attacker {
	a := &attacker{w: w, r: rand.New(rand.NewPCG(seed, 0)), seen: make(map[*Player]*capture)}
	for _, p := range w.Players {
		a.seen[p] = sniff(p)
	}
	return a
}

// pick returns a datagram that a player has sent or received.
func (a *attacker) pick(p *Player, up bool) []byte {
	from := a.seen[p].down
	if up {
		from = a.seen[p].up
	}
	if len(from) == 0 {
		return []byte{9}
	}
	return bytes.Clone(from[a.r.IntN(len(from))])
}

// make returns a hostile datagram of a random kind. None for the server is authentic, because a copy that arrives
// first counts as the datagram itself.
func (a *attacker) make(p, other *Player, up bool) []byte {
	switch a.r.IntN(7) {
	case 0: // noise
		b := make([]byte, a.r.IntN(sealed.MaxDatagram+100))
		for i := range b {
			b[i] = byte(a.r.Uint32())
		}
		return b
	case 1: // noise with a right header
		b := make([]byte, sealed.Overhead+a.r.IntN(100))
		for i := range b {
			b[i] = byte(a.r.Uint32())
		}
		copy(b, a.pick(p, up)[:min(9, len(a.pick(p, up)))])
		return b
	case 2: // changed
		b := a.pick(p, up)
		b[a.r.IntN(len(b))] ^= 1 << a.r.IntN(8)
		return b
	case 3: // cut short or lengthened
		b := a.pick(p, up)
		return append(b[:a.r.IntN(len(b))], bytes.Repeat([]byte{^b[len(b)-1]}, a.r.IntN(3))...)
	case 4: // from the other direction
		return a.pick(p, !up)
	case 5: // from the other session, with the id of this one
		b := a.pick(other, up)
		if len(b) > 9 {
			copy(b[1:9], p.id[:])
		}
		return b
	default: // a far packet number, which must not move the window
		b := a.pick(p, up)
		if len(b) > 12 {
			b[9], b[10] = 0, 0x7f
		}
		return b
	}
}

// strike sends n datagrams to the server and to the players.
func (a *attacker) strike(n int) {
	for range n {
		p, other := a.w.Players[0], a.w.Players[1]
		if a.r.IntN(2) == 0 {
			p, other = other, p
		}
		from := p.Address
		if a.r.IntN(2) == 0 {
			from = netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(a.r.Uint32())}), 1234)
		}
		a.w.Inject(from, a.make(p, other, true))
		a.sent++
		p.Session.Receive(p.Clock(a.w.now), a.make(p, other, false))
		a.thrown++
	}
}

// replay sends n datagrams again that were delivered before.
func (a *attacker) replay(n int) {
	for range n {
		p := a.w.Players[a.r.IntN(2)]
		if s := a.seen[p]; len(s.up) > 60 && len(s.down) > 60 {
			a.w.Inject(p.Address, s.up[a.r.IntN(len(s.up)-60)])
			a.sent++
			p.Session.Receive(p.Clock(a.w.now), s.down[a.r.IntN(len(s.down)-60)])
			a.thrown++
		}
	}
}

// A course is what a match looks like from outside.
type course struct {
	hashes    []uint64
	views     [2]client.Frame
	counts    shard.Counts
	strangers int
}

func (w *World) course(t *testing.T, d time.Duration, strike func()) (c course) {
	w.Stranger = func(netip.AddrPort, []byte) { c.strangers++ }
	w.OnStep = func() {
		c.hashes = append(c.hashes, w.state(t, w.Players[0]).Hash())
		if strike != nil {
			strike()
		}
	}
	w.Run(d)
	c.views, c.counts = [2]client.Frame{w.Players[0].Frame, w.Players[1].Frame}, w.Shard.Counts()
	return c
}

func TestMended12_AnyBytesFromAnywhere(t *testing.T) {
	t.Parallel()
	const span = 45 * time.Second
	// The link loses nothing: a copy of a lost datagram would be the first to arrive, and would be accepted.
	link := netsim.Profile{Delay: 25 * ms, Jitter: 2 * ms, Duplicate: 0.05}
	cfg := Config{Seed: 12, Up: link, Down: link}
	calm, _, _ := bots(cfg)
	want := calm.course(t, span, nil)

	w, _, _ := bots(cfg)
	a := attack(w, 1)
	got := w.course(t, span, func() { a.strike(8); a.replay(2) })

	if len(got.hashes) != len(want.hashes) {
		t.Fatalf("%d steps were played under attack, %d without", len(got.hashes), len(want.hashes))
	}
	for i := range want.hashes {
		if got.hashes[i] != want.hashes[i] {
			t.Fatalf("step %d differs from the one without the attack", i)
		}
	}
	for i := range got.views {
		g, w := got.views[i], want.views[i]
		if g.Paddle != w.Paddle || g.Ball != w.Ball || g.Score != w.Score || g.Stage != w.Stage ||
			g.Figures != w.Figures {
			t.Errorf("player %d sees another game than without the attack:\n%+v\n%+v", i+1, g, w)
		}
	}
	g, c := got.counts, want.counts
	if g.Accepted != c.Accepted || g.Sent != c.Sent || g.Moved != 0 || got.strangers != 0 {
		t.Errorf("accepted %d datagrams under attack and %d without, sent %d and %d, %d of them to strangers",
			g.Accepted, c.Accepted, g.Sent, c.Sent, got.strangers)
	}
	if g.Datagrams-c.Datagrams != a.sent {
		t.Errorf("%d hostile datagrams arrived, %d were sent", g.Datagrams-c.Datagrams, a.sent)
	}
	if !moreDropped(g, c, shard.DropMalformed, shard.DropUnknown, shard.DropReplayed, shard.DropForged) {
		t.Errorf("not every kind of attack was counted: %+v", g)
	}
	balanced(t, g)
	t.Logf("%d hostile datagrams to the server, %d to the players; %+v", a.sent, a.thrown, g)
}

func TestMended12_PlayerThatSendsAnythingDisturbsNobody(t *testing.T) {
	t.Parallel()
	w := New(Config{Seed: 121, Up: lan, Down: lan})
	p := newPuppet(t, w)
	other := w.Join("other", Bot(bot.Hard, 1))
	w.playing(t, other)
	r := rand.New(rand.NewPCG(1, 2))
	p.limited()
	before := w.Shard.Counts()
	lengths := []int{1, wire.PingLen, wire.RegisterLen, wire.InputLen, wire.StateLen, wire.ChallengeLen, 1000}
	for n := range 6000 { // 100 a second, which the rate limit allows
		plain := make([]byte, lengths[r.IntN(len(lengths))])
		for i := range plain {
			plain[i] = byte(r.Uint32())
		}
		plain[0] = byte(r.IntN(8))
		if plain[0] == byte(wire.TypeInput) && len(plain) == wire.InputLen && r.IntN(2) == 0 { // almost right
			binary.BigEndian.PutUint32(plain[13:], uint32(int(p.state().Tick)+r.IntN(300)-150))
			clear(plain[18:])
		}
		p.send(plain)
		if n%100 == 0 {
			p.send(wire.AppendPing(nil, p.stamp())) // the rest echoes nothing
		}
		w.Run(10 * ms)
	}
	after := w.Shard.Counts()
	if after.Dropped[shard.DropInvalid]-before.Dropped[shard.DropInvalid] < 3000 ||
		after.Dropped[shard.DropBadToken] == 0 ||
		after.Moved > 0 || after.Dropped[shard.DropUnregistered] > 0 {
		t.Errorf("want most of 6000 random bodies to be invalid: %+v", after)
	}
	balanced(t, after)
	if v := other.Frame; v.Presence[p.seat] != client.Online || v.Figures.Corrections > 0 {
		t.Errorf("the other player was disturbed: %v, %d corrections", v.Presence, v.Figures.Corrections)
	}
	for range 1000 {
		p.send(wire.AppendPing(nil, p.stamp()))
	}
	if n := w.Shard.Counts().Dropped[shard.DropLimited] - after.Dropped[shard.DropLimited]; n < 900 {
		t.Errorf("%d of 1000 datagrams at once were refused, want all but the burst of the rate limit", n)
	}
	w.undisturbed(t)
}
