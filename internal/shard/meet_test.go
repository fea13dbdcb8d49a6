package shard

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/internal/wire"
	"pong/netcode/sealed"
)

// inRoom joins a player of an address in a room, and registers it.
func (d *testShard) inRoom(name, addr string) *testPlayer {
	d.t.Helper()
	p, err := d.tryInRoom(name, addr)
	if err != nil {
		d.t.Fatalf("%s at %s: %v", name, addr, err)
	}
	return p
}

func (d *testShard) tryInRoom(name, addr string) (*testPlayer, error) {
	d.serial++
	from := netip.AddrPortFrom(netip.MustParseAddr(addr), uint16(d.serial)+1)
	p, err := d.joinWith(sealed.ID{d.serial}, from, name, JoinRequest{Room: "maple-42"})
	if err == nil {
		p.register()
	}
	return p, err
}

// startsAfter returns how long two players wait for START.
func (d *testShard) startsAfter(a, b *testPlayer) time.Duration {
	began := d.now
	for len(b.lines(wire.Start)) == 0 && d.now.Sub(began) < time.Minute {
		d.run(100*time.Millisecond, a, b)
	}
	return d.now.Sub(began)
}

// TestMeet_NamesCanBeReadBeforeTheMatch measures the time from the second player to START.
func TestMeet_NamesCanBeReadBeforeTheMatch(t *testing.T) {
	for name, test := range map[string]struct {
		auto        bool
		accept      int
		least, most time.Duration
	}{
		"nobody accepts":       {true, 0, NamesFor, NamesFor + time.Second},
		"one accepts":          {true, 1, NamesFor, NamesFor + time.Second},
		"both accept":          {true, 2, 0, time.Second},
		"the operator is fast": {false, 0, NamesFor, NamesFor + time.Second},
	} {
		d := newTestShard(t, func(c *Config) { c.Auto = test.auto })
		a := d.inRoom("Ann", "10.0.0.1")
		d.run(time.Second, a)
		b := d.inRoom("Ben", "10.0.0.2")
		began := d.now
		d.run(200*time.Millisecond, a, b)
		for _, p := range []*testPlayer{a, b}[:test.accept] {
			d.Accept(d.now, p.id)
		}
		if !test.auto && d.Begin(d.now) != 1 {
			t.Errorf("%s: the match is not ready for the operator", name)
		}
		d.startsAfter(a, b)
		if took := d.now.Sub(began); took < test.least || took > test.most {
			t.Errorf("%s: START after %v, want %v to %v", name, took, test.least, test.most)
		}
		for i, names := range [2][2]string{{"Ann", "Ben"}, {"Ann", "Ben"}} {
			for seat, want := range names {
				if !strings.Contains(fmt.Sprint([]*testPlayer{a, b}[i].lines(wire.Presence)), want) {
					t.Errorf("%s: player %d has no PRESENCE of seat %d with the name %s", name, i+1, seat+1, want)
				}
			}
		}
	}
	for _, accept := range []int{0, 1, 2} { // where the match begins when both are ready
		d := newTestShard(t, func(c *Config) { c.Auto, c.Ready = true, true })
		a, b := d.inRoom("Ann", "10.0.0.1"), d.inRoom("Ben", "10.0.0.2")
		d.run(200*time.Millisecond, a, b)
		for _, p := range []*testPlayer{a, b}[:accept] {
			d.Accept(d.now, p.id)
		}
		took := d.startsAfter(a, b)
		if atOnce, never := took < time.Second, took >= time.Minute; accept == 2 && !atOnce || accept < 2 && !never {
			t.Errorf("%d of 2 are ready: START after %v, want it at once if both are, else not in a minute", accept,
				took)
		}
		for _, p := range []*testPlayer{a, b} {
			if w := p.lines(wire.Welcome); len(w) != 1 || w[0].Ready != 1 {
				t.Errorf("WELCOME is %+v, want one with ready", w)
			}
		}
	}
	d := newTestShard(t, func(c *Config) { c.Auto, c.Ready = true, true })
	a, b := d.join(), d.join()
	if took := d.startsAfter(a, b); took > time.Second {
		t.Errorf("without a room: START after %v, want no wait", took)
	}
}

