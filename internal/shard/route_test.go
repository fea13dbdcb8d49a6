package shard

import (
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// Two addresses of the server.
var (
	firstLocal  = netip.MustParseAddr("192.0.2.1")
	secondLocal = netip.MustParseAddr("192.0.2.2")
)

// challenged takes the one datagram that was sent to the player's address, which must be a CHALLENGE from the address
// of the server that the player sends to, and responds to it.
func (p *testPlayer) challenged() {
	t := p.shard.t
	t.Helper()
	sent := p.shard.sent[p.from]
	if len(sent) != 1 {
		t.Fatalf("%d datagrams were sent to %v, want the CHALLENGE", len(sent), p.from)
	}
	plain, _, err := p.keys.Open(nil, sent[0])
	if err != nil || wire.Type(plain[0]) != wire.TypeChallenge {
		t.Fatalf("the datagram to %v is %v, %v; want a CHALLENGE", p.from, plain, err)
	}
	p.wantSource("the CHALLENGE", p.to)
	delete(p.shard.sent, p.from)
	p.send(wire.AppendResponse(nil, unstamped, wire.ParseChallenge(plain)))
}

// wantSource expects that the last datagram to the player was sent from an address of the server.
func (p *testPlayer) wantSource(what string, want netip.Addr) {
	p.shard.t.Helper()
	if got := p.shard.sources[p.from]; got != want {
		p.shard.t.Errorf("%s to %v was sent from %v, want %v", what, p.from, got, want)
	}
}

// TestRoute_AnswersFromTheAddressAsked moves a player to another address, where the datagrams go to another address of
// the server too. STATEs to the old address still come from the old one.
func TestRoute_AnswersFromTheAddressAsked(t *testing.T) {
	d := newTestShard(t, nil)
	left, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	left.to = firstLocal
	left.register()
	right := d.join()
	d.run(2*time.Second, left, right)
	left.wantSource("a STATE", firstLocal)

	for _, next := range []struct {
		from string
		to   netip.Addr
	}{
		{"10.9.9.9:9", secondLocal},
		{"10.9.9.9:9", firstLocal}, // the same, as far as the client's address is concerned
	} {
		old := *left
		left.from, left.to = netip.MustParseAddrPort(next.from), next.to
		delete(d.sent, left.from)
		now, _ := d.State(left.id)
		left.input(netcode.Tick(now.Tick)+1, game.Up, 2)
		left.challenged()
		left.wantSource("the STATE after the RESPONSE", next.to)
		if old.from != left.from {
			old.wantSource("the last STATE before the move", old.to)
		}
		d.run(time.Second, left, right)
		left.wantSource("a STATE", next.to)
	}
}

// TestRegister_FromAnotherAddressIsChallenged plays with a client whose TCP and UDP come from different addresses, as
// behind a NAT with a pool of them.
func TestRegister_FromAnotherAddressIsChallenged(t *testing.T) {
	d := newTestShard(t, nil)
	left, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	left.from, left.to = netip.MustParseAddrPort("10.9.9.9:9"), secondLocal
	left.register()
	left.challenged()
	if n := len(left.states()); n != 1 {
		t.Errorf("after the RESPONSE %d STATEs were sent, want 1", n)
	}
	right := d.join()
	d.runUntilPlaying(left, right)
	left.wantSource("a STATE", secondLocal)
}
