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
