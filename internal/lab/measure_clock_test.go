package lab

import (
	"testing"
	"time"

	"pong/internal/client"
)

func TestMeasure_ClockOff(t *testing.T) {
	t.Parallel()
	r := made(t, 1001)
	own := [2]float64{}
	r.both(func(seat, i int, f *Frame) {
		f.Stage = client.StagePlaying
		switch {
		case seat == 0 && i%10 == 0:
			own[seat] += 1.05 // a tenth of the frames of one player
		case seat == 1 && i%10 == 0:
			own[seat] += 0.985 // less than 2 % counts as steady
		default:
			own[seat]++
		}
		f.Times.Own = own[seat]
	})
	within(t, r, clockOff, 4.99, 5.01)
	within(t, r, clockOffMost, 4.99, 5.01)
	r.Sides[0].Frames[500].At -= time.Second // a machine that stood still is not a clock that is off
	within(t, r, clockOff, 4.9, 5.1)
}
