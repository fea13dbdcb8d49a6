package shard

import (
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

// A player who waits alone gets the seat of one who leaves at once. The two begin a new game, not the old one.
func TestLeave_WaitingPlayerBeginsANewGame(t *testing.T) {
	d := newTestShard(t, func(c *Config) { c.Rules = game.Rules{Points: 2} })
	left, right := d.joinTwo()
	waits := d.join()
	for _, over := range []bool{false, true} {
		d.runUntilPlaying(left, right)
		for range 3600 {
			st, _ := d.State(right.id)
			if !over && st.Score != [2]uint16{} || over && st.Phase == game.Over {
				break
			}
			d.run(Period, left, right, waits)
		}
		d.Leave(d.now, left.id)
		d.run(3*Period, right, waits)
		st, _ := d.State(right.id)
		if waits.match() != right.match() || st.Score != [2]uint16{} || st.Phase != game.Countdown {
			t.Fatalf("after a player has left (game over: %v) the score is %v in phase %v, want a new game's countdown",
				over, st.Score, st.Phase)
		}
		left, waits = waits, d.join()
	}
}
