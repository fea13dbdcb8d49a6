package lab

import (
	"testing"

	"pong/internal/client"
)

func TestMeasure_TimesApart(t *testing.T) {
	t.Parallel()
	r := made(t, 1000)
	r.Cell.Profile = named(t, "L14")
	r.both(func(seat, i int, f *Frame) {
		f.Stage = client.StagePlaying
		f.Times.Remote -= []float64{4, 8}[seat]
		if seat == 1 && i%40 == 0 {
			f.Times.Remote -= 12
		}
	})
	within(t, r, timesApart, 6.14, 6.16) // the mean of 4 and 8.3
	within(t, r, timesApartMost, 20, 20) // of one frame in eighty
	within(t, r, measureNamed(t, "apart_near"), 4, 4)
	within(t, r, measureNamed(t, "apart_far"), 8.29, 8.31)
	if _, _, ok := measureNamed(t, "apart_far").Of(made(t, 100)); ok {
		t.Error("a figure of the far player on a network without one")
	}
	r.both(func(_, _ int, f *Frame) { f.Stage = client.StageScored })
	if _, _, ok := timesApart.Of(r); ok {
		t.Error("the pause after a point counts as play")
	}
}

func TestMeasure_OpponentAge(t *testing.T) {
	t.Parallel()
	r := made(t, 1000)
	r.Cell.Profile = named(t, "L14")
	r.both(func(seat, _ int, f *Frame) {
		f.Stage = client.StagePlaying
		f.Times.Own += []float64{2, 5}[seat] // the far one is further ahead
		f.Times.Remote = f.Server - []float64{6, 10}[seat]
	})
	const tick = 1000.0 / 60
	within(t, r, measureNamed(t, "opponent_age_near"), 11*tick-0.01, 11*tick+0.01) // 6 back, and 5 of the other's lead
	within(t, r, measureNamed(t, "opponent_age_far"), 12*tick-0.01, 12*tick+0.01)
	within(t, r, opponentAge, 11.4*tick, 11.6*tick)
	within(t, r, opponentAgeGap, tick-0.01, tick+0.01)
	r.both(func(_, _ int, f *Frame) { f.Times.Remote += 0.5 }) // seen first in the frame after
	within(t, r, measureNamed(t, "opponent_age_near"), 10*tick-0.01, 10*tick+0.01)
}
