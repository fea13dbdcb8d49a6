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
		t.Fatalf("to watch where nobody plays: %v, want %v", err, ErrMatch)
	}
	left, right := d.joinTwo()
	d.run(4*time.Second, left, right)
	w := d.joinAs(JoinRequest{Watch: true})
	if w.welcome.PlayerID != 0 || w.welcome.Match != "m1" {
		t.Errorf("WELCOME of a watcher says player %d, match %s", w.welcome.PlayerID, w.welcome.Match)
	}
	if n := len(w.lines(wire.Presence)); n != 2 || len(w.lines(wire.Start)) != 1 {
		t.Errorf("told of %d seats and %d STARTs, want 2 and 1", n, len(w.lines(wire.Start)))
	}
	if n := len(left.lines(wire.Presence)); n != 4 { // both joining, both online
		t.Errorf("a player was told %d times who is there, want 4: a watcher is not news", n)
	}
	d.run(time.Second, left, right, w)
	states := w.states()
	if len(states) < 19 || len(states) > 21 {
		t.Errorf("a watcher was sent %d STATEs in a second, want 20", len(states))
	}
	truth, _ := d.State(left.id)
	if last := states[len(states)-1].Game; truth.Tick-last.Tick > wire.StateEvery || last.Round != truth.Round {
		t.Errorf("the newest STATE of a watcher is of tick %d, the game is at %d", last.Tick, truth.Tick)
	}
	before := truth.Paddle
	w.send(wire.AppendInput(nil, stamp, wire.Input{Newest: 400}))
	d.run(time.Second, left, right, w)
	if after, _ := d.State(left.id); after.Paddle != before {
		t.Error("a watcher has moved a paddle")
	}
	d.Rematch(d.now, w.id) // is heard by nobody
}

func TestWatchers_AreLimitedAndSpreadOverTicks(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	var bench []*seat
	for range maxWatchers {
		place, err := d.watch("", "")
		if err != nil {
			t.Fatal(err)
		}
		bench = append(bench, place)
		place.match.watchers = bench
	}
	if _, err := d.watch("m1", ""); !errors.Is(err, ErrFull) {
		t.Errorf("one more than a bench holds: %v, want %v", err, ErrFull)
	}
	d.sessions[left.id].seat.match.watchers = nil
	turns := map[uint32]int{}
	for range 30 { // thirty watchers in their turn
		w := d.joinAs(JoinRequest{Watch: true})
		d.run(time.Second/2, left, right, w)
		for _, st := range w.states() {
			turns[st.Game.Tick%wire.StateEvery]++
		}
	}
	for turn, n := range turns {
		if n < 80 || n > 120 {
			t.Errorf("%d STATEs at ticks that are %d modulo %d, want about 100", n, turn, wire.StateEvery)
		}
	}
	if len(turns) != wire.StateEvery || len(bench) != maxWatchers {
		t.Errorf("watchers are served at %d kinds of ticks, want %d", len(turns), wire.StateEvery)
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
	if n := len(w.states()); n < 19 {
		t.Errorf("a watcher that is heard again was sent %d STATEs in a second, want 20", n)
	}
	if len(d.reported(Silent)) != 0 {
		t.Error("the silence of a watcher was reported like a player's")
	}
	d.run(FreedAfter+time.Second, left, right)
	if c := d.Counts(); c.Sessions != 2 || len(d.sessions[left.id].seat.match.watchers) != 0 {
		t.Errorf("%d sessions after a minute, want the two players", c.Sessions)
	}
}

func TestWatchers_EndWithTheirMatchOrConnection(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	a, b := d.joinAs(JoinRequest{Watch: true}), d.joinAs(JoinRequest{Watch: true})
	d.ControlLost(d.now, a.id, "closed the connection")
	if d.sessions[a.id] != nil {
		t.Error("a watcher without a control connection is still there")
	}
	d.Leave(d.now, left.id)
	d.run(time.Second, right, b)
	if m := b.lines(wire.End); len(m) != 1 || m[0].Winner != 2 {
		t.Errorf("a watcher was told the result %+v", m)
	}
	d.Leave(d.now, right.id)
	d.run(time.Second)
	if c := d.Counts(); c.Sessions != 0 || c.Matches != 0 {
		t.Errorf("%d sessions and %d matches are left", c.Sessions, c.Matches)
	}
	if m := b.lines(wire.Error); len(m) != 1 {
		t.Errorf("the watcher was told %+v", m)
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
	if n := len(again.states()); n < 19 {
		t.Errorf("the watcher who came back was sent %d STATEs in a second", n)
	}
	if bench := d.sessions[left.id].seat.match.watchers; len(bench) != 1 || d.sessions[w.id] != nil {
		t.Errorf("%d are on the bench, want 1; the old session is there: %v", len(bench), d.sessions[w.id] != nil)
	}
}

func TestList_ShowsPublicMatches(t *testing.T) {
	d := newTestShard(t, nil)
	if l := d.List(8); len(l) != 0 {
		t.Errorf("before anything is played the list is %+v", l)
	}
	a, b := d.joinTwo()
	c, e := d.joinAs(JoinRequest{Room: "oak-7"}), d.joinAs(JoinRequest{Room: "oak-7"})
	f, g := d.joinTwo()
	alone := d.join()
	d.run(time.Second, a, b, c, e, f, g, alone)
	d.joinAs(JoinRequest{Watch: true, Match: "m1"})
	list := d.List(8)
	if len(list) != 2 || list[0].Match != "m3" || list[1].Match != "m1" || list[1].Watchers != 1 || list[1].Names != [2]string{"b", "c"} {
		t.Errorf("the list is %+v, want m3 and m1", list)
	}
	if len(d.List(1)) != 1 {
		t.Error("the list is longer than was asked for")
	}
	if _, err := d.tryJoinAs(JoinRequest{Watch: true, Match: "m2"}); !errors.Is(err, ErrMatch) {
		t.Errorf("a match in a room can be watched by its name: %v", err)
	}
	if w := d.joinAs(JoinRequest{Watch: true, Room: "oak-7"}).welcome; w.Match != "m2" {
		t.Errorf("with the code of the room %s is watched, want m2", w.Match)
	}
}