// TestMeet_OpenerSendsAStrangerAway who cannot come back for a while. The friend can come at once.
func TestMeet_OpenerSendsAStrangerAway(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.inRoom("Ann", "10.0.0.1")
	d.run(time.Second, ann)
	stranger := d.inRoom("Mallory", "10.0.0.66")
	d.run(time.Second, ann, stranger)
	d.Refuse(d.now, ann.id)
	gone := stranger.lines(wire.Error)
	if len(gone) != 1 || gone[0].Code != wire.CodeSeat || !strings.Contains(gone[0].Message, "does not know you") {
		t.Errorf("the stranger got %+v, want ERROR seat and the reason", gone)
	}
	if _, err := d.tryJoin(stranger.resume()); !errors.Is(err, ErrResume) {
		t.Errorf("the stranger resumes: %v, want %v", err, ErrResume)
	}
	for _, name := range []string{"Mallory", "Ben"} {
		if _, err := d.tryInRoom(name, "10.0.0.66"); !errors.Is(err, ErrSentAway) {
			t.Errorf("the stranger joins again as %s: %v, want %v", name, err, ErrSentAway)
		}
	}
	ben := d.inRoom("Ben", "10.0.0.2")
	if ben.match() != ann.match() {
		t.Fatal("the friend is in another match")
	}
	d.startsAfter(ann, ben)
	if m := ann.match(); !m.begun || len(ann.lines(wire.Error)) > 0 {
		t.Errorf("the match of the friends has begun: %v, and Ann was sent %v", m.begun, ann.lines(wire.Error))
	}
	d.Refuse(d.now, ann.id)
	if d.run(time.Second, ann, ben); len(d.reported(Vacated)) != 1 {
		t.Error("a player was sent away after START")
	}
	d.Leave(d.now, ben.id)
	d.run(SentAwayFor, ann)
	if _, err := d.tryInRoom("Mallory", "10.0.0.66"); err != nil {
		t.Errorf("the stranger joins again after %v: %v, want a seat", SentAwayFor, err)
	}
}

// TestMeet_StrangerCannotSendAwayTheOpener: a REFUSE of the second player is a LEAVE.
func TestMeet_StrangerCannotSendAwayTheOpener(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.inRoom("Ann", "10.0.0.1")
	d.run(time.Second, ann)
	stranger := d.inRoom("Mallory", "10.0.0.66")
	d.run(time.Second, ann, stranger)
	d.Refuse(d.now, stranger.id)
	d.run(time.Second, ann)
	if len(ann.lines(wire.Error)) > 0 || len(stranger.lines(wire.Error)) != 1 {
		t.Errorf("Ann was sent %v and the stranger %v, want none and ERROR", ann.lines(wire.Error),
			stranger.lines(wire.Error))
	}
	d.Refuse(d.now, ann.id) // alone: there is nobody to send away
	if ben := d.inRoom("Ben", "10.0.0.66"); ben.match() != ann.match() {
		t.Error("the friend does not find the room")
	}
}

// TestMeet_OpenerIsWhoWasThereLongest when the first one has left.
func TestMeet_OpenerIsWhoWasThereLongest(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.inRoom("Ann", "10.0.0.1")
	d.run(time.Second, ann)
	ben := d.inRoom("Ben", "10.0.0.2")
	d.run(time.Second, ann, ben)
	d.Leave(d.now, ann.id)
	d.run(time.Second, ben)
	own := ben.lines(wire.Presence)
	if last := own[len(own)-1]; last.PlayerID != ben.welcome.PlayerID || last.Opened != 1 {
		t.Errorf("the last PRESENCE to Ben is %+v, want that Ben has opened the room", last)
	}
	cleo := d.inRoom("Cleo", "10.0.0.3")
	d.run(time.Second, ben, cleo)
	d.Refuse(d.now, cleo.id)
	d.run(time.Second, ben)
	if len(ben.lines(wire.Error)) > 0 {
		t.Error("the newcomer has sent away the player who was there")
	}
}

// TestMeet_SameAddressIsSentAwayByName: a class behind one address must not be sent away with a stranger.
func TestMeet_SameAddressIsSentAwayByName(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.inRoom("Ann", "10.0.0.1")
	d.run(time.Second, ann)
	stranger := d.inRoom("Mallory", "10.0.0.1")
	d.run(time.Second, ann, stranger)
	d.Refuse(d.now, ann.id)
	if _, err := d.tryInRoom("Mallory", "10.0.0.1"); !errors.Is(err, ErrSentAway) {
		t.Errorf("the same name from the same address: %v, want %v", err, ErrSentAway)
	}
	if _, err := d.tryInRoom("Ben", "10.0.0.1"); err != nil {
		t.Errorf("another name from the same address: %v, want a seat", err)
	}
}

// TestMeet_MemoryIsBounded sends away more than are remembered.
func TestMeet_MemoryIsBounded(t *testing.T) {
	d := newTestShard(t, nil)
	ann := d.inRoom("Ann", "10.0.0.1")
	d.run(time.Second, ann)
	for i := range 2 * maxSentAway {
		d.inRoom("Mallory", fmt.Sprintf("10.0.1.%d", i))
		d.Refuse(d.now, ann.id)
	}
	if n := len(ann.match().meeting.sentAway); n != maxSentAway {
		t.Errorf("%d are remembered, want %d", n, maxSentAway)
	}
}
