package client

import (
	"testing"
	"time"

	"pong/internal/game"
)

// Each switch does what it says while the game goes on, and back again.
func TestSettings_WithoutPredictionAKeyShowsARoundTripLater(t *testing.T) {
	frames := func(to Settings) int {
		f := newFar(t, 1)
		f.s.SetSettings(Settings{NoPrediction: true, NoSmoothing: true})
		f.play()
		f.run(time.Second, game.None)
		f.s.SetSettings(to) // while playing
		f.run(time.Second, game.None)
		before, n := f.s.Frame(f.now).Paddle[0], 0
		for f.s.Frame(f.now).Paddle[0] == before && n < 60 {
			f.run(period, game.Down)
			n++
		}
		return n
	}
	with, without := frames(Settings{}), frames(Settings{NoPrediction: true})
	if with > 2 || without < with+4 {
		t.Errorf("the key shows after %d frames with prediction and after %d without", with, without)
	}
}
