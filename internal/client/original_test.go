package client

import (
	"testing"
	"time"

	"pong/internal/game"
)

// The original draws the ball only where a STATE has it, and its own paddle jumps whenever one arrives: the inputs that
// the STATE has are played a second time.
func TestOriginal_HasTheMistakesOfTheProgram(t *testing.T) {
	jumps := func(view View) (still, back int) {
		f := newPeer(t, 1)
		f.s.SetView(view)
		for f.s.Frame(f.now).Stage != StagePlaying {
			f.run(period, game.None)
		}
		last := f.s.Frame(f.now)
		for i := range 60 {
			v := f.run(period, [...]game.Input{game.Down, game.Up}[i/20%2])
			if v.Ball == last.Ball {
				still++
			}
			if step := v.Paddle[0] - last.Paddle[0]; step > 6 || step < -6 {
				back++
			}
			last = v
		}
		return still, back
	}
	if still, back := jumps(ViewOriginal); still < 20 || back < 3 {
		t.Errorf("the original: the ball stands still in %d frames of 60 and the own paddle jumps in %d, "+
			"want at least 20 and 3", still, back)
	}
	if still, back := jumps(ViewFilter); still > 5 || back > 0 {
		t.Errorf("the filter: the ball stands still in %d frames of 60 and the own paddle jumps in %d, want none",
			still, back)
	}
}

// The original sends each input once and leaves its clock alone. Another view has all techniques again.
func TestOriginal_IsLeftAgain(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.s.SetSettings(Settings{View: ViewOriginal, NoSmoothing: true})
	want := Settings{View: ViewOriginal, NoRedundancy: true, NoTiming: true}
	if got := f.s.Settings(); got != want {
		t.Errorf("as the original the settings are %+v, want %+v", got, want)
	}
	f.run(time.Second, game.Down)
	f.s.SetSettings(Settings{})
	f.run(time.Second, game.None)
	if v := f.s.Frame(f.now); v.Times.Ball != f.s.drawn.times.Ball || f.s.original != nil {
		t.Errorf("after the original the session still draws like it")
	}
	if v, err := ParseView("original"); v != ViewOriginal || err != nil || v.Next() != ViewFilter {
		t.Errorf("original is parsed as %v, %v, and the next view is %v", v, err, v.Next())
	}
}
