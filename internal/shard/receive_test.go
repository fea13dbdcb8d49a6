package shard

import (
	"bytes"
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

// input says that a key was held in the n ticks up to newest.
func (s *testPlayer) input(newest netcode.Tick, in game.Input, n int) {
	s.send(wire.AppendInput(nil, stamp, wire.Input{Newest: newest, Runs: []netcode.Run[game.Input]{{Input: in, N: n}}}))
}

func TestReceive_CountsEachDatagramOnce(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	newcomer, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	sealedPing, _ := left.keys.Seal(nil, wire.AppendPing(nil, stamp))
	forged := bytes.Clone(sealedPing)
	forged[len(forged)-1] ^= 1
	far := bytes.Clone(sealedPing)
	far[9] = 0xff // beyond the last packet number
	wrongSeat := wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 2, Token: left.token})
	wrongToken := wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 1})
	raw := func(b []byte) func() { return func() { d.Receive(d.now, left.from, b) } }
	say := func(b []byte) func() { return func() { left.send(b) } }
	for _, c := range []struct {
		what  string
		do    func()
		field func(c *Counts) *int
	}{
		{"nothing", raw(nil), func(c *Counts) *int { return &c.Malformed }},
		{"a byte", raw([]byte{9}), func(c *Counts) *int { return &c.Malformed }},
		{"too long", raw(append([]byte{9}, make([]byte, sealed.MaxDatagram)...)), func(c *Counts) *int { return &c.Malformed }},
		{"another first byte", raw(append([]byte{8}, sealedPing[1:]...)), func(c *Counts) *int { return &c.Malformed }},
		{"an unknown session", raw(append([]byte{9, 1, 2, 3}, sealedPing[4:]...)), func(c *Counts) *int { return &c.Unknown }},
		{"a changed tag", raw(forged), func(c *Counts) *int { return &c.Forged }},
		{"a packet number that cannot be", raw(far), func(c *Counts) *int { return &c.Forged }},
		{"a PING", raw(sealedPing), func(c *Counts) *int { return &c.Accepted }},
		{"the same again", raw(sealedPing), func(c *Counts) *int { return &c.Replayed }},
		{"another REGISTER", say(wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 1, Token: left.token})), func(c *Counts) *int { return &c.Accepted }},
		{"a REGISTER for the other seat", say(wrongSeat), func(c *Counts) *int { return &c.BadToken }},
		{"a REGISTER with another token", say(wrongToken), func(c *Counts) *int { return &c.BadToken }},
		{"a STATE", say(make([]byte, wire.StateLen)), func(c *Counts) *int { return &c.Invalid }},
		{"a type that is downward only", say(wire.AppendChallenge(nil, stamp, [8]byte{})), func(c *Counts) *int { return &c.Invalid }},
		{"an unknown type", say([]byte{99, 0}), func(c *Counts) *int { return &c.Invalid }},
		{"a PING with a byte more", say(append(wire.AppendPing(nil, stamp), 0)), func(c *Counts) *int { return &c.Invalid }},
		{"an INPUT of nonsense", say(append(wire.AppendPing(nil, stamp)[:0], append([]byte{byte(wire.TypeInput)}, bytes.Repeat([]byte{0xff}, wire.InputLen-1)...)...)), func(c *Counts) *int { return &c.Invalid }},
		{"an INPUT", func() { left.input(10, game.Up, 3) }, func(c *Counts) *int { return &c.Accepted }},
		{"a PING before a REGISTER", newcomer.ping, func(c *Counts) *int { return &c.Unregistered }},
	} {
		want := d.Counts()
		want.Datagrams++
		*c.field(&want)++
		c.do()
		got := d.Counts()
		got.Traffic, want.Traffic = Traffic{}, Traffic{}
		if got != want {
			t.Errorf("%s: counted as\n%+v, want\n%+v", c.what, got, want)
		}
	}
	if n := len(d.sent); n > 0 {
		t.Errorf("something was sent in answer, before any tick: to %d addresses", n)
	}
}

