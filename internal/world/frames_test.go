package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/netcode/netsim"
)

// flying reports whether a player sees a rally, and not the ball that rests before a serve or behind the wall after a
// point. That may be drawn a moment after the STATE of the next phase.
func flying(v client.Frame) bool {
	middle := client.Point{X: (client.FieldWidth - client.BallSize) / 2, Y: (client.FieldHeight - client.BallSize) / 2}
	return v.Stage == client.StagePlaying && v.Ball != middle && v.Ball.X > -client.BallSize &&
		v.Ball.X < client.FieldWidth
}

func TestMended14_BallMovesEveryFrame(t *testing.T) {
	t.Parallel()
	good := netsim.Profile{Delay: 15 * ms, Jitter: 2 * ms, Loss: 0.005, Burst: 1.5}
	for _, view := range []client.View{client.ViewPredict, client.ViewInterp, client.ViewFilter} {
		for _, rate := range []int{60, 75, 144} {
			w, left, _ := bots(Config{Seed: 14, Up: good, Down: good})
			left.SetFrameRate(rate)
			left.Session.SetView(view)
			var before client.Frame
			frames, still := 0, 0
			left.OnFrame = func(now time.Time, v client.Frame) {
				if before.Stage == client.StagePlaying && flying(v) && w.Elapsed() > 6*time.Second {
					frames++
					if v.Ball == before.Ball {
						still++
					}
				}
				before = v
			}
			w.Run(time.Minute)
			if frames < 20*rate {
				t.Errorf("%v at %d Hz: the ball was drawn in %d frames only", view, rate, frames)
			}
			if still > 0 {
				t.Errorf("%v at %d Hz: the ball stands still in %d of %d frames", view, rate, still, frames)
			}
		}
	}
}

func TestMended14_OlderStatesNeverOverwriteNewer(t *testing.T) {
	t.Parallel()
	shuffled := netsim.Profile{Delay: 40 * ms, Jitter: 10 * ms, Reorder: 0.4, Duplicate: 0.4}
	w, left, _ := bots(Config{Seed: 15, Up: shuffled, Down: shuffled})
	truth := watch(t, w)
	for _, p := range w.Players {
		var before client.Frame
		p.OnFrame = func(now time.Time, v client.Frame) {
			if v.Tick < before.Tick || v.Score[0] < before.Score[0] || v.Score[1] < before.Score[1] {
				t.Fatalf("%s at %v: tick %d with score %v is followed by tick %d with score %v",
					p.Name, w.Elapsed(), before.Tick, before.Score, v.Tick, v.Score)
			}
			before = v
		}
	}
	w.Run(2 * time.Minute)
	if left.Down.Stats().Reordered < 100 || truth.equal < 10000 {
		t.Errorf("%d STATEs were reordered and %d ticks were compared, want more of both", left.Down.Stats().Reordered,
			truth.equal)
	}
}
