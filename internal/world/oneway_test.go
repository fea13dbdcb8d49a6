package world

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/shard"
)

// A path that carries only one way is no path. From the beginning the match waits, whichever direction is missing.
func TestOneWay_FromTheBeginningTheMatchWaits(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]bool{"nothing comes down": true, "nothing goes up": false} {
		w := New(Config{Seed: 30, Up: lan, Down: lan})
		left, right := w.Join("left", nil), w.Join("right", nil)
		if down {
			right.links(lan, cut)
		} else {
			right.links(cut, lan)
		}
		w.Run(9 * time.Second)
		if n := len(w.reports(shard.Started)); n > 0 {
			t.Errorf("%s: the match has started without the player", name)
		}
		v := left.Frame
		if v.Stage != client.StageWaiting || v.Reason != client.ReasonPlayerUnreached || v.Player != 1 {
			t.Errorf("%s: the other player sees %v (%v), want that the player is not reached", name, v.Stage, v.Reason)
		}
		if v := right.Frame; v.Stage != client.StageLost || v.Seconds < 8 {
			t.Errorf("%s: the player sees %v for %d s, want that nothing arrives", name, v.Stage, v.Seconds)
		}
		right.links(lan, lan)
		w.playing(t, left, right)
	}
}

// In a match the server notices within 5 s that one direction is missing, pauses the match and keeps the seat.
func TestOneWay_InAMatchPausesItAndFreesTheSeat(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]bool{"nothing comes down": true, "nothing goes up": false} {
		for _, heals := range []bool{true, false} {
			w, left, right := bots(Config{Seed: 31, Up: lan, Down: lan})
			w.playing(t, left, right)
			w.Run(2 * time.Second)
			if down {
				right.links(lan, cut)
			} else {
				right.links(cut, lan)
			}
			took := w.wait(t, shard.SilentAfter+time.Second, name+": the match is paused", func() bool {
				return left.Frame.Stage == client.StagePaused && left.Frame.Reason == client.ReasonPlayerSilent
			})
			if took < 4*time.Second {
				t.Errorf("%s: the match is paused after %v already", name, took)
			}
			paused := w.state(t, left)
			w.Run(45 * time.Second)
			if now := w.state(t, left); now.Score != paused.Score || now.Round != paused.Round {
				t.Errorf("%s: points were played without the player: %v, then %v", name, paused.Score, now.Score)
			}
			if v := right.Frame; down && (v.Stage != client.StageLost || v.Reason != client.ReasonNoAnswer) {
				t.Errorf("%s: the player sees %v (%v), want that nothing arrives", name, v.Stage, v.Reason)
			}
			if heals {
				right.links(lan, lan)
				w.playing(t, left, right)
				continue
			}
			w.wait(t, 16*time.Second, name+": the seat is freed",
				func() bool { return len(w.reports(shard.Vacated)) == 1 })
		}
	}
}
