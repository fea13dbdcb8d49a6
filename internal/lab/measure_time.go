package lab

import (
	"math"

	"pong/internal/client"
)

var missed = Measure{
	Name: "missed", Title: "ticks without their input in time", Unit: "%",
	Definition: "Ticks that the server played without the input that the player had made for them, because it had not arrived. Of all ticks, by the server's own count.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n := r.Sides[0].Inputs.Missed + r.Sides[1].Inputs.Missed
		return 100 * per(n, 2*float64(len(r.Truth))), nil, len(r.Truth) > 0
	},
}

var lead = Measure{
	Name: "lead", Title: "lead over the server", Unit: "ticks", Step: 0.5,
	Definition: "How many ticks the client's clock is ahead of the server's at the same moment of virtual time, which nobody in the world can know but the laboratory. The mean over all pictures of play.",
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

// lead is how far the client's clock is ahead of the server's. The own paddle is drawn one tick behind that clock.
func (f *Frame) lead() float64 { return f.Times.Own + 1 - f.Server }

var rttError = Measure{
	Name: "rtt_error", Title: "round trip shown, less the true one", Unit: "ms", Step: 0.5,
	Definition: "The round trip that the client shows, less the mean time that datagrams really took up and down of late, taken once a second; the absolute value of the mean of these differences, " +
		"the greater of both players. One player's clock is 5 s ahead.",
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
