package shard

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"pong/internal/wire"
)

// denying returns a change of a Config by which addresses are denied once they are in a prefix.
func denying(prefix *netip.Prefix) func(*Config) {
	return func(c *Config) { c.Denied = func(a netip.Addr) bool { return prefix.Contains(a) } }
}

// TestKick_RemovesOne player, by session, who reads why and can join again, but cannot take the seat again.
func TestKick_RemovesOne(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	if !d.Kick(d.now, right.id) || d.Kick(d.now, right.id) {
		t.Fatal("Kick finds the player not once, but never or twice")
	}
	if m := right.lines(wire.Error); len(m) != 1 || m[0].Code != wire.CodeKicked {
		t.Errorf("the player is sent %+v, want ERROR %s", m, wire.CodeKicked)
	}
	if m := left.lines(wire.End); len(m) != 1 || m[0].Winner != 1 {
		t.Errorf("the other player is sent %+v, want END with winner 1", m)
	}
	if _, err := d.tryJoin(right.resume()); !errors.Is(err, ErrKicked) {
		t.Errorf("the player resumes with %v, want %v", err, ErrKicked)
	}
	if _, err := d.tryJoin(make([]byte, wire.TokenLen)); !errors.Is(err, ErrResume) {
		t.Errorf("somebody else resumes with %v, want %v", err, ErrResume)
	}
	if _, err := d.joinFrom(right.from.Addr().String(), false, JoinRequest{}); err != nil {
		t.Errorf("the player joins again with %v, want a seat", err)
	}
}

// TestKick_OfAPlayerWhoResumes ends both sessions of the seat, and both secrets are those of a kicked player.
func TestKick_OfAPlayerWhoResumes(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	next, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	d.Kick(d.now, right.id)
	for _, p := range []*testPlayer{right, next} {
		if _, err := d.tryJoin(p.resume()); !errors.Is(err, ErrKicked) {
			t.Errorf("with the secret of session %v: %v, want %v", p.id, err, ErrKicked)
		}
	}
}

// TestKick_IsForgotten after the time in which a client tries to take its seat again.
func TestKick_IsForgotten(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.Kick(d.now, left.id)
	d.now = d.now.Add(2*FreedAfter + time.Second)
	d.Kick(d.now, right.id)
	if len(d.kicked) != 1 {
		t.Errorf("%d players who were kicked are remembered, want the last one", len(d.kicked))
	}
}

// TestRemoveDenied_RemovesAllOfAPrefix: players, watchers and those who resume, at either channel's address, and nobody
// else.
func TestRemoveDenied_RemovesAllOfAPrefix(t *testing.T) {
	var prefix netip.Prefix
	d := newTestShard(t, denying(&prefix))
	good, bad := d.mustJoinFrom("192.0.2.1", JoinRequest{}), d.mustJoinFrom("203.0.113.1", JoinRequest{})
	d.runUntilPlaying(good, bad)
	watcher := d.mustJoinFrom("203.0.113.2", JoinRequest{Watch: true})
	kept := d.mustJoinFrom("192.0.2.2", JoinRequest{Watch: true})
	alone := d.mustJoinFrom("203.0.113.3", JoinRequest{})
	resuming, err := d.joinFrom("203.0.113.4", true, JoinRequest{Resume: good.resume()})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		prefix string
		want   From
	}{
		{"203.0.113.0/24", From{3, 1}}, // the seat of a player who resumes counts
		{"203.0.113.2/32", From{0, 1}},
		{"198.51.100.0/24", From{}},
	} {
		if got := d.CountFrom(netip.MustParsePrefix(test.prefix)); got != test.want {
			t.Errorf("CountFrom(%s) = %+v, want %+v", test.prefix, got, test.want)
		}
	}
	if n := d.RemoveDenied(); n != (From{}) {
		t.Errorf("with nobody denied, RemoveDenied() = %+v, want none", n)
	}
	prefix = netip.MustParsePrefix("203.0.113.0/24")
	if n := d.RemoveDenied(); n != (From{3, 1}) {
		t.Errorf("RemoveDenied() = %+v, want 3 players and 1 watcher", n)
	}
	for _, p := range []*testPlayer{bad, watcher, alone, resuming} {
		if m := p.lines(wire.Error); len(m) != 1 || m[0].Code != wire.CodeDenied {
			t.Errorf("the client at %v is sent %+v, want ERROR %s", p.from, m, wire.CodeDenied)
		}
	}
	for _, p := range []*testPlayer{good, kept} {
		if m := p.lines(wire.Error); len(m) != 0 {
			t.Errorf("the client at %v is sent %+v, want no ERROR", p.from, m)
		}
	}
	if _, err := d.joinFrom("203.0.113.9", true, JoinRequest{}); !errors.Is(err, ErrDenied) {
		t.Errorf("a client of the prefix joins with %v, want %v", err, ErrDenied)
	}
	if _, err := d.joinFrom("203.0.113.9", true, JoinRequest{Resume: good.resume()}); !errors.Is(err, ErrDenied) {
		t.Errorf("a client of the prefix resumes with %v, want %v", err, ErrDenied)
	}
	if n := d.CountFrom(prefix); n != (From{}) {
		t.Errorf("CountFrom(%v) = %+v, want none left", prefix, n)
	}
}

// TestDenied_AddressIsNotFollowed: a session that moves to a denied address stays at its former one, and what comes
// from there is not accepted; so is a REGISTER.
func TestDenied_AddressIsNotFollowed(t *testing.T) {
	prefix := netip.MustParsePrefix("203.0.113.0/24")
	d := newTestShard(t, denying(&prefix))
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	before, former := d.Counts(), right.from
	right.from = netip.MustParseAddrPort("203.0.113.5:9")
	for range 10 {
		right.ping()
	}
	c := d.Counts()
	if n := c.Dropped[DropDenied]; n != 10 || c.Accepted != before.Accepted {
		t.Errorf("of 10 datagrams %d were dropped as denied and %d accepted, want 10 and 0", n,
			c.Accepted-before.Accepted)
	}
	if n := len(d.sent[right.from]); n != 0 {
		t.Errorf("%d datagrams were sent to the denied address, want none", n)
	}
	right.from = former
	right.ping()
	if c := d.Counts(); c.Accepted != before.Accepted+1 {
		t.Errorf("from the former address %d datagrams were accepted, want 1", c.Accepted-before.Accepted)
	}
	idle, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	idle.from = netip.MustParseAddrPort("203.0.113.6:9")
	idle.register()
	if d.tables.sessions[idle.id].registered {
		t.Error("a client has registered from a denied address")
	}
}
