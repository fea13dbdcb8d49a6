package client

import (
	"math"
	"slices"
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
		t.Errorf("a quarter on the way the ball is at %v and the paddles at %v", p.ball, p.paddles)
	}
	b.Round++ // a serve in between
	if p := between(a, b, 0.25); p.ball != (Point{108, 196}) || p.paddles[0] != 101.25 {
		t.Errorf("across a serve the ball is at %v and the paddle at %v: the ball must not slide, the paddle must", p.ball, p.paddles[0])
	}
}

func TestDrawn_AKeyMovesTheOwnPaddleInTheSameFrame(t *testing.T) {
	for _, view := range []View{ViewFilter, ViewPredict, ViewInterp} {
		f := newFar(t, 1)
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
			t.Errorf("%v: the key shows after %d frames", view, frames)
		}
	}
}

func TestDrawn_HidesACorrectionAndFadesIt(t *testing.T) {
	f := newFar(t, 1)
	f.s.SetView(ViewPredict) // the others draw the opponent where the server says, however far that is in a tick
	f.play()
	f.run(time.Second, game.None)
	before := f.s.Frame(f.now)
	f.state.Paddle[0] += 20 * game.One // something the client cannot know of
	f.state.Paddle[1] += 30 * game.One
	last := before
	for range 60 {
		v := f.run(period, game.None)
		for i := range v.Paddle {
			if step := math.Abs(v.Paddle[i] - last.Paddle[i]); step > 12 {
				t.Fatalf("paddle %d jumps by %.1f pixels in a frame", i, step)
			}
		}
		last = v
	}
	for i, real := range f.state.Paddle {
		if got := last.Paddle[i]; math.Abs(got-pixels(real)) > 0.1 {
			t.Errorf("a second later paddle %d is drawn at %.1f, it is at %.1f", i, got, pixels(real))
		}
	}
	if n := last.Figures.Corrections; n != 1 {
		t.Errorf("%d corrections of the own paddle are counted, want 1", n)
	}
}

func TestDrawn_ShowsAHugeCorrectionAtOnce(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	f.run(time.Second, game.None)
	f.state.Paddle[0] = 0
	f.run(6*period, game.None)
	if got := f.s.Frame(f.now).Paddle[0]; got > 1 {
		t.Errorf("a paddle that is 250 pixels elsewhere is drawn at %.1f six frames later", got)
	}
}

func TestEventLog_ReportsEachEventOnce(t *testing.T) {
	for _, view := range []View{ViewFilter, ViewPredict, ViewInterp} {
		f := newFar(t, 1)
		f.rules.Points = 2
		f.s.cfg.Welcome.Rules = f.rules
		f.s.SetView(view)
		got, want := map[Event]int{}, map[Event]int{}
		before := f.state
		for range 60 * 60 {
			for _, e := range f.run(period, game.None).Events {
				got[e]++
			}
			set := game.Events(before, f.state)
			for from, to := range map[game.Event]Event{game.Hit: EventHit, game.Wall: EventWall, game.Point: EventPoint, game.Serve: EventServe, game.GameOver: EventOver} {
				if set.Has(from) {
					want[to]++
				}
			}
			before = f.state
			if len(f.s.Frame(f.now).Events) > 0 {
				t.Fatal("events were handed out twice")
			}
		}
		if want[EventOver] != 1 || want[EventPoint] < 2 || want[EventServe] < 2 {
			t.Fatalf("the game was not played: %v", want)
		}
		for e, n := range want {
			if got[e] != n {
				t.Errorf("%v: event %d was told %d times, want %d", view, e, got[e], n)
			}
		}
	}
}

func TestEventLog_IsBounded(t *testing.T) {
	f := newFar(t, 1)
	for range maxEvents * 3 {
		f.s.drawn.events.add(EventHit)
	}
	if n := len(f.s.Frame(f.now).Events); n != maxEvents {
		t.Errorf("%d events wait, want %d", n, maxEvents)
	}
}

func TestEventLog_LeavesOutPointsFromBeforeTheFirstFrame(t *testing.T) {
	f := newFar(t, 1)
	f.state.Score, f.state.Round = [2]uint16{3, 2}, 5
	for range 3 * 60 { // the countdown, and the beginning of a rally
		if v := f.run(period, game.None); slices.Contains(v.Events, EventPoint) {
			t.Fatalf("a point is told %v, at %v", v.Stage, v.Score)
		}
	}
	if v := f.s.Frame(f.now); v.Score != [2]int{3, 2} {
		t.Errorf("the score is %v", v.Score)
	}
}

func TestView_SwitchingChangesNeitherGameNorKeys(t *testing.T) {
	f := newFar(t, 1)
	f.play()
	for i := range 100 {
		f.s.SetView(View(i % 3))
		v := f.run(100*time.Millisecond, game.Input(i%3))
		if v.Stage == StageClosed || v.Figures.Corrections > 0 {
			t.Fatalf("after %d switches the stage is %v, with %d corrections", i, v.Stage, v.Figures.Corrections)
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
		t.Errorf("no name is %v: %v", m, err)
	}
	if _, err := ParseView("rollback"); err == nil {
		t.Error("an unknown name is a mode")
	}
}

func TestEventLog_ReportsAReplayedHitOnce(t *testing.T) {
	rules := game.DefaultRules()
	before := game.New(rules, 1)
	for after := game.Step(rules, before, game.Inputs{}); !game.Events(before, after).Has(game.Hit); after = game.Step(rules, before, game.Inputs{}) {
		before = after
	}
	var n eventLog
	for range 3 { // the tick of the hit, and twice after corrections
		n.flight(before, game.Step(rules, before, game.Inputs{}))
	}
	if events := n.take(); !slices.Equal(events, []Event{EventHit}) {
		t.Errorf("a hit that was played three times is told as %v", events)
	}
}
