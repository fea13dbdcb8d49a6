package world

import (
	"testing"
	"time"

	"pong/internal/shard"
)

// A laptop sleeps with the server and both players on it, as when a person plays a bot. The clock of Windows counts the
// time of sleep. Nobody loses the seat or a point, and the game goes on after a countdown.
func TestStandStill_OfEverybodyEndsNothing(t *testing.T) {
	t.Parallel()
	for seed, span := range []time.Duration{2 * time.Second, 75 * time.Second, 10 * time.Minute, 13 * time.Hour} {
		w, left, right := bots(Config{Seed: uint64(seed), Up: lan, Down: lan})
		w.playing(t, left, right)
		w.Run(time.Second)
		before := w.state(t, left)
		w.Freeze(left)
		w.Freeze(right)
		w.standStill(span)
		w.Thaw(left)
		w.Thaw(right)
		w.Run(time.Second)
		if now := w.state(t, left); now.Score != before.Score || now.Round != before.Round {
			t.Errorf("after %v of sleep the game is at %+v, want %+v", span, now, before)
		}
		w.playing(t, left, right)
		for _, kind := range []shard.Kind{shard.Silent, shard.Vacated} {
			if r := w.reports(kind); len(r) > 0 {
				t.Errorf("after %v of sleep: %+v, want nobody silent or removed", span, r[0])
			}
		}
	}
}
