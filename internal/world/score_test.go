package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
	"pong/netcode/netsim"
)

func TestMended15_LossChangesNoScore(t *testing.T) {
	t.Parallel()
	twenty := netsim.Profile{Delay: 40 * ms, Jitter: 4 * ms, Loss: 0.2, Burst: 3}
	for seed := range uint64(8) {
		cfg := Config{Seed: 150 + seed, Rules: game.Rules{Points: 3}, Up: twenty, Down: twenty}
		w, left, right := pair(cfg, Bot(bot.Easy, seed), Bot(bot.Easy, seed+1))
		points := 0
		w.OnReport = func(_ time.Duration, r shard.Report) {
			if r.Kind == shard.Scored {
				points++
				if r.Score[0]+r.Score[1] != points {
					t.Errorf("seed %d: point %d makes it %v", seed, points, r.Score)
				}
			}
		}
		for len(w.reports(shard.Over)) == 0 && w.Elapsed() < time.Hour {
			before := points
			w.Until(10*time.Minute, func() bool { return points > before })
			score := w.reports(shard.Scored)[points-1].Score
			w.wait(t, 900*ms, "both players see the score", func() bool {
				return left.Frame.Score == score && right.Frame.Score == score
			})
		}
		w.wait(t, time.Second, "both players see the result", func() bool {
			return left.Frame.Stage == client.StageOver && right.Frame.Stage == client.StageOver
		})
		over := w.reports(shard.Over)[0]
		for _, p := range w.Players {
			if p.Frame.Score != over.Score || p.Frame.Winner != over.Winner-1 {
				t.Errorf("seed %d: %s sees player %d win at %v, want player %d at %v",
					seed, p.Name, p.Frame.Winner+1, p.Frame.Score, over.Winner, over.Score)
			}
		}
	}
}

func TestMended16_IdlePlayersShareThePoints(t *testing.T) {
	t.Parallel()
	wins := [2]int{}
	const seeds = 60
	for seed := range uint64(seeds) {
		w, left, _ := pair(Config{Seed: seed, Rules: game.DefaultRules(), Up: lan, Down: lan}, nil, nil)
		var before game.State
		last := 0 // the direction of the last serve
		w.OnStep = func() {
			s := w.state(t, left)
			if before.Ball.VX == 0 && s.Ball.VX != 0 {
				direction := 1
				if s.Ball.VX < 0 {
					direction = -1
				}
				if direction == last {
					t.Errorf("seed %d: two serves in a row to the same side at %v", seed, w.Elapsed())
				}
				last = direction
			}
			before = s
		}
		w.wait(t, time.Hour, "a game between idle players ends", func() bool { return len(w.reports(shard.Over)) > 0 })
		over := w.reports(shard.Over)[0]
		if over.Score[0] == 0 || over.Score[1] == 0 {
			t.Errorf("seed %d: two idle players have scored %v", seed, over.Score)
		}
		wins[over.Winner-1]++
	}
	if wins[0] < seeds/4 || wins[1] < seeds/4 {
		t.Errorf("of %d games between idle players, left won %d and right %d", seeds, wins[0], wins[1])
	}
}

func TestMended15_LostInputCostsNothing(t *testing.T) {
	t.Parallel()
	twenty := netsim.Profile{Delay: 40 * ms, Jitter: 4 * ms, Loss: 0.2}
	var key keys
	w, left, right := pair(Config{Seed: 15, Up: twenty, Down: twenty}, key.hold, nil)
	w.playing(t, left, right)
	w.Run(10 * time.Second) // the timing loop adapts to the link
	missed, corrections, from := left.Frame.Figures.Missed, left.Frame.Figures.Corrections, w.state(t, left).Tick
	for i := range 600 {
		key.in = game.Input(i % 3)
		w.Run(100 * ms)
	}
	ticks := float64(w.state(t, left).Tick - from)
	if share := float64(left.Frame.Figures.Missed-missed) / ticks; share > 0.03 {
		t.Errorf("with 20 %% loss, %.1f %% of the ticks are played without their input, want at most 3 %%", 100*share)
	}
	if n := left.Frame.Figures.Corrections - corrections; n > 10 {
		t.Errorf("%d corrections of the own paddle in a minute", n)
	}
}
