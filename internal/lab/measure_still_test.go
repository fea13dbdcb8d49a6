package lab

import "testing"

func TestMeasure_BallStill(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	turns, _, _ := ballStill.Of(r) // balls that turn within a tick and are where they were
	frames := r.Sides[0].Frames
	at := r.flying(t, 300, 30)
	frames[at+3].Ball, frames[at+4].Ball = frames[at+2].Ball, frames[at+2].Ball
	frames[at+4].Ball.X += 0.5
	frames[at+10].Ball = frames[at+9].Ball
	frames[at+10].InPlay = false
	within(t, r, ballStill, turns+r.perMinute(2)-0.01, turns+r.perMinute(2)+0.01)
}
