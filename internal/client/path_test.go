package client

import (
	"math"
	"testing"

	"pong/internal/game"
)

func TestPathBetween_IsTheWayOfTheBall(t *testing.T) {
	const right = game.RightFace - game.BallSize
	const face = right / game.One
	for _, test := range []struct {
		name string
		a, b game.Ball
		part float64
		want Point
	}{
		{"straight on", game.Ball{X: 100, Y: 100, VX: 8, VY: 4}, game.Ball{X: 108, Y: 104, VX: 8, VY: 4},
			0.25, Point{102, 101}},
		{"at the upper wall", game.Ball{X: 100, Y: 3, VX: 8, VY: -12}, game.Ball{X: 108, Y: 9, VX: 8, VY: 12},
			0.25, Point{102, 0}},
		{"before a face", game.Ball{X: face - 6, Y: 100, VX: 12}, game.Ball{X: face - 6, Y: 106, VX: -12, VY: 12},
			0.5, Point{float64(face), 100}},
		{"after a face", game.Ball{X: face - 6, Y: 100, VX: 12}, game.Ball{X: face - 6, Y: 106, VX: -12, VY: 12},
			0.75, Point{float64(face) - 3, 103}},
		{"resting, although it has a velocity", game.Ball{X: 100, Y: 100, VX: 8}, game.Ball{X: 100, Y: 100, VX: 8},
			0.5, Point{100, 100}},
		{"moved by a STATE", game.Ball{X: 100, Y: 100, VX: 8}, game.Ball{X: 150, Y: 100, VX: 8}, 0.5, Point{125, 100}},
		{"out of the field", game.Ball{X: -8, Y: 100, VX: -8}, game.Ball{X: -16, Y: 100}, 0.5, Point{-12, 100}},
	} {
		for _, b := range []*game.Ball{&test.a, &test.b} {
			*b = game.Ball{X: b.X * game.One, Y: b.Y * game.One, VX: b.VX * game.One, VY: b.VY * game.One}
		}
		if got := pathBetween(test.a, test.b, test.part); math.Hypot(got.X-test.want.X, got.Y-test.want.Y) > 1e-9 {
			t.Errorf("a ball %s is at %v after %v of the tick, want %v", test.name, got, test.part, test.want)
		}
	}
}

// A ball that is drawn at a quarter of each tick keeps to its speed, at faces and walls too. The straight line between
// two states would not.
func TestPathBetween_KeepsTheSpeedThroughARally(t *testing.T) {
	state := game.New(game.DefaultRules(), 1)
	state.Phase, state.Round = game.Playing, 1
	state.Ball = game.Ball{X: 400 * game.One, Y: 50 * game.One, VX: 9 * game.One, VY: -7 * game.One}
	turns := 0
	for range 600 {
		for i := range state.Paddle { // each paddle is where the ball is
			state.Paddle[i] = min(max(state.Ball.Y-40*game.One, 0), game.Height-game.PaddleHeight)
		}
		next := game.Step(game.DefaultRules(), state, game.Inputs{}, 0)
		if next.Ball.VX*state.Ball.VX < 0 {
			turns++
		}
		way, last := 0.0, pathBetween(state.Ball, next.Ball, 0)
		const parts = 256
		for i := range parts {
			at := pathBetween(state.Ball, next.Ball, float64(i+1)/parts)
			if at.X < pixels(game.LeftFace) || at.X > pixels(game.RightFace-game.BallSize) {
				t.Fatalf("tick %d: the ball is at %v, which is beyond a face that it never passes", state.Tick, at)
			}
			way += math.Hypot(at.X-last.X, at.Y-last.Y)
			last = at
		}
		one := math.Hypot(pixels(state.Ball.VX), pixels(state.Ball.VY))
		other := math.Hypot(pixels(next.Ball.VX), pixels(next.Ball.VY))
		if way < min(one, other)-0.1 || way > max(one, other)+0.1 {
			t.Fatalf("tick %d: the ball flies %.2f pixels, want %.2f to %.2f", state.Tick, way, one, other)
		}
		state = next
	}
	if turns < 5 {
		t.Errorf("the ball has turned %d times, want 5 or more", turns)
	}
}
