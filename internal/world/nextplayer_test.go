package world

import (
	"testing"
	"time"

	"pong/internal/bot"
	"pong/internal/client"
	"pong/internal/game"
	"pong/internal/shard"
)

// A player waits alone while two others play, and one of them leaves. The waiting player never sees their score or
// result, and the one who has stayed sees the result of a finished game before the next begins.
func TestNextPlayer_BeginsANewGame(t *testing.T) {
	t.Parallel()
	for seed, over := range []bool{false, true} {
		w, left, right := pair(Config{Seed: uint64(seed), Rules: game.Rules{Points: 2}, Up: lossy, Down: lossy},
			Bot(bot.Hard, 1), nil)
		w.playing(t, left, right)
		waits := w.Join("waits", nil)
		waits.OnFrame = func(_ time.Time, v client.Frame) {
			if v.Stage == client.StageOver || v.Score != [2]int{} && v.Stage != client.StagePlaying {
				t.Errorf("game over %v: the waiting player sees %v at %v", over, v.Stage, v.Score)
				waits.OnFrame = nil
			}
		}
		w.wait(t, 2*time.Minute, "somebody has scored, or won", func() bool {
			return left.Frame.Score != [2]int{} && (!over || right.Frame.Stage == client.StageOver)
		})
		w.Leave(left)
		w.Vanish(left)
		saw := 0
		right.OnFrame = func(_ time.Time, v client.Frame) {
			if v.Stage == client.StageOver && v.Score == [2]int{2, 0} {
				saw++
			}
		}
		took := w.wait(t, 8*time.Second, "the two see a countdown", func() bool {
			return waits.Frame.Stage == client.StageCountdown && right.Frame.Stage == client.StageCountdown
		})
		if over && saw < 240 || !over && took > time.Second {
			t.Errorf("game over %v: the next game has begun after %v and %d frames of the result", over, took, saw)
		}
		if score := w.state(t, waits).Score; score != [2]uint16{} || right.Frame.Score != [2]int{} {
			t.Errorf("game over %v: the next game begins at %v, and for the player at %v", over, score,
				right.Frame.Score)
		}
		waits.OnFrame = nil
		w.playing(t, right, waits)
		if n := len(w.reports(shard.Started)); n != 2 {
			t.Errorf("game over %v: %d games have begun, want 2", over, n)
		}
	}
}
