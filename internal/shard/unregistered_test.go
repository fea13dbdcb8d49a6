package shard

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// joinOnly has a player join from an address and not register.
func (d *testShard) joinOnly(serial int, from string) sealed.ID {
	d.t.Helper()
	id := sealed.ID{0xff, byte(serial >> 8), byte(serial)}
	if _, err := d.Join(d.now, JoinRequest{ID: id, Name: fmt.Sprint(serial), Addr: netip.MustParseAddr(from)}); err != nil {
		d.t.Fatal(err)
	}
	return id
}

func TestUnregistered_AreLimitedByClientPrefix(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	waits, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		d.joinOnly(i, "192.0.2.1")
		d.joinOnly(1000+i, fmt.Sprintf("2001:db8::%x", i+1)) // one customer
	}
	d.run(time.Millisecond, left, right)
	if got, want := d.Counts().Sessions, 2+1+2*maxUnregistered; got != want {
		t.Errorf("%d sessions after 2000 JOINs without REGISTER from two places, want %d", got, want)
	}
	if got := d.Counts().Matches; got > 2+maxUnregistered {
		t.Errorf("%d tables are set up", got)
	}
	if got := d.Counts().NeverRegistered; got != 2*(1000-maxUnregistered) {
		t.Errorf("%d are counted as never registered", got)
	}
	waits.register()
	if d.sessions[waits.id] == nil || !d.sessions[waits.id].registered {
		t.Error("a newcomer from elsewhere has lost the seat")
	}
	d.run(RegisterWithin+time.Second, left, right, waits)
	if got := d.Counts().Sessions; got != 3 || len(d.unregistered) != 0 {
		t.Errorf("%d sessions and newcomers from %d places are left when the time to register is over", got, len(d.unregistered))
	}
}

func TestUnregistered_OldestIsEvicted(t *testing.T) {
	d := newTestShard(t, nil)
	first := d.joinOnly(0, "192.0.2.1")
	for i := range maxUnregistered - 1 {
		d.joinOnly(1+i, "192.0.2.1")
	}
	if d.sessions[first] == nil {
		t.Fatal("the first has made room before there were too many")
	}
	last := d.joinOnly(maxUnregistered, "192.0.2.1")
	if d.sessions[first] != nil || d.sessions[last] == nil {
		t.Error("of one too many not the oldest has made room")
	}
	if _, err := d.Join(d.now, JoinRequest{ID: sealed.ID{1}, Name: "x", Addr: netip.MustParseAddr("192.0.2.1"), Resume: make([]byte, 16)}); err != ErrResume {
		t.Errorf("a secret that is none: %v", err)
	}
	if got := d.Counts().Sessions; got != maxUnregistered {
		t.Errorf("%d sessions: who is refused has displaced somebody", got)
	}
}

// TestUnregistered_RegisteredPlayersDoNotCount seats many from one address who register, as players do: none of them makes room.
func TestUnregistered_RegisteredPlayersDoNotCount(t *testing.T) {
	d := newTestShard(t, nil)
	home := netip.MustParseAddrPort("192.0.2.1:9")
	const n = 2 * maxUnregistered
	for i := range n {
		s := &testPlayer{shard: d, id: sealed.ID{0xfe, byte(i)}, from: home}
		secret := make([]byte, 32)
		secret[1] = byte(i)
		keys, err := sealed.FromSecret(sealed.Server, wire.KeyLabel, 0x1301, secret, s.id)
		if err != nil {
			t.Fatal(err)
		}
		s.keys, _ = sealed.FromSecret(sealed.Client, wire.KeyLabel, 0x1301, secret, s.id)
		if s.welcome, err = d.Join(d.now, JoinRequest{ID: s.id, Sealed: keys, Name: "p", Addr: home.Addr()}); err != nil {
			t.Fatal(err)
		}
		token, _ := base64.RawURLEncoding.DecodeString(s.welcome.Token)
		s.token = [wire.TokenLen]byte(token)
		s.register()
	}
	if got := d.Counts().Sessions; got != n {
		t.Errorf("%d of %d players from one address have their seats", got, n)
	}
}
