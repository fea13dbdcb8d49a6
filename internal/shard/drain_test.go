package shard

import (
	"errors"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// runUntilPlaying runs until the ball of a player's match is in play.
func (d *testShard) runUntilPlaying(awake ...*testPlayer) {
	d.t.Helper()
	for range 600 {
		if s, _ := d.State(awake[0].id); s.Phase == game.Playing {
			return
		}
		d.run(Period, awake...)
	}
	d.t.Fatal("the ball is never in play")
}

func TestDrain_FinishesThePointInPlay(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	waiting := d.join()
	d.Drain(d.now)
	d.Advance(d.now)
	if len(waiting.lines(wire.Error)) != 1 || len(left.lines(wire.Error)) != 0 || d.Drained() {
		t.Errorf("one who waits is told %+v, one who plays %+v; done: %v",
			waiting.lines(wire.Error), left.lines(wire.Error), d.Drained())
	}
	if m := left.lines(wire.Closing); len(m) != 1 || m[0].Seconds != 30 {
		t.Errorf("a player is told %+v, want that the server will end within 30 s", m)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrClosing) {
		t.Errorf("a newcomer gets %v, want %v", err, ErrClosing)
	}
	if _, err := d.tryJoin(left.resume()); !errors.Is(err, ErrClosing) {
		t.Errorf("one who comes back gets %v, want %v", err, ErrClosing)
	}
	for s, _ := d.State(left.id); s.Phase == game.Playing; s, _ = d.State(left.id) {
		if d.Drained() {
			t.Fatal("done while a point was in play")
		}
		d.run(Period, left, right)
	}
	if s, _ := d.State(left.id); s.Score == [2]uint16{} {
		t.Error("the point was not finished")
	}
	if m := right.lines(wire.Error); len(m) != 1 || m[0].Code != wire.CodeClosing || !d.Drained() {
		t.Errorf("after the point a player is told %+v; done: %v", m, d.Drained())
	}
}

func TestDrain_EndsAfterDrainWithin(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	m := d.sessions[left.id].seat.match
	d.Drain(d.now)
	for end := d.now.Add(DrainWithin - time.Second); d.now.Before(end); {
		m.state.Ball.X = game.Width / 2 // a rally without end
		d.run(Period, left, right)
	}
	if d.Drained() {
		t.Fatal("the rally was cut short")
	}
	for range 70 {
		m.state.Ball.X = game.Width / 2
		d.run(Period, left, right)
	}
	if !d.Drained() {
		t.Error("the shard waits for a rally without end")
	}
}

func TestDrain_EmptyShardIsDrainedAtOnce(t *testing.T) {
	d := newTestShard(t, nil)
	if d.Drained() {
		t.Error("drained before it was asked to")
	}
	if d.Drain(d.now); !d.Drained() {
		t.Error("a shard without matches has something to wait for")
	}
}
