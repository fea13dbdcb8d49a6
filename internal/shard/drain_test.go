package shard

import (
	"errors"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

func TestDrain_FinishesThePointInPlay(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	waiting := d.join()
	d.Drain(d.now)
	d.Advance(d.now)
	waits, plays := len(waiting.lines(wire.Error)), len(left.lines(wire.Error))
	if waits != 1 || plays != 0 || d.Drained() {
		t.Errorf("a player who waits is sent %d ERRORs, one who plays %d, and Drained() = %v; want 1, 0 and false",
			waits, plays, d.Drained())
	}
	if m := left.lines(wire.Closing); len(m) != 1 || m[0].Seconds != 30 {
		t.Errorf("a player is sent %+v, want one CLOSING with 30 s", m)
	}
	if _, err := d.tryJoin(nil); !errors.Is(err, ErrClosing) {
		t.Errorf("join: %v, want %v", err, ErrClosing)
	}
	if _, err := d.tryJoin(left.resume()); !errors.Is(err, ErrClosing) {
		t.Errorf("resume: %v, want %v", err, ErrClosing)
	}
	for s, _ := d.State(left.id); s.Phase == game.Playing; s, _ = d.State(left.id) {
		if d.Drained() {
			t.Fatal("drained while a point was in play")
		}
		d.run(Period, left, right)
	}
	if s, _ := d.State(left.id); s.Score == [2]uint16{} {
		t.Error("the point was not finished")
	}
	if m := right.lines(wire.Error); len(m) != 1 || m[0].Code != wire.CodeClosing || !d.Drained() {
		t.Errorf("after the point a player is sent %+v and Drained() = %v, want an ERROR and true", m, d.Drained())
	}
}

func TestDrain_EndsAfterDrainWithin(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	m := left.match()
	d.Drain(d.now)
	for end := d.now.Add(DrainWithin - time.Second); d.now.Before(end); {
		m.state.Ball.X = game.Width / 2 // an endless rally
		d.run(Period, left, right)
	}
	if d.Drained() {
		t.Fatalf("a rally was interrupted before %v", DrainWithin)
	}
	for range 70 {
		m.state.Ball.X = game.Width / 2
		d.run(Period, left, right)
	}
	if !d.Drained() {
		t.Errorf("the shard waits longer than %v for an endless rally", DrainWithin)
	}
}

func TestDrain_EmptyShardIsDrainedAtOnce(t *testing.T) {
	d := newTestShard(t, nil)
	if d.Drained() {
		t.Error("Drained() = true before Drain")
	}
	if d.Drain(d.now); !d.Drained() {
		t.Error("Drained() = false without matches")
	}
}

func TestStop_TellsEveryPlayer(t *testing.T) {
	d := newTestShard(t, nil)
	a, b := d.joinTwo()
	d.Stop()
	for _, p := range []*testPlayer{a, b} {
		if m := p.lines(wire.Error); len(m) != 1 || m[0].Code != wire.CodeClosing {
			t.Errorf("a player is sent %+v, want one ERROR with the code %q", m, wire.CodeClosing)
		}
	}
}
