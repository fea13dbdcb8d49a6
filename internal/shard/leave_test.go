package shard

import (
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestLeave_AfterTheEndIsNoSecondResult(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Leave(d.now, right.id)
	d.run(time.Second, left)
	if lines, reports := len(left.lines(wire.End)), len(d.reported(Over)); lines != 1 || reports != 1 {
		t.Errorf("a game that has ended brings %d ENDs and %d reports, want 1 and 1", lines, reports)
	}
}

func TestControlLost_WhileResumingKeepsTheSeat(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	d.ControlLost(d.now, right.id, ConnectionClosed) // the server notices late that the old connection is gone
	back.register()
	d.run(time.Second, left, back)
	if d.Begin(d.now) != 1 || len(d.reported(Vacated)) > 0 {
		t.Errorf("a player who was resuming has lost the seat: %+v", d.reported(Vacated))
	}
}

// A player who is resuming is not moved. Once that has ended, in whatever way, two who wait alone play together.
func TestMerge_AfterAPlayerHasResumed(t *testing.T) {
	for what, end := range map[string]func(d *testShard, stays, next, back *testPlayer) *testPlayer{
		"the new connection registers": func(d *testShard, stays, next, back *testPlayer) *testPlayer {
			back.register()
			return back
		},
		"the new connection is lost": func(d *testShard, stays, next, back *testPlayer) *testPlayer {
			d.ControlLost(d.now, back.id, ConnectionClosed)
			return stays
		},
		"the new connection does not register in time": func(d *testShard, stays, next, back *testPlayer) *testPlayer {
			d.run(RegisterWithin, stays, next)
			return stays
		},
	} {
		d := newTestShard(t, nil)
		stays, leaves := d.joinTwo()
		d.run(time.Second, stays, leaves)
		next := d.join()
		d.run(time.Second, stays, leaves, next)
		back, err := d.tryJoin(stays.resume())
		if err != nil {
			t.Fatal(err)
		}
		d.Leave(d.now, leaves.id)
		d.run(time.Second, stays, next)
		if stays.match() == next.match() {
			t.Fatalf("%s: a player who is resuming was given an opponent before", what)
		}
		stays = end(d, stays, next, back)
		d.run(2*time.Second, stays, next)
		if stays.match() != next.match() {
			t.Errorf("%s: two players still wait alone", what)
		}
	}
}

// The ticks of the older match, to which a player is moved, are far ahead. The player is not silent because of that.
func TestMerge_MovedPlayerIsNotSilent(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*FreedAfter, left, right)
	third := d.join()
	d.run(time.Second, left, right, third)
	d.Leave(d.now, right.id)
	if third.match() != left.match() {
		t.Fatal("the third player was not moved")
	}
	d.run(2 * expireEvery * Period)
	for _, kind := range []Kind{Silent, Vacated} {
		if all := d.reported(kind); slices.ContainsFunc(all, func(r Report) bool { return r.Reason != Left }) {
			t.Errorf("after the move %+v is reported, want nobody silent or removed", all)
		}
	}
}

