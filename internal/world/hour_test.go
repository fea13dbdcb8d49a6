package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/shard"
)

func TestMended02_HourOnABadNetwork(t *testing.T) {
	t.Parallel()
	w, left, _ := bots(Config{Seed: 2, Up: bad, Down: bad})
	truth := watch(t, w)
	for _, p := range w.Players {
		p.OnFrame = func(now time.Time, v client.Frame) {
			if w.Elapsed() > time.Second && (v.Stage == client.StageLost || v.Stage == client.StageClosed) {
				t.Fatalf("%s has lost the server at %v: %v", p.Name, w.Elapsed(), v.Reason)
			}
		}
	}
	w.Run(time.Hour)
	w.undisturbed(t)
	balanced(t, w.Shard.Counts())
	t.Logf("%d confirmed ticks equal, %d in gaps of more STATEs than a history covers; score %v", truth.equal,
		truth.missing, left.Frame.Score)
	if least := 2 * 3590 * 60; truth.equal+truth.missing < least {
		t.Errorf("%d ticks were confirmed in an hour to two players, want %d", truth.equal+truth.missing, least)
	}
	if truth.missing > truth.equal/200 {
		t.Errorf("%d ticks could not be rebuilt and %d could, want at most 0.5 %%", truth.missing, truth.equal)
	}
	if n := len(w.reports(shard.Scored)); n < 100 {
		t.Errorf("%d points in an hour, want 100 or more", n)
	}
}
