package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestBegin_StartsEachReadyMatchOnce(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	a, b := d.joinTwo()
	c, e := d.joinTwo()
	alone := d.join()
	d.run(time.Second, a, b, c, e, alone)
	if n := len(d.reported(Ready)); n != 2 {
		t.Errorf("%d matches are reported ready, want 2", n)
	}
	if n := d.Begin(d.now); n != 2 {
		t.Errorf("Begin() = %d, want 2", n)
	}
	if n := d.Begin(d.now); n != 0 {
		t.Errorf("a second Begin() = %d, want 0", n)
	}
	for _, p := range []*testPlayer{a, b, c, e} {
		if n := len(p.lines(wire.Start)); n != 1 {
			t.Errorf("a player was sent %d STARTs, want 1", n)
		}
	}
	if len(alone.lines(wire.Start)) > 0 {
		t.Error("a player without an opponent was sent START")
	}
}

func TestBegin_IsNeededAgainAfterAPlayerIsReplaced(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	d.Begin(d.now)
	d.run(5*time.Second, left, right)
	d.Leave(d.now, right.id)
	third := d.join()
	d.run(5*time.Second, left, third)
	if s, _ := d.State(left.id); s.Phase != game.Waiting {
		t.Errorf("the match with a new player is in phase %v, want it to wait for Begin", s.Phase)
	}
	if n := d.Begin(d.now); n != 1 {
		t.Errorf("Begin() = %d with a new player, want 1", n)
	}
}

func TestRematch_NeedsBothPlayersAndAnEnd(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	d.Rematch(d.now, left.id, 0)
	d.Rematch(d.now, right.id, 0)
	if n := len(left.lines(wire.Rematch)); n > 0 {
		t.Fatal("a rematch was accepted during a game")
	}
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	d.Rematch(d.now, left.id, 0)
	d.Rematch(d.now, left.id, 0)
	d.run(time.Second, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Over {
		t.Error("a game has begun though only one player asked for it")
	}
	if n := len(right.lines(wire.Rematch)); n != 1 {
		t.Errorf("the other player was sent %d REMATCHes, want 1", n)
	}
	d.Rematch(d.now, right.id, 0)
	d.run(100*time.Millisecond, left, right)
	if s, _ := d.State(left.id); s.Phase != game.Countdown || s.Score != [2]uint16{} {
		t.Errorf("phase %v and score %v after both have asked, want a countdown at 0:0", s.Phase, s.Score)
	}
	if n := len(right.lines(wire.Start)); n != 2 {
		t.Errorf("%d STARTs for two games, want 2", n)
	}
}
