package lab

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// made returns a recording in which both players saw exactly what the server decided at that time, one frame per tick.
// Two paddles follow the ball, and one of them stops now and then, so that there are points.
func made(t testing.TB, ticks int) *Recording {
	t.Helper()
	rules := game.Rules{}
	r := &Recording{Cell: Cell{Profile: named(t, "L0"), Length: time.Duration(ticks) * frame}}
	state := game.New(rules, 7)
	for state.Phase != game.Playing {
		state = game.Step(rules, state, game.Inputs{}, state.SeededServe(1))
	}
	r.First, r.Truth = state.Tick, append(r.Truth, state)
	for range ticks {
		var in game.Inputs
		for seat := range in {
			if state.Round%3 == 0 && seat == 1 {
				continue // does not move
			}
			in[seat] = follow(state, seat)
		}
		state = game.Step(rules, state, in, state.SeededServe(1))
		r.Truth = append(r.Truth, state)
		for seat := range r.Sides {
			r.Sides[seat].Frames = append(r.Sides[seat].Frames, picture(&state, seat, in[seat]))
		}
	}
	return r
}

// follow returns the key of a paddle that takes the ball off its middle.
func follow(s game.State, seat int) game.Input {
	switch at := s.Ball.Y + game.BallSize/2 - s.Paddle[seat] - game.PaddleHeight/2 - 20*game.One; {
	case at > game.PaddleSpeed:
		return game.Down
	case at < -game.PaddleSpeed:
		return game.Up
	}
	return game.None
}

// picture returns a state as a perfect screen shows it.
func picture(s *game.State, seat int, key game.Input) Frame {
	f := Frame{
		At: time.Duration(s.Tick) * frame, Server: float64(s.Tick), seat: seat, Key: key, Stage: client.StagePlaying,
		InPlay: s.Phase == game.Playing, Ball: client.Point{X: pixels(s.Ball.X), Y: pixels(s.Ball.Y)},
		Paddle: [2]float64{pixels(s.Paddle[0]), pixels(s.Paddle[1])}, Newest: s.Tick,
	}
	if s.Phase == game.Scored {
		f.Stage = client.StageScored
	}
	f.Times = client.Times{Own: f.Server, Remote: f.Server, Ball: f.Server}
	return f
}

// flying returns the index of the first frame, not before from, after which the ball flies far from walls and faces
// for so many frames.
func (r *Recording) flying(t testing.TB, from, frames int) int {
	t.Helper()
	n := 0
	for i := from; i < len(r.Sides[0].Frames); i++ {
		f := &r.Sides[0].Frames[i]
		n++
		if b := f.Ball; !f.InPlay || b.X < 150 || b.X > 600 || b.Y < 50 || b.Y > 500 {
			n = 0
		}
		if n == frames {
			return i - frames + 1
		}
	}
	t.Fatal("the ball never flies that long without a wall or a face")
	return 0
}

// both calls change for every frame of both players.
func (r *Recording) both(change func(seat, i int, f *Frame)) {
	for seat := range r.Sides {
		for i := range r.Sides[seat].Frames {
			change(seat, i, &r.Sides[seat].Frames[i])
		}
	}
}

// measureNamed returns the measure with a name.
func measureNamed(t testing.TB, name string) Measure {
	t.Helper()
	for _, m := range Measures() {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("there is no measure %s", name)
	return Measure{}
}

// within fails the test unless a measure of a recording lies between two figures.
func within(t testing.TB, r *Recording, m Measure, low, high float64) {
	t.Helper()
	x, _, ok := m.Of(r)
	if !ok || x < low || x > high {
		t.Errorf("%s is %.3f, %v, want %v to %v", m.Name, x, ok, low, high)
	}
}

func TestMeasures_PerfectPictureIsPerfect(t *testing.T) {
	t.Parallel()
	r := made(t, 6000)
	if n := len(r.contacts()); n < 30 {
		t.Fatalf("only %d contacts, want more", n)
	}
	for _, m := range []Measure{corrections, correctionSize, ballJumps, ballReversals, contradictions, verdicts,
		opponentJumps, missed, missedRaw, correctionPath} {
		within(t, r, m, 0, 0)
	}
	within(t, r, keyToScreen, 1, 1)
	within(t, r, offsetError, 0, 0.1)
	within(t, r, ballStill, 0, 3) // a ball that turns within a tick may be where it was
	within(t, r, speedStep, 0, 0.01)
	within(t, r, ballSlowest, 0.99, 1)
	within(t, r, ballFastest, 1, 1.01)
	within(t, r, lead, 1, 1)
}