func TestReceive_RefusedDatagramsDoNotKeepASeat(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	var seen [][]byte
	for range 3 {
		b, _ := right.keys.Seal(nil, wire.AppendPing(nil, stamp))
		d.Receive(d.now, right.from, b)
		seen = append(seen, b)
	}
	for range 70 { // his datagrams again and again, and forged ones, but nothing new
		for _, b := range seen {
			d.Receive(d.now, right.from, b)
			forged := bytes.Clone(b)
			forged[20]++
			d.Receive(d.now, right.from, forged)
		}
		d.run(time.Second, left)
	}
	if n := len(d.reported(Vacated)); n != 1 {
		t.Errorf("%d seats were freed, want that of the silent player", n)
	}
}

func TestReceive_ForgeriesDoNotDrainTheBucket(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	b, _ := left.keys.Seal(nil, wire.AppendPing(nil, stamp))
	b[20]++
	for range 10 * bucketBurst {
		d.Receive(d.now, left.from, b)
	}
	before := d.Counts().Accepted
	left.ping()
	if d.Counts().Accepted != before+1 {
		t.Errorf("after forged datagrams under his session a player is refused: %+v", d.Counts())
	}
}

func TestReceive_ForgedNumberDoesNotMoveTheReplayWindow(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	b, _ := left.keys.Seal(nil, wire.AppendPing(nil, stamp))
	b[9], b[10] = 0, 0x70 // far ahead
	d.Receive(d.now, left.from, b)
	before := d.Counts().Accepted
	left.ping()
	if d.Counts().Accepted != before+1 {
		t.Errorf("a forged packet number has moved the window: %+v", d.Counts())
	}
}

// TestPath_MovedPlayerIsSentAStateAtOnce: the gap is that of the challenge, and not up to a STATE's interval more.
func TestReceive_MovedPlayerIsSentAStateAtOnce(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*time.Second, left, right)
	left.states()
	left.from = netip.MustParseAddrPort("10.9.9.9:9")
	before, _ := d.State(left.id)
	left.input(netcode.Tick(before.Tick)+1, game.Up, 2) // a PING is too short to pay for a challenge
	sent := d.sent[left.from]
	if len(sent) != 1 {
		t.Fatalf("%d datagrams were sent to the new address, want the challenge", len(sent))
	}
	plain, _, err := left.keys.Open(nil, sent[0])
	if err != nil || wire.Type(plain[0]) != wire.TypeChallenge {
		t.Fatalf("the datagram is %v, %v", plain, err)
	}
	delete(d.sent, left.from)
	left.send(wire.AppendResponse(nil, stamp, wire.ParseChallenge(plain)))
	now, _ := d.State(left.id)
	if states := left.states(); len(states) != 1 || states[0].Game.Tick != now.Tick {
		t.Errorf("at once after the answer the player was sent %d STATEs, want that of tick %d", len(states), now.Tick)
	}
}

// TestReceiveAll_EndedSessionIsUnknownInTheSameBatch: who has come back with a new session in one datagram of a batch is not heard
// under the old one in the next.
func TestReceiveAll_EndedSessionIsUnknownInTheSameBatch(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	seal := func(s *testPlayer, plain []byte) Datagram {
		b, err := s.keys.Seal(nil, plain)
		if err != nil {
			t.Fatal(err)
		}
		return Datagram{d.now, s.from, b}
	}
	before := d.Counts()
	d.ReceiveAll([]Datagram{
		seal(right, wire.AppendPing(nil, stamp)),
		seal(back, wire.AppendRegister(nil, stamp, wire.Register{PlayerID: 2, Token: back.token})),
		seal(right, wire.AppendPing(nil, stamp)),
		seal(back, wire.AppendPing(nil, stamp)),
	})
	got := d.Counts()
	if got.Unknown != before.Unknown+1 || got.Accepted != before.Accepted+3 {
		t.Errorf("of four datagrams %d are of an unknown session and %d accepted, want 1 and 3", got.Unknown-before.Unknown, got.Accepted-before.Accepted)
	}
}
