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

func TestReceive_CountsEachDatagramOnce(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	unregistered, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	sealedPing, _ := left.keys.Seal(nil, wire.AppendPing(nil, unstamped))
	forged := bytes.Clone(sealedPing)
	forged[len(forged)-1] ^= 1
	impossible := bytes.Clone(sealedPing)
	impossible[9] = 0xff // a number beyond the last one
	token := left.token
	wrongSeat := wire.AppendRegister(nil, unstamped, wire.Register{PlayerID: 2, Token: token})
	wrongToken := wire.AppendRegister(nil, unstamped, wire.Register{PlayerID: 1})
	raw := func(b []byte) func() { return func() { d.Receive(d.now, left.from, b) } }
	seal := func(b []byte) func() { return func() { left.send(b) } }
	accepted := func(c *Counts) { c.Accepted++ }
	dropped := func(why DropReason) func(*Counts) { return func(c *Counts) { c.Dropped[why]++ } }
	for _, c := range []struct {
		name  string
		do    func()
		count func(c *Counts)
	}{
		{"no bytes", raw(nil), dropped(DropMalformed)},
		{"one byte", raw([]byte{9}), dropped(DropMalformed)},
		{"too many bytes", raw(append([]byte{9}, make([]byte, sealed.MaxDatagram)...)), dropped(DropMalformed)},
		{"another first byte", raw(append([]byte{8}, sealedPing[1:]...)), dropped(DropMalformed)},
		{"an unknown session", raw(append([]byte{9, 1, 2, 3}, sealedPing[4:]...)), dropped(DropUnknown)},
		{"a changed tag", raw(forged), dropped(DropForged)},
		{"an impossible packet number", raw(impossible), dropped(DropForged)},
		{"a PING", raw(sealedPing), accepted},
		{"the same PING again", raw(sealedPing), dropped(DropReplayed)},
		{"another REGISTER", seal(wire.AppendRegister(nil, unstamped,
			wire.Register{PlayerID: 1, Token: token})), accepted},
		{"a REGISTER for the other seat", seal(wrongSeat), dropped(DropBadToken)},
		{"a REGISTER with another token", seal(wrongToken), dropped(DropBadToken)},
		{"a STATE", seal(make([]byte, wire.StateLen)), dropped(DropInvalid)},
		{"a CHALLENGE", seal(wire.AppendChallenge(nil, unstamped, [8]byte{})), dropped(DropInvalid)},
		{"an unknown type", seal([]byte{99, 0}), dropped(DropInvalid)},
		{"a PING that is too long", seal(append(wire.AppendPing(nil, unstamped), 0)), dropped(DropInvalid)},
		{
			"a senseless INPUT", seal(append([]byte{byte(wire.TypeInput)},
				bytes.Repeat([]byte{0xff}, wire.InputLen-1)...)),
			dropped(DropInvalid),
		},
		{"an INPUT", func() { left.input(10, game.Up, 3) }, accepted},
		{"a PING before a REGISTER", unregistered.ping, dropped(DropUnregistered)},
	} {
		want := d.Counts()
		want.Datagrams++
		c.count(&want)
		c.do()
		got := d.Counts()
		got.Traffic, want.Traffic = Traffic{}, Traffic{}
		if got != want {
			t.Errorf("%s: counted as\n%+v, want\n%+v", c.name, got, want)
		}
	}
	if n := len(d.sent); n > 0 {
		t.Errorf("before the first tick datagrams were sent to %d addresses, want none", n)
	}
}

func TestReceive_RefusedDatagramsDoNotKeepASeat(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	var seen [][]byte
	for range 3 {
		b, _ := right.keys.Seal(nil, wire.AppendPing(nil, unstamped))
		d.Receive(d.now, right.from, b)
		seen = append(seen, b)
	}
	for range 70 { // copies of the datagrams and forgeries, but nothing new
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
	b, _ := left.keys.Seal(nil, wire.AppendPing(nil, unstamped))
	b[20]++
	for range 10 * bucketBurst {
		d.Receive(d.now, left.from, b)
	}
	before := d.Counts().Accepted
	left.ping()
	if d.Counts().Accepted != before+1 {
		t.Errorf("after forgeries for a session its PING is not accepted: %+v", d.Counts())
	}
}

func TestReceive_ForgedNumberDoesNotMoveTheReplayWindow(t *testing.T) {
	d := newTestShard(t, nil)
	left, _ := d.joinTwo()
	b, _ := left.keys.Seal(nil, wire.AppendPing(nil, unstamped))
	b[9], b[10] = 0, 0x70 // far ahead
	d.Receive(d.now, left.from, b)
	before := d.Counts().Accepted
	left.ping()
	if d.Counts().Accepted != before+1 {
		t.Errorf("after a forged packet number a PING is not accepted: %+v", d.Counts())
	}
}

// TestReceive_MovedPlayerIsSentAStateAtOnce wants the gap of a move to be that of the challenge, without the interval
// of STATEs on top.
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
		t.Fatalf("the datagram to the new address is %v, %v; want a CHALLENGE", plain, err)
	}
	delete(d.sent, left.from)
	left.send(wire.AppendResponse(nil, unstamped, wire.ParseChallenge(plain)))
	now, _ := d.State(left.id)
	if states := left.states(); len(states) != 1 || states[0].Game.Tick != now.Tick {
		t.Errorf("right after the RESPONSE the player was sent %d STATEs, want one of tick %d", len(states), now.Tick)
	}
}

// TestReceiveAll_EndedSessionIsUnknownInTheSameBatch replaces a session by a datagram in the middle of a batch. A later
// datagram of the old session must not be accepted, although its session was looked up before.
func TestReceiveAll_EndedSessionIsUnknownInTheSameBatch(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	seal := func(p *testPlayer, plain []byte) Datagram {
		b, err := p.keys.Seal(nil, plain)
		if err != nil {
			t.Fatal(err)
		}
		return Datagram{At: d.now, From: p.from, Data: b}
	}
	before := d.Counts()
	d.ReceiveAll([]Datagram{
		seal(right, wire.AppendPing(nil, unstamped)),
		seal(back, wire.AppendRegister(nil, unstamped, wire.Register{PlayerID: 2, Token: back.token})),
		seal(right, wire.AppendPing(nil, unstamped)),
		seal(back, wire.AppendPing(nil, unstamped)),
	})
	got := d.Counts()
	unknown, accepted := got.Dropped[DropUnknown]-before.Dropped[DropUnknown], got.Accepted-before.Accepted
	if unknown != 1 || accepted != 3 {
		t.Errorf("of four datagrams %d are of an unknown session and %d accepted, want 1 and 3", unknown, accepted)
	}
}
