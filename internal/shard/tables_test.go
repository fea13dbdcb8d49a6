package shard

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pong/netcode/sealed"
)

// TestOpenMatches_AreThoseWithAFreeSeat lets players join, resume and leave at random, and compares the list with a
// search through all matches.
func TestOpenMatches_AreThoseWithAFreeSeat(t *testing.T) {
	d := newTestShard(t, nil)
	random := rand.New(rand.NewPCG(3, 4))
	var here []*testPlayer
	full := 0
	for range 2000 {
		switch what := random.IntN(10); {
		case what < 5 && len(here) < 100:
			room := []string{"", "", "oak-7", "elm-3"}[random.IntN(4)]
			if s, err := d.tryJoinAs(JoinRequest{Room: room}); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 6 && len(here) > 0:
			if s, err := d.tryJoin(here[random.IntN(len(here))].resume()); err == nil {
				s.register()
				here = append(here, s)
			}
		case what < 9 && len(here) > 0:
			i := random.IntN(len(here))
			d.Leave(d.now, here[i].id)
			here = slices.Delete(here, i, i+1)
		default:
			d.run(Period, here...)
		}
		var want []*match
		for _, m := range d.tables.matches {
			if m.free() != nil {
				want = append(want, m)
			} else {
				full++
			}
		}
		if !slices.Equal([]*match(d.tables.open), want) {
			t.Fatalf("%d matches are open, want %d of %d", len(d.tables.open), len(want), len(d.tables.matches))
		}
	}
	if full == 0 {
		t.Error("no match was ever full, so that the test means little")
	}
}

// joinOnly joins a player from an address, who does not register.
func (d *testShard) joinOnly(serial int, from string) sealed.ID {
	d.t.Helper()
	id := sealed.ID{0xff, byte(serial >> 8), byte(serial)}
	r := JoinRequest{ID: id, Name: fmt.Sprint(serial), Addr: netip.MustParseAddr(from)}
	if err := d.Join(d.now, r); err != nil {
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
		d.joinOnly(1000+i, fmt.Sprintf("2001:db8::%x", i+1)) // the same /64
		d.run(10*time.Millisecond, left, right)
	}
	if got, want := d.Counts().Sessions, 2+1+2*maxUnregistered; got != want {
		t.Errorf("%d sessions after 2000 JOINs without REGISTER from two prefixes, want %d", got, want)
	}
	if got := d.Counts().Matches; got > 2+maxUnregistered {
		t.Errorf("%d matches, want at most %d", got, 2+maxUnregistered)
	}
	if got, want := d.Counts().NeverRegistered, 2*(1000-maxUnregistered); got != want {
		t.Errorf("NeverRegistered = %d, want %d", got, want)
	}
	waits.register()
	if p := d.tables.sessions[waits.id]; p == nil || !p.registered {
		t.Error("an unregistered player of another prefix was evicted")
	}
	d.run(RegisterWithin+time.Second, left, right, waits)
	if got := d.Counts().Sessions; got != 3 || len(d.tables.unregistered) != 0 {
		t.Errorf("%d sessions, and unregistered ones of %d prefixes, after %v; want 3 and 0", got,
			len(d.tables.unregistered), RegisterWithin)
	}
}

func TestUnregistered_OldestIsEvicted(t *testing.T) {
	d := newTestShard(t, nil)
	first := d.joinOnly(0, "192.0.2.1")
	for i := range maxUnregistered - 1 {
		d.joinOnly(1+i, "192.0.2.1")
	}
	if d.tables.sessions[first] == nil {
		t.Fatalf("the oldest of %d was evicted", maxUnregistered)
	}
	d.run(timeToRegister)
	last := d.joinOnly(maxUnregistered, "192.0.2.1")
	if d.tables.sessions[first] != nil || d.tables.sessions[last] == nil {
		t.Errorf("of %d the oldest was not evicted, or the newest was", maxUnregistered+1)
	}
	r := JoinRequest{ID: sealed.ID{1}, Name: "x", Addr: netip.MustParseAddr("192.0.2.1"), Resume: make([]byte, 16)}
	if err := d.Join(d.now, r); err != ErrResume {
		t.Errorf("resume with an unknown secret: %v, want %v", err, ErrResume)
	}
	if got := d.Counts().Sessions; got != maxUnregistered {
		t.Errorf("%d sessions, want %d: a refused JOIN must not evict", got, maxUnregistered)
	}
}

// TestUnregistered_HaveTimeToRegister joins a player among 1000 JOINs a second from the same address, none of which
// registers. The player has half a second to register; the others are told to try again.
func TestUnregistered_HaveTimeToRegister(t *testing.T) {
	const one = "192.0.2.1"
	d := newTestShard(t, nil)
	p, err := d.joinFrom(one, true, JoinRequest{})
	if err != nil {
		t.Fatal(err)
	}
	crowded := 0
	for start, i := d.now, 0; d.now.Sub(start) < timeToRegister-Period; i++ {
		r := JoinRequest{ID: sealed.ID{0xff, byte(i >> 8), byte(i)}, Name: "x", Addr: netip.MustParseAddr(one)}
		switch err := d.Join(d.now, r); err {
		case nil:
		case ErrCrowded:
			crowded++
		default:
			t.Fatal(err)
		}
		d.run(time.Millisecond)
	}
	if crowded < 400 {
		t.Errorf("%d JOINs are refused with %v, want more than 400", crowded, ErrCrowded)
	}
	if p.register(); d.tables.sessions[p.id] == nil || !d.tables.sessions[p.id].registered {
		t.Errorf("a player who registers within %v has lost the seat", timeToRegister)
	}
	d.run(timeToRegister, p)
	d.joinOnly(5000, one) // the oldest that has not registered makes room
	if d.tables.sessions[p.id] == nil {
		t.Error("a player who has registered has lost the seat")
	}
}

func TestUnregistered_RegisteredPlayersDoNotCount(t *testing.T) {
	d := newTestShard(t, nil)
	const n = 2 * maxUnregistered
	for i := range n {
		p, err := d.joinWith(sealed.ID{0xfe, byte(i)}, netip.MustParseAddrPort("192.0.2.1:9"), "p", JoinRequest{})
		if err != nil {
			t.Fatal(err)
		}
		p.register()
	}
	if got := d.Counts().Sessions; got != n {
		t.Errorf("%d of %d registered players of one prefix have their seats", got, n)
	}
}
