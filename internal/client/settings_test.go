package client

import (
	"testing"
	"time"

	"pong/internal/game"
)

func TestView_SwitchingChangesNeitherGameNorKeys(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	for i := range 100 {
		f.s.SetView(View(i % 3))
		v := f.run(100*time.Millisecond, game.Input(i%3))
		if v.Stage == StageClosed || v.Figures.Corrections > 0 {
			t.Fatalf("after %d switches the stage is %v with %d corrections, want none",
				i, v.Stage, v.Figures.Corrections)
		}
	}
}

func TestView_Names(t *testing.T) {
	for _, m := range []View{ViewFilter, ViewPredict, ViewInterp} {
		if got, err := ParseView(m.String()); got != m || err != nil {
			t.Errorf("%v is parsed as %v: %v", m, got, err)
		}
	}
	if m, err := ParseView(""); m != ViewFilter || err != nil {
		t.Errorf("the empty name is %v, %v, want the filter", m, err)
	}
	if _, err := ParseView("rollback"); err == nil {
		t.Error("an unknown name has a view")
	}
}

func TestSettings_WithoutPredictionAKeyShowsARoundTripLater(t *testing.T) {
	frames := func(to Settings) int {
		f := newPeer(t, 1)
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
		t.Errorf("the key shows after %d frames with prediction and %d without, want at most 2, and at least 4 more",
			with, without)
	}
}
