package client

import (
	"math"
	"testing"
	"time"

	"pong/internal/game"
)

func TestDrawn_InterpolatesBetweenTicks(t *testing.T) {
	a := game.New(game.DefaultRules(), 1)
	b := a
	a.Ball = game.Ball{X: 100 * game.One, Y: 200 * game.One, VX: 8 * game.One}
	b.Ball = game.Ball{X: 108 * game.One, Y: 196 * game.One, VX: 8 * game.One}
	a.Paddle, b.Paddle = [2]game.Fixed{100 * game.One, 50 * game.One}, [2]game.Fixed{105 * game.One, 50 * game.One}
	p := between(a, b, 0.25)
	if p.ball != (Point{102, 199}) || p.paddles != [2]float64{101.25, 50} {
		t.Errorf("a quarter of a tick on, the ball is at %v and the paddles at %v, want {102 199} and [101.25 50]",
			p.ball, p.paddles)
	}
	b.Round++ // a serve in between
	if p := between(a, b, 0.25); p.ball != (Point{108, 196}) || p.paddles[0] != 101.25 {
		t.Errorf("across a serve the ball is at %v and the paddle at %v, want {108 196} and 101.25",
			p.ball, p.paddles[0])
	}
}

func TestDrawn_AKeyMovesTheOwnPaddleInTheSameFrame(t *testing.T) {
	for _, view := range []View{ViewFilter, ViewPredict, ViewInterp} {
		f := newPeer(t, 1)
		f.s.SetView(view)
		f.play()
		f.run(time.Second, game.None)
		before := f.s.Frame(f.now).Paddle[0]
		frames := 0
		for f.s.Frame(f.now).Paddle[0] == before && frames < 10 {
			f.run(period, game.Down)
			frames++
		}
		if frames > 2 { // the frame of the key draws the beginning of its tick
			t.Errorf("%v: the key shows after %d frames, want at most 2", view, frames)
		}
	}
}

func TestDrawn_HidesACorrectionAndFadesIt(t *testing.T) {
	f := newPeer(t, 1)
	f.s.SetView(ViewPredict) // the other views draw the opponent where the server has it, without smoothing
	f.play()
	f.run(time.Second, game.None)
	before := f.s.Frame(f.now)
	f.state.Paddle[0] += 20 * game.One // unknown to the client
	f.state.Paddle[1] += 30 * game.One
	last := before
	for range 60 {
		v := f.run(period, game.None)
		for i := range v.Paddle {
			if step := math.Abs(v.Paddle[i] - last.Paddle[i]); step > 12 {
				t.Fatalf("paddle %d moves by %.1f pixels in a frame, want at most 12", i, step)
			}
		}
		last = v
	}
	for i, real := range f.state.Paddle {
		if got := last.Paddle[i]; math.Abs(got-pixels(real)) > 0.1 {
			t.Errorf("a second later paddle %d is drawn at %.1f, want %.1f", i, got, pixels(real))
		}
	}
	if n := last.Figures.Corrections; n != 1 {
		t.Errorf("%d corrections of the own paddle are counted, want 1", n)
	}
}

func TestDrawn_ShowsAHugeCorrectionAtOnce(t *testing.T) {
	f := newPeer(t, 1)
	f.play()
	f.run(time.Second, game.None)
	f.state.Paddle[0] = 0
	f.run(6*period, game.None)
	if got := f.s.Frame(f.now).Paddle[0]; got > 1 {
		t.Errorf("six frames after a correction of 250 pixels the paddle is drawn at %.1f, want 0", got)
	}
}

// The frames are 2 % shorter than ticks, so in some of them no tick is due.
func TestDrawn_AKeyMovesTheOwnPaddleInAFrameWithoutATick(t *testing.T) {
	for _, test := range []struct {
		settings Settings
		want     bool
	}{{Settings{}, true}, {Settings{NoHasten: true}, false}} {
		f := newPeer(t, 1)
		f.s.SetSettings(test.settings)
		f.play()
		p := f.s.simulation.predictor
		for before := p.Head() - 1; before != p.Head(); {
			before = p.Head()
			f.now = f.now.Add(period * 98 / 100)
			f.s.Update(f.now, game.None)
		}
		y := f.s.Frame(f.now).Paddle[0]
		f.s.Update(f.now, game.Down)
		if got := f.s.Frame(f.now).Paddle[0] > y; got != test.want {
			t.Errorf("%+v: the key shows in a frame without a tick: %v, want %v", test.settings, got, test.want)
		}
	}
}
