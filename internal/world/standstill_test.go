package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

// A server that stands still, for however long it does, gives away no point and takes no seat. Within two seconds of
// going on, both players see the countdown, their inputs are used in time, and the ball that they see is the server's.
func TestStandStill_PlayersGoOnAfterACountdown(t *testing.T) {
	t.Parallel()
	far := netsim.Profile{Delay: 120 * ms, Jitter: 5 * ms, Loss: 0.1, Burst: 2}
	for _, link := range []netsim.Profile{lan, lossy, far} {
		for seed, span := range []time.Duration{600 * ms, 1100 * ms, 2500 * ms, 8 * time.Second, 50 * time.Second} {
			w, left, right := bots(Config{Seed: uint64(seed), Up: link, Down: link})
			w.playing(t, left, right)
			w.Run(time.Second)
			before := w.state(t, left)
			w.standStill(span)
			w.wait(t, 2*time.Second, "both players see the countdown", func() bool {
				return left.Frame.Stage == client.StageCountdown && right.Frame.Stage == client.StageCountdown
			})
			w.Run(time.Second)
			missed := [2]int{left.Frame.Figures.Missed, right.Frame.Figures.Missed}
			w.Run(500 * ms)
			now := w.state(t, left)
			if now.Phase != game.Countdown || now.Score != before.Score || now.Round != before.Round {
				t.Errorf("%v: the game was at %+v and is at %+v, want the same in a countdown", span, before, now)
			}
			for i, p := range []*Player{left, right} {
				if n := p.Frame.Figures.Missed - missed[i]; n > 5 {
					t.Errorf("%v: %d ticks of half a second were played without an input of %s", span, n, p.Name)
				}
				if lead := p.Frame.Figures.Lead; lead > 40 {
					t.Errorf("%v: %s is %v ticks ahead", span, p.Name, lead)
				}
			}
			truth := watch(t, w)
			w.playing(t, left, right)
			w.Run(500 * ms)
			if truth.equal < 20 {
				t.Errorf("%v: %d ticks were compared after the countdown", span, truth.equal)
			}
			for _, kind := range []shard.Kind{shard.Silent, shard.Vacated} {
				if r := w.reports(kind); len(r) > 0 {
					t.Errorf("%v: %+v, want nobody silent or removed", span, r[0])
				}
			}
		}
	}
}

// standStill has the server stand still for a while, and go on.
func (w *World) standStill(span time.Duration) {
	w.Frozen = true
	w.Run(span)
	w.Frozen = false
}
