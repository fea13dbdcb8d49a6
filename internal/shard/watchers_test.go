package shard

import (
	"errors"
	"testing"
	"time"

	"pong/internal/wire"
)

func TestWatchers_SeeTheMatchAndCannotPlay(t *testing.T) {
	d := newTestShard(t, nil)
	if _, err := d.tryJoinAs(JoinRequest{Watch: true}); !errors.Is(err, ErrMatch) {
		t.Fatalf("watch without a match: %v, want %v", err, ErrMatch)
	}
	left, right := d.joinTwo()
	d.run(4*time.Second, left, right)
	w := d.joinAs(JoinRequest{Watch: true})
	if w.welcome.PlayerID != 0 || w.welcome.Match != "m1" {
		t.Errorf("WELCOME of a watcher has player %d and match %s, want 0 and m1", w.welcome.PlayerID, w.welcome.Match)
	}
	if n := len(w.lines(wire.Presence)); n != 2 || len(w.lines(wire.Start)) != 1 {
		t.Errorf("a watcher is sent %d PRESENCEs and %d STARTs, want 2 and 1", n, len(w.lines(wire.Start)))
	}
	if n := len(left.lines(wire.Presence)); n != 4 { // both have joined, both are online
		t.Errorf("a player was sent %d PRESENCEs, want 4 and none for a watcher", n)
	}
	d.run(time.Second, left, right, w)
	states := w.states()
	if len(states) < 14 || len(states) > 16 {
		t.Errorf("a watcher was sent %d STATEs in a second, want 15", len(states))
	}
	truth, _ := d.State(left.id)
	if last := states[len(states)-1].Game; truth.Tick-last.Tick > wire.StateEvery || last.Round != truth.Round {
		t.Errorf("the newest STATE of a watcher is of tick %d, the game is at %d", last.Tick, truth.Tick)
	}
	before := truth.Paddle
	w.send(wire.AppendInput(nil, unstamped, wire.Input{Newest: 400}))
	d.run(time.Second, left, right, w)
	if after, _ := d.State(left.id); after.Paddle != before {
		t.Error("a watcher has moved a paddle")
	}
	d.Rematch(d.now, w.id, 0)
	if n := len(left.lines(wire.Rematch)); n != 0 {
		t.Errorf("a rematch of a watcher was sent to a player %d times, want none", n)
	}
}

func TestWatchers_AreLimitedAndSpreadOverTicks(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	m := left.match()
	for range maxWatchers {
		seat, err := d.watch(d.now, JoinRequest{})
		if err != nil {
			t.Fatal(err)
		}
		m.watchers = append(m.watchers, seat)
	}
	if _, err := d.watch(d.now, JoinRequest{Match: "m1"}); !errors.Is(err, ErrFull) {
		t.Errorf("watcher %d: %v, want %v", maxWatchers+1, err, ErrFull)
	}
	m.watchers = nil
	ticks := map[uint32]int{} // modulo StateEvery
	for range 30 {
		w := d.joinAs(JoinRequest{Watch: true})
		d.run(time.Second/2, left, right, w)
		for _, st := range w.states() {
			ticks[st.Game.Tick%wire.StateEvery]++
		}
	}
	for tick, n := range ticks {
		if n < 45 || n > 68 {
			t.Errorf("%d STATEs at ticks that are %d modulo %d, want about 56", n, tick, wire.StateEvery)
		}
	}
	if len(ticks) != wire.StateEvery {
		t.Errorf("STATEs are sent at ticks with %d remainders modulo %d, want all", len(ticks), wire.StateEvery)
	}
}

func TestWatchers_AreSentNothingWhileSilent(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	w := d.joinAs(JoinRequest{Watch: true})
	d.run(SilentAfter+time.Second, left, right)
	w.states()
	d.run(time.Second, left, right)
	if n := len(w.states()); n != 0 {
		t.Errorf("a silent watcher was sent %d STATEs", n)
	}
	w.ping()
	d.run(time.Second, left, right)
	if n := len(w.states()); n < 14 {
		t.Errorf("a watcher that has sent a PING again was sent %d STATEs in a second, want 15", n)
	}
	if len(d.reported(Silent)) != 0 {
		t.Error("the silence of a watcher was reported")
	}
	d.run(FreedAfter+time.Second, left, right)
	if c := d.Counts(); c.Sessions != 2 || len(left.match().watchers) != 0 {
		t.Errorf("%d sessions after a minute, want the two players", c.Sessions)
	}
}

func TestWatchers_EndWithTheirMatchOrConnection(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	a, b := d.joinAs(JoinRequest{Watch: true}), d.joinAs(JoinRequest{Watch: true})
	d.ControlLost(d.now, a.id, ConnectionClosed)
	if d.tables.sessions[a.id] != nil {
		t.Error("a watcher without a control connection is still there")
	}
	d.Leave(d.now, left.id)
	d.run(time.Second, right, b)
	if m := b.lines(wire.End); len(m) != 1 || m[0].Winner != 2 {
		t.Errorf("a watcher is sent %+v, want one END with winner 2", m)
	}
	d.Leave(d.now, right.id)
	d.run(time.Second)
	if c := d.Counts(); c.Sessions != 0 || c.Matches != 0 {
		t.Errorf("%d sessions and %d matches without players, want none", c.Sessions, c.Matches)
	}
	if m := b.lines(wire.Error); len(m) != 1 {
		t.Errorf("the watcher is sent %+v, want one ERROR", m)
	}
}

func TestWatchers_Resume(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	w := d.joinAs(JoinRequest{Watch: true})
	again, err := d.tryJoin(w.resume())
	if err != nil {
		t.Fatal(err)
	}
	again.register()
	d.run(time.Second, left, right, again)
	if n := len(again.states()); n < 14 {
		t.Errorf("a watcher that has resumed was sent %d STATEs in a second, want 15", n)
	}
	if watchers := left.match().watchers; len(watchers) != 1 || d.tables.sessions[w.id] != nil {
		t.Errorf("%d watchers and the old session there: %v, want 1 and false", len(watchers),
			d.tables.sessions[w.id] != nil)
	}
}

func TestList_ShowsPublicMatches(t *testing.T) {
	d := newTestShard(t, nil)
	if l := d.List(8); len(l) != 0 {
		t.Errorf("List(8) = %+v without a match, want none", l)
	}
	a, b := d.joinTwo()
	c, e := d.joinAs(JoinRequest{Room: "oak-7"}), d.joinAs(JoinRequest{Room: "oak-7"})
	f, g := d.joinTwo()
	alone := d.join()
	d.run(time.Second, a, b, c, e, f, g, alone)
	d.acceptAll()
	d.joinAs(JoinRequest{Watch: true, Match: "m1"})
	list := d.List(8)
	if len(list) != 2 || list[0].Match != "m3" || list[1].Match != "m1" || list[1].Watchers != 1 ||
		list[1].Names != [2]string{"b", "c"} {
		t.Errorf("List(8) = %+v, want m3 and m1 with one watcher", list)
	}
	if len(d.List(1)) != 1 {
		t.Error("List(1) has not one match")
	}
	if _, err := d.tryJoinAs(JoinRequest{Watch: true, Match: "m2"}); !errors.Is(err, ErrMatch) {
		t.Errorf("watch a match in a room by its name: %v, want %v", err, ErrMatch)
	}
	if w := d.joinAs(JoinRequest{Watch: true, Room: "oak-7"}).welcome; w.Match != "m2" {
		t.Errorf("with the code of the room %s is watched, want m2", w.Match)
	}
}
