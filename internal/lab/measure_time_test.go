package lab

import (
	"testing"

	"pong/internal/game"
)

// Of the ticks that were played without an input, those count in which the paddle went another way than the player
// moved it.
func TestMeasure_MissedCountsWrongInputs(t *testing.T) {
	t.Parallel()
	r := made(t, 999)
	side := &r.Sides[0]
	side.Made, side.Without = map[uint32]game.Fixed{}, map[uint32]bool{}
	for tick := r.First; tick < r.First+500; tick++ {
		a, _ := r.at(tick)
		b, _ := r.at(tick + 1)
		side.Made[tick] = b.Paddle[0] - a.Paddle[0]
		side.Without[tick] = tick < r.First+60
	}
	for tick := range side.Without {
		if !side.Without[tick] {
			delete(side.Without, tick)
		}
	}
	within(t, r, missed, 0, 0) // 60 ticks, and the input that was repeated was right in all
	for i := range uint32(10) {
		side.Made[r.First+6*i] += game.PaddleSpeed
	}
	side.Made[r.First+300] += game.PaddleSpeed // its input had arrived
	delete(side.Made, r.First+1)               // nothing was made for it
	within(t, r, missed, 0.5, 0.5)             // 10 of the 2000 ticks of both
}
