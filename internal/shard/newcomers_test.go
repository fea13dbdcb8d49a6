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

// knock has a player join from an address and not register.
func (d *desk) knock(serial int, from string) sealed.ID {
	d.t.Helper()
	id := sealed.ID{0xff, byte(serial >> 8), byte(serial)}
	if _, err := d.Join(d.now, Joiner{ID: id, Name: fmt.Sprint(serial), Addr: netip.MustParseAddr(from)}); err != nil {
		d.t.Fatal(err)
	}
	return id
}

func TestWhoJoinsAgainAndAgainHoldsFewSeats(t *testing.T) {
	d := newDesk(t, nil)
	left, right := d.two()
	waits, err := d.ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		d.knock(i, "192.0.2.1")
		d.knock(1000+i, fmt.Sprintf("2001:db8::%x", i+1)) // one customer
	}
	d.run(time.Millisecond, left, right)
	if got, want := d.Counts().Sessions, 2+1+2*maxNewcomers; got != want {
		t.Errorf("%d sessions after 2000 JOINs without REGISTER from two places, want %d", got, want)
	}
	if got := d.Counts().Matches; got > 2+maxNewcomers {
		t.Errorf("%d tables are set up", got)
	}
	if got := d.Counts().NeverRegistered; got != 2*(1000-maxNewcomers) {
		t.Errorf("%d are counted as never registered", got)
	}
	waits.register()
	if d.sessions[waits.id] == nil || !d.sessions[waits.id].registered {
		t.Error("a newcomer from elsewhere has lost the seat")
	}
	d.run(RegisterWithin+time.Second, left, right, waits)
	if got := d.Counts().Sessions; got != 3 || len(d.newcomers) != 0 {
		t.Errorf("%d sessions and newcomers from %d places are left when the time to register is over", got, len(d.newcomers))
	}
}

func TestTheNewestNewcomersStay(t *testing.T) {
	d := newDesk(t, nil)
	first := d.knock(0, "192.0.2.1")
	for i := range maxNewcomers - 1 {
		d.knock(1+i, "192.0.2.1")
	}
	if d.sessions[first] == nil {
		t.Fatal("the first has made room before there were too many")
	}
	last := d.knock(maxNewcomers, "192.0.2.1")
	if d.sessions[first] != nil || d.sessions[last] == nil {
		t.Error("of one too many not the oldest has made room")
	}
	if _, err := d.Join(d.now, Joiner{ID: sealed.ID{1}, Name: "x", Addr: netip.MustParseAddr("192.0.2.1"), Resume: make([]byte, 16)}); err != ErrResume {
		t.Errorf("a secret that is none: %v", err)
	}
	if got := d.Counts().Sessions; got != maxNewcomers {
		t.Errorf("%d sessions: who is refused has displaced somebody", got)
	}
}

// TestWhoHasRegisteredIsNoNewcomer seats many from one address who register, as players do: none of them makes room.
func TestWhoHasRegisteredIsNoNewcomer(t *testing.T) {
	d := newDesk(t, nil)
	home := netip.MustParseAddrPort("192.0.2.1:9")
	const n = 2 * maxNewcomers
	for i := range n {
		s := &sitter{d: d, id: sealed.ID{0xfe, byte(i)}, from: home}
		secret := make([]byte, 32)
		secret[1] = byte(i)
		keys, err := sealed.New(sealed.Server, 0x1301, secret, s.id)
		if err != nil {
			t.Fatal(err)
		}
		s.keys, _ = sealed.New(sealed.Client, 0x1301, secret, s.id)
		if s.welcome, err = d.Join(d.now, Joiner{ID: s.id, Sealed: keys, Name: "p", Addr: home.Addr()}); err != nil {
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

// TestRegisterIsAwaited: while a newcomer has yet to register, the socket is looked at more often than at ticks.
func TestRegisterIsAwaited(t *testing.T) {
	d := newDesk(t, nil)
	left := d.seat()
	d.run(time.Second, left)
	d.now = d.Next(d.now) // the beginning of a tick
	d.Advance(d.now)
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Fatalf("with nobody to wait for the socket is looked at after %v, want a tick", next)
	}
	right, err := d.ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	if next := d.Next(d.now).Sub(d.now); next > Period/slots {
		t.Errorf("a REGISTER may have to wait for %v, want a slot", next)
	}
	right.register()
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Errorf("after the REGISTER the socket is looked at after %v, want a tick", next)
	}
}
