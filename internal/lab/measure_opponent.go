package lab

import (
	"math"

	"pong/internal/client"
)

var opponentJumps = Measure{
	Name: "opponent_jumps", Title: "opponent's paddle jumps", Unit: "per min", Step: 5,
	Definition: "Frames in which the opponent's paddle has moved further since the last frame than a key moves " +
		"it in that time, plus 8 % by which the clock of a frame may run fast, plus a pixel. Per minute " +
		"of play. Samples are the distances beyond that.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var jumps []float64
		minutes := 0.0
		for i := range r.Sides {
			minutes += r.Sides[i].minutes()
			jumps = append(jumps, r.Sides[i].paddleJumps(1-i, raw)...)
		}
		return per(len(jumps), minutes), jumps, minutes > 0
	},
}

// slewed is the greatest speed of the clock of a frame.
const slewed = 1.08

// paddleJumps returns by how many pixels a paddle moved further than possible, for each time that it did.
func (s *Side) paddleJumps(seat int, drawn func(*Frame) client.Raw) (jumps []float64) {
	for i := 1; i < len(s.Frames); i++ {
		a, b := &s.Frames[i-1], &s.Frames[i]
		if !together(a, b) || a.Stage < client.StageCountdown || a.Stage > client.StageScored {
			continue
		}
		could := paddleStep*slewed*float64(b.At-a.At)/float64(frame) + 1
		if d := math.Abs(drawn(b).Paddle[seat] - drawn(a).Paddle[seat]); d > could {
			jumps = append(jumps, d-could)
		}
	}
	return jumps
}
