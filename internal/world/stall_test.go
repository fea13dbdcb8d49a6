package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/server"
)

func TestAStalledClientRecovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stall, whole time.Duration // how long, and how soon everything is as before
		paused       bool
	}{
		{250 * ms, 500 * ms, false},
		{time.Second, 700 * ms, false},
		{4 * time.Second, time.Second, false},
		{8 * time.Second, 4 * time.Second, true}, // of which 2 s are the countdown
		{55 * time.Second, 4 * time.Second, true},
	} {
		w, left, right := bots(Config{Seed: 1, Up: lossy, Down: lossy})
		w.playing(t, left, right)
		w.Run(5 * time.Second)
		truth := watch(t, w, left, right)
		w.Freeze(right)
		w.Run(c.stall)
		if got := w.state(t, left).Phase == game.Waiting; got != c.paused {
			t.Errorf("a stall of %v: paused is %v, want %v", c.stall, got, c.paused)
		}
		w.Thaw(right)
		w.wait(t, c.whole, "the stalled player is in the present again", func() bool {
			behind := int(w.state(t, left).Tick) - int(right.View.Tick)
			return behind < 8 && w.state(t, left).Phase != game.Waiting &&
				right.View.Stage != client.StageLost && right.View.Stage != client.StagePaused
		})
		w.Run(2 * time.Second)
		missed := right.View.Link.Missed
		w.Run(5 * time.Second)
		if n := right.View.Link.Missed - missed; n > 10 {
			t.Errorf("a stall of %v: 2 s later %d of 300 ticks are still played without the player's input", c.stall, n)
		}
		if truth.equal < 300 {
			t.Errorf("a stall of %v: %d ticks were compared", c.stall, truth.equal)
		}
		if n := len(w.reports(server.Vacated)); n > 0 {
			t.Errorf("a stall of %v has cost the seat", c.stall)
		}
	}
}

func TestAClientThatStallsForTooLongLosesTheSeatAndIsTold(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 2, Up: lossy, Down: lossy})
	w.playing(t, left, right)
	w.Freeze(right)
	w.Run(70 * time.Second)
	if left.View.Presence[1] != client.Left {
		t.Errorf("after 70 s the other is shown %v", left.View.Presence[1])
	}
	w.Thaw(right)
	w.wait(t, time.Second, "the player is told that the seat is gone", func() bool {
		return right.View.Stage == client.StageClosed && right.View.Notice != ""
	})
	w.Vanish(right)
	third := w.Join("third", nil)
	w.playing(t, left, third)
}

func TestTheDatagramsOfAStallDoNotReplayTheTimeInBetween(t *testing.T) {
	t.Parallel()
	var key keys
	w, left, right := pair(Config{Seed: 3, Up: lossy, Down: lossy}, nil, key.hold)
	w.playing(t, left, right)
	key.in = game.Down
	w.Run(200 * ms)
	w.Freeze(right) // with the key held
	w.Run(time.Second)
	before := w.state(t, right).Paddle[1]
	w.Thaw(right)
	key.in = game.None
	w.Run(time.Second)
	if moved := w.state(t, right).Paddle[1] - before; moved > 3*game.PaddleSpeed {
		t.Errorf("the paddle has moved %v pixels for the time in which the process stood still", pixels(moved))
	}
}
