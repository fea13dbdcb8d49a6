package lab

import (
	"testing"

	"pong/internal/client"
)

func TestMeasure_SpeedStep(t *testing.T) {
	t.Parallel()
	r := made(t, 3000)
	within(t, r, speedStep, 0, 0.01)
	r.both(func(seat, i int, f *Frame) { // on the way to the right, every other frame is a tenth of a tick later
		a, ok := r.at(uint32(f.Times.Ball))
		b, ok2 := r.at(uint32(f.Times.Ball) + 1)
		if ok && ok2 && i%2 == 0 && a.Ball.VX > 0 && a.Ball.VX == b.Ball.VX && a.Ball.VY == b.Ball.VY {
			f.Ball = client.Point{X: mixed(a.Ball.X, b.Ball.X, 0.1), Y: mixed(a.Ball.Y, b.Ball.Y, 0.1)}
		}
	})
	within(t, r, speedStep, 0.19, 0.21) // from 0.9 to 1.1 of the speed and back
}
