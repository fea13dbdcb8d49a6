package lab

import (
	"math"
	"testing"

	"pong/internal/client"
	"pong/internal/game"
)

// drawnBetween returns a recording whose frames are a part of a tick after its states. The ball is drawn on its exact
// path, or on the line from one state to the next.
func drawnBetween(t testing.TB, ticks int, part float64, exact bool) *Recording {
	t.Helper()
	r := made(t, ticks)
	for seat := range r.Sides {
		for i := range r.Sides[seat].Frames {
			f := &r.Sides[seat].Frames[i]
			a, ok := r.at(uint32(f.Times.Ball))
			b, ok2 := r.at(uint32(f.Times.Ball) + 1)
			if !ok || !ok2 || a.Phase != game.Playing || b.Phase != game.Playing {
				continue
			}
			f.Times.Ball += part
			f.Ball = client.Point{X: mixed(a.Ball.X, b.Ball.X, part), Y: mixed(a.Ball.Y, b.Ball.Y, part)}
			if exact {
				f.Ball = exactPlace(&a, &b, part)
			}
			for i := range f.Paddle {
				f.Paddle[i] = mixed(a.Paddle[i], b.Paddle[i], part)
			}
		}
	}
	return r
}

func mixed(a, b game.Fixed, part float64) float64 { return pixels(a) + part*pixels(b-a) }

// exactPlace returns where the ball is a part of a tick after a, if the next state is b.
func exactPlace(a, b *game.State, part float64) client.Point {
	seat := 0
	if a.Ball.VX > 0 {
		seat = 1
	}
	vx, vy := pixels(a.Ball.VX), pixels(a.Ball.VY)
	x, y := pixels(a.Ball.X)+part*vx, fold(pixels(a.Ball.Y)+part*vy)
	if turn := gapTo(seat, pixels(a.Ball.X)) / math.Abs(vx); b.Hits > a.Hits && part > turn {
		face := pixels(a.Ball.X) + turn*vx
		after := (part - turn) / (1 - turn)
		x = face + after*(pixels(b.Ball.X)-face)
		y = fold(pixels(b.Ball.Y) - (1-part)*pixels(b.Ball.VY))
	}
	return client.Point{X: x, Y: y}
}

// On the exact path the visible turn is that of the server, off walls too. On the line between states the ball cuts the
// corner, by some pixels.
func TestMeasure_OffsetTakesTheVisibleTurn(t *testing.T) {
	t.Parallel()
	for _, part := range []float64{0, 0.25, 0.5, 0.75} {
		within(t, drawnBetween(t, 12000, part, true), offsetError, 0, 0.1)
		if part > 0 {
			within(t, drawnBetween(t, 12000, part, false), offsetError, 0.5, 12)
		}
	}
}

func TestMeasure_OffsetOfATurnThatWasFirstDrawnToPass(t *testing.T) {
	t.Parallel()
	r := drawnBetween(t, 12000, 0.5, true)
	moved := 0
	r.arrivalsAt(0, 0, func(frames []Frame, a *arrival) {
		if !a.turned {
			return
		}
		moved++ // far above it passes for a frame, is corrected, and turns where it did
		frames[a.frame-3].Ball = client.Point{X: leftFace - 8, Y: math.Max(frames[a.frame].Ball.Y-60, 0)}
	})
	if x, _, _ := offsetError.Of(r); moved < 10 || x > 30 {
		t.Errorf("after %d balls that passed for a frame the error is %.1f pixels, want that of the turn", moved, x)
	}
}
