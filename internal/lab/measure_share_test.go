package lab

import (
	"testing"

	"pong/internal/game"
)

// Each manner has its own share, and a rally that began with another manner counts for none.
func TestMeasure_FarShareByManner(t *testing.T) {
	t.Parallel()
	r := made(t, 5*60*60)
	if _, _, ok := farShares[0].Of(r); ok {
		t.Error("a share of the far player on a network without one")
	}
	r.Cell.Profile = named(t, "L14")
	r.Start = 0
	const second = 60
	rally := func(from, to, winner int) {
		for i := from; i < len(r.Truth); i++ {
			s := &r.Truth[i]
			if i < to {
				s.Phase = game.Playing
			} else if i < to+30 {
				s.Phase = game.Scored
			}
			if i >= to {
				s.Score[winner]++
			}
		}
	}
	for i := range r.Truth {
		r.Truth[i].Phase, r.Truth[i].Score = game.Countdown, [2]uint16{}
	}
	for i, winner := range []int{1, 0, 0, 0} { // a quarter for the far one of those with human reaction
		rally((5+10*i)*second, (12+10*i)*second, winner)
	}
	rally(55*second, 65*second, 0) // over a change
	for i, winner := range []int{1, 1} {
		rally((70+10*i)*second, (77+10*i)*second, winner)
	}
	for i, winner := range []int{0, 1} {
		rally((130+10*i)*second, (137+10*i)*second, winner)
	}
	for i, want := range []float64{25, 100, 50} {
		within(t, r, farShares[i], want, want)
	}
}
