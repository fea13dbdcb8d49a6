package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// standing returns the Standing of the STATE that a player would be sent now.
func (p *testPlayer) standing() wire.Standing {
	p.shard.t.Helper()
	s := p.shard.tables.sessions[p.id]
	plain := p.shard.stateOf(p.match())
	wire.Readdress(plain, unstamped, uint8(s.seat.player+1), wire.ReasonRegular, &wire.Margin{}, &wire.Ahead{})
	var st wire.State
	if err := wire.ParseState(plain, &st); err != nil {
		p.shard.t.Fatal(err)
	}
	return st.Standing
}

func TestStanding_FollowsAMatch(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left := d.join()
	d.run(time.Second, left)
	alone, one := left.standing(), [2]wire.SeatStatus{wire.SeatOnline}
	all := [2]uint8{wire.MaxPauseLeft, wire.MaxPauseLeft}
	if want := (wire.Standing{Lineup: alone.Lineup, Seats: one, Player: 1, PauseLeft: all}); alone != want {
		t.Errorf("of a player who waits: %+v, want %+v", alone, want)
	}
	right := d.join()
	d.run(time.Second, left, right)
	both := [2]wire.SeatStatus{wire.SeatOnline, wire.SeatOnline}
	begun := right.standing()
	want := wire.Standing{Lineup: alone.Lineup + 1, Game: 1, Seats: both, Player: 2, PauseLeft: all}
	if begun != want {
		t.Errorf("of a game: %+v, want %+v", begun, want)
	}
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Rematch(d.now, right.id, 1)
	if got, want := left.standing().Rematch, [2]bool{false, true}; got != want {
		t.Errorf("player 2 asks for a rematch: %v, want %v", got, want)
	}
	d.Rematch(d.now, left.id, 1)
	d.run(time.Second, left, right)
	if got := left.standing(); got.Game != 2 || got.Rematch != [2]bool{} || got.Lineup != begun.Lineup {
		t.Errorf("of the next game: %+v, want game 2 of lineup %d", got, begun.Lineup)
	}
	d.Leave(d.now, right.id)
	if got := left.standing(); got.Game != 0 || got.Lineup == begun.Lineup || got.Seats[1] != wire.SeatFree {
		t.Errorf("after player 2 has left: %+v, want another lineup and game 0", got)
	}
}

// TestStanding_GamesAreCountedFromOneAgain plays the game after the last number: 0 would mean that none has begun.
func TestStanding_GamesAreCountedFromOneAgain(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	left.match().game = wire.MaxGame
	d.startNextGame(left.match())
	if got := left.standing(); got.Game != 1 {
		t.Errorf("game %d follows game %d, want 1", got.Game, wire.MaxGame)
	}
}

// TestStanding_LineupsOfMatchesDiffer: a player who is moved to another match must not take its players for the former.
func TestStanding_LineupsOfMatchesDiffer(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	third := d.join()
	d.run(time.Second, left, right, third)
	first, second := left.standing().Lineup, third.standing().Lineup
	d.Leave(d.now, right.id)
	got, others := third.standing(), left.standing()
	if got.Player != 2 || got.Lineup == first || got.Lineup == second || got.Lineup != others.Lineup {
		t.Errorf("after the move the standing is %+v, the other's %+v; want player 2 of a lineup other than %d and %d",
			got, others, first, second)
	}
	lines := third.lines(wire.Presence)
	if m := lines[len(lines)-1]; m.Lineup != int(got.Lineup) {
		t.Errorf("the last PRESENCE is %+v, want it of lineup %d", m, got.Lineup)
	}
}

// TestRematch_LateLineIsIgnored sends the REMATCH of the first game after the second.
func TestRematch_LateLineIsIgnored(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for n := 1; n <= 2; n++ {
		for len(d.reported(Over)) < n {
			d.run(time.Second, left, right)
		}
		if n == 1 {
			d.Rematch(d.now, left.id, 1)
			d.Rematch(d.now, right.id, 1)
			d.run(time.Second, left, right)
		}
	}
	d.Rematch(d.now, left.id, 1)
	if got := left.standing(); got.Game != 2 || got.Rematch != [2]bool{} {
		t.Errorf("a REMATCH of game 1 after game 2: %+v, want no wish", got)
	}
}

// TestJoin_ResumedAfterAGame resumes a seat when a game is over and the other player asks for another one.
func TestJoin_ResumedAfterAGame(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	back, err := d.tryJoin(left.resume())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(back.lines(wire.End)); n != 1 {
		t.Errorf("%d ENDs, want the result", n)
	}
	d.Rematch(d.now, right.id, 1) // before the new session has registered
	if n := len(back.lines(wire.Rematch)); n != 1 {
		t.Errorf("%d REMATCHes, want that of the other player", n)
	}
	if again, err := d.tryJoin(back.resume()); err != nil || len(again.lines(wire.Rematch)) != 1 {
		t.Errorf("after another JOIN: %v, want END and REMATCH", err)
	}
}
