package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
)

func TestStall_ClientRecovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stall, whole time.Duration // the length, and the time after which everything must be as before
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
		truth := watch(t, w)
		w.Freeze(right)
		w.Run(c.stall)
		if got := w.state(t, left).Phase == game.Waiting; got != c.paused {
			t.Errorf("a stall of %v: paused is %v, want %v", c.stall, got, c.paused)
		}
		w.Thaw(right)
		w.wait(t, c.whole, "the stalled player is up to date again", func() bool {
			behind := int(w.state(t, left).Tick) - int(right.Frame.Tick)
			return behind < 8 && w.state(t, left).Phase != game.Waiting &&
				right.Frame.Stage != client.StageLost && right.Frame.Stage != client.StagePaused
		})
		w.Run(2 * time.Second)
		missed := right.Frame.Figures.Missed
		w.Run(5 * time.Second)
		if n := right.Frame.Figures.Missed - missed; n > 10 {
			t.Errorf("a stall of %v: 2 s later %d of 300 ticks are still played without the player's input", c.stall, n)
		}
		if lead := right.Frame.Figures.Lead; lead > 15 {
			t.Errorf("a stall of %v: 7 s later the player is %v ticks ahead of the newest STATE", c.stall, lead)
		}
		if truth.equal < 300 {
			t.Errorf("a stall of %v: %d ticks were compared", c.stall, truth.equal)
		}
		if n := len(w.reports(shard.Vacated)); n > 0 {
			t.Errorf("the player lost the seat after a stall of %v", c.stall)
		}
	}
}

func TestStall_TooLongLosesTheSeat(t *testing.T) {
	t.Parallel()
	w, left, right := bots(Config{Seed: 2, Up: lossy, Down: lossy})
	w.playing(t, left, right)
	w.Freeze(right)
	w.Run(70 * time.Second)
	if left.Frame.Presence[1] != client.Left {
		t.Errorf("after 70 s the other is shown %v", left.Frame.Presence[1])
	}
	w.Thaw(right)
	w.wait(t, time.Second, "the player sees that the seat is gone", func() bool {
		return right.Frame.Stage == client.StageClosed && right.Frame.Reason != client.ReasonNone
	})
	w.Vanish(right)
	third := w.Join("third", nil)
	w.playing(t, left, third)
}

func TestStall_QueuedDatagramsDoNotReplayTheTimeInBetween(t *testing.T) {
	t.Parallel()
	var key keys
	w, left, right := pair(Config{Seed: 3, Up: lossy, Down: lossy}, nil, key.hold)
	w.playing(t, left, right)
	key.in = game.Down
	w.Run(200 * ms)
	w.Freeze(right) // while the key is held
	w.Run(time.Second)
	before := w.state(t, right).Paddle[1]
	w.Thaw(right)
	key.in = game.None
	w.Run(time.Second)
	if moved := w.state(t, right).Paddle[1] - before; moved > 3*game.PaddleSpeed {
		t.Errorf("the paddle moved %v pixels for the time in which the process stood still", pixels(moved))
	}
}

func TestStall_LeadFitsTheNetworkAfterwards(t *testing.T) {
	t.Parallel()
	for _, stall := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		w, left, right := bots(Config{Seed: 4, Up: lossy, Down: lossy})
		w.playing(t, left, right)
		w.Run(5 * time.Second)
		w.Freeze(right)
		w.Run(stall)
		w.Thaw(right)
		w.Run(150 * ms)
		if lead := right.Frame.Figures.Lead; lead > 20 {
			t.Errorf("after a stall of %v the player is %v ticks ahead of the newest STATE", stall, lead)
		}
	}
}

func TestStall_InterpolatedOpponentCatchesUp(t *testing.T) {
	t.Parallel()
	var key keys
	w, left, right := pair(Config{Seed: 5, Up: lossy, Down: lossy}, key.hold, nil)
	right.Session.SetView(client.ViewInterp)
	w.playing(t, left, right)
	w.Freeze(right)
	w.Run(4 * time.Second)
	w.Thaw(right)
	w.Run(8 * time.Second)
	before := w.state(t, left).Paddle[0]
	key.in = game.Up
	w.wait(t, time.Second, "the paddle moves at the server",
		func() bool { return w.state(t, left).Paddle[0] != before })
	took := w.wait(t, time.Second, "the paddle moves on the screen",
		func() bool { return right.Frame.Paddle[0] != pixels(before) })
	if took > 350*ms { // at most 12 ticks of lateness, 4 for STATEs, and the delay
		t.Errorf("the opponent is seen %v late", took)
	}
}