// A player who waits alone gets the seat of one who leaves: during a game at once, after a game when the other player
// has had the time to see the result, or asks for another game. The same holds for a player who joins then. The two
// always begin a new game.
func TestLeave_NextPlayerBeginsANewGame(t *testing.T) {
	for _, test := range []struct {
		what                 string
		over, asks, hadAsked bool
		least, most          time.Duration
	}{
		{"during a game", false, false, false, 0, time.Second},
		{"after a game", true, false, false, ResultFor - time.Second, ResultFor + time.Second},
		{"after a game, and the other asks for a rematch", true, true, false, 0, time.Second},
		{"after a game, when the other had asked for a rematch", true, false, true, 0, time.Second},
	} {
		for _, waits := range []bool{true, false} {
			d := newTestShard(t, func(c *Config) { c.Rules = game.Rules{Points: 2} })
			left, right := d.joinTwo()
			var next *testPlayer
			if waits {
				next = d.join()
			}
			d.runUntilPlaying(left, right)
			for st, _ := d.State(right.id); test.over && st.Phase != game.Over ||
				!test.over && (st.Phase != game.Playing || st.Score == [2]uint16{}); st, _ = d.State(right.id) {
				d.run(Period, left, right)
				if waits {
					next.ping()
				}
			}
			if test.hadAsked {
				d.Rematch(d.now, right.id, 0)
			}
			d.Leave(d.now, left.id)
			if !waits {
				next = d.join()
			}
			if test.asks {
				d.run(500*time.Millisecond, right, next)
				d.Rematch(d.now, right.id, 0)
			}
			took := time.Duration(0)
			for took == 0 || next.match().state.Phase == game.Waiting && took < 10*time.Second {
				d.run(Period, right, next)
				next.ping() // as soon as there is a STATE to echo
				took += Period
			}
			st, _ := d.State(right.id)
			if took < test.least || took > test.most || next.match() != right.match() || st.Score != [2]uint16{} ||
				st.Phase != game.Countdown {
				t.Errorf("%s, waited before %v: after %v the player who stayed is at %v in phase %v, want a new game "+
					"within %v to %v", test.what, waits, took, st.Score, st.Phase, test.least, test.most)
			}
		}
	}
}

// In a room the next player is the one who was invited: that player never finds the seat closed, not even while the
// other one sees the result.
func TestLeave_NextPlayerInARoomIsSeatedAtOnce(t *testing.T) {
	d := newTestShard(t, func(c *Config) { c.Rules = game.Rules{Points: 1} })
	left, right := d.joinAs(JoinRequest{Room: "maple-42"}), d.joinAs(JoinRequest{Room: "maple-42"})
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Leave(d.now, right.id)
	if next := d.joinAs(JoinRequest{Room: "maple-42"}); next.match() != left.match() {
		t.Errorf("the next player in the room is in match %s, want %s", next.match().name, left.match().name)
	}
}

func TestControlLost_SilentWatcherIsRemoved(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	watcher := d.joinAs(JoinRequest{Watch: true})
	d.run(time.Second, left, right, watcher)
	d.run(SilentAfter+time.Second, left, right)
	d.ControlLost(d.now, watcher.id, ConnectionClosed)
	if c := d.Counts(); c.Sessions != 2 {
		t.Errorf("%d sessions, want 2: those of the players", c.Sessions)
	}
}

// Before a game, too, the seat of a silent player is kept for as long as PRESENCE has announced, whatever becomes of
// the control connection.
func TestControlLost_SilentPlayerKeepsTheSeatBeforeAGame(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	right.match().seats[1].paused = PauseBudget // in a game before
	d.run(SilentAfter+time.Second, left)
	lines := left.lines(wire.Presence)
	seconds := lines[len(lines)-1].Seconds
	if seconds < 50 || lines[len(lines)-1].Status != wire.StatusSilent {
		t.Fatalf("the other player is sent %+v, want silent and about 55 s", lines[len(lines)-1])
	}
	d.ControlLost(d.now, right.id, ControlSilent)
	d.run(time.Duration(seconds-3)*time.Second, left)
	if n := len(d.reported(Vacated)); n > 0 {
		t.Fatalf("the seat was freed 3 s before the end of the %d s of PRESENCE", seconds)
	}
	d.run(3*time.Second, left)
	if v := d.reported(Vacated); len(v) != 1 || v[0].Reason != NoResponse {
		t.Errorf("removed after %d s: %+v, want player 2 because of %v", seconds, v, NoResponse)
	}
}

// A player who resumes has a session beside the one that it replaces, and watchers have sessions: neither is a player.
func TestCounts_PlayersAreSeats(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	watcher := d.joinAs(JoinRequest{Watch: true})
	want := func(players, sessions int) {
		t.Helper()
		if c := d.Counts(); c.Players != players || c.Sessions != sessions {
			t.Errorf("%d players and %d sessions, want %d and %d", c.Players, c.Sessions, players, sessions)
		}
	}
	want(2, 3)
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	want(2, 4)
	back.register()
	want(2, 3)
	d.Leave(d.now, watcher.id)
	d.Leave(d.now, back.id)
	want(1, 1)
	d.Leave(d.now, left.id)
	want(0, 0)
}
