package lab

import (
	"math"

	"pong/internal/client"
)

var missed = Measure{
	Name: "missed", Title: "ticks played otherwise than the player did", Unit: "%",
	Definition: "Ticks that the server played without the input that the player had made for them, and in which " +
		"the input that it repeated instead moved the paddle otherwise. A share of all ticks.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n := 0
		for seat := range r.Sides {
			n += r.wrongTicks(seat)
		}
		return 100 * per(n, 2*float64(len(r.Truth))), nil, len(r.Truth) > 0
	},
}

// wrongTicks counts the ticks that the server played without a player's input and therefore otherwise.
func (r *Recording) wrongTicks(seat int) (n int) {
	side := &r.Sides[seat]
	for tick := range side.Without {
		made, known := side.Made[tick]
		before, ok := r.at(tick)
		after, ok2 := r.at(tick + 1)
		if known && ok && ok2 && after.Paddle[seat]-before.Paddle[seat] != made {
			n++
		}
	}
	return n
}

var missedRaw = Measure{
	Name: "missed_raw", Title: "ticks without their input in time", Unit: "%",
	Definition: "Ticks that the server played without the input that the player had made for them, because it " +
		"had not arrived, whether or not that made a difference. A share of all ticks, counted by the server.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n := r.Sides[0].Inputs.Missed + r.Sides[1].Inputs.Missed
		return 100 * per(n, 2*float64(len(r.Truth))), nil, len(r.Truth) > 0
	},
}

var lead = Measure{
	Name: "lead", Title: "lead over the server", Unit: "ticks", Step: 0.5,
	Definition: "The number of ticks by which the client's clock is ahead of the server's at the same moment of " +
		"virtual time, which only the laboratory can know. The mean over all frames of play.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var leads []float64
		for i := range r.Sides {
			for j := range r.Sides[i].Frames {
				if f := &r.Sides[i].Frames[j]; f.Stage == client.StagePlaying {
					leads = append(leads, f.lead())
				}
			}
		}
		return mean(leads), leads, len(leads) > 0
	},
}

// lead returns how far the client's clock is ahead of the server's, in ticks. The own paddle is drawn one tick behind
// that clock.
func (f *Frame) lead() float64 { return f.Times.Own + 1 - f.Server }

var rttError = Measure{
	Name: "rtt_error", Title: "round trip shown, less the true one", Unit: "ms", Step: 0.5,
	Definition: "The difference between the round trip that the client shows and the mean time that datagrams " +
		"recently took up and down, measured once a second. The absolute value of the mean of these " +
		"differences, for the player with the greater one. One player's clock is 5 s ahead.",
	Of: func(r *Recording) (float64, []float64, bool) {
		worst := 0.0
		var all []float64
		for i := range r.Sides {
			var off []float64
			for _, l := range r.Sides[i].Latencies {
				off = append(off, l.Shown-l.True)
			}
			worst = math.Max(worst, math.Abs(mean(off)))
			all = append(all, off...)
		}
		return worst, all, len(all) > 0
	},
}
