package shard

import (
	"testing"
	"time"

	"pong/internal/wire"
)

func TestControlLost_WhileResumingKeepsTheSeat(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) { cfg.Auto = false })
	left, right := d.joinTwo()
	back, err := d.tryJoin(right.resume())
	if err != nil {
		t.Fatal(err)
	}
	d.ControlLost(d.now, right.id, "closed the connection") // the server notices only now that the old connection is gone
	back.register()
	d.run(time.Second, left, back)
	if d.Begin(d.now) != 1 || len(d.reported(Vacated)) > 0 {
		t.Errorf("who came back has lost the seat: %+v", d.reported(Vacated))
	}
}

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
		t.Errorf("%d matches have begun, want 2", n)
	}
	if n := d.Begin(d.now); n != 0 {
		t.Errorf("%d matches have begun twice", n)
	}
	for _, s := range []*testPlayer{a, b, c, e} {
		if n := len(s.lines(wire.Start)); n != 1 {
			t.Errorf("%d STARTs, want 1", n)
		}
	}
	if len(alone.lines(wire.Start)) > 0 {
		t.Error("a player alone is told START")
	}
}

func TestStop_TellsEveryPlayer(t *testing.T) {
	d := newTestShard(t, nil)
	a, b := d.joinTwo()
	d.Stop()
	for _, s := range []*testPlayer{a, b} {
		if e := s.lines(wire.Error); len(e) != 1 || e[0].Code != wire.CodeClosing {
			t.Errorf("at the end a player was told %+v", e)
		}
	}
}
