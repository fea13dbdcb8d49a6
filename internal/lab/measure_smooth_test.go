package lab

import "testing"

func TestMeasure_JumpsAfterSmoothing(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	r.both(func(_, _ int, f *Frame) { f.Shown = raw(f) })
	at := r.flying(t, 300, 30)
	r.Sides[0].Frames[at].Ball.Y += 40 // smoothed away
	r.Sides[0].Frames[at].Paddle[1] += 40
	within(t, r, ballJumpsShown, 0, 0)
	within(t, r, opponentJumpsShown, 0, 0)
	r.Sides[0].Frames[at].Shown.Ball.Y += 40
	r.Sides[0].Frames[at].Shown.Paddle[1] += 40
	within(t, r, ballJumpsShown, r.perMinute(2), r.perMinute(2))
	within(t, r, opponentJumpsShown, r.perMinute(1), r.perMinute(2))
}
