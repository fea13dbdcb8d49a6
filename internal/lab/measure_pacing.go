package lab

import (
	"math"
	"time"
)

var settling = Measure{
	Name: "settling", Title: "clock settled after a step of the delay", Unit: "s", Step: 0.1,
	Definition: "From a step of the delay to the last picture of the next 5 s in which the margin of the newest input - its tick, less the server's clock and the way up as they really are - is more than one tick off " +
		"the margin that the client steers for. The mean over all steps, up and down. What it steers for goes on changing for ten seconds, until the late tail has forgotten the step; that shows in lead.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var times []float64
		r.steps(func(after time.Duration, errors []pacing) {
			last := after
			for _, e := range errors {
				if math.Abs(e.off) > 1 {
					last = e.at
				}
			}
			times = append(times, (last - after).Seconds())
		})
		return mean(times), times, len(times) > 0
	},
}

var overshoot = Measure{
	Name: "overshoot", Title: "overshoot after it", Unit: "ticks", Step: 0.25,
	Definition: "How far in these 5 s that margin goes beyond what the client steers for, once it has come there from the side of the step. The mean over all steps.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var most []float64
		r.steps(func(_ time.Duration, errors []pacing) {
			side, worst, there := 0.0, 0.0, false
			for _, e := range errors {
				if side == 0 && math.Abs(e.off) > 1 {
					side = math.Copysign(1, e.off)
				}
				there = there || side != 0 && e.off*side <= 0
				if there {
					worst = math.Max(worst, -e.off*side)
				}
			}
			most = append(most, worst)
		})
		return mean(most), most, len(most) > 0
	},
}

// pacing is by how many ticks a margin is off at a time.
type pacing struct {
	at  time.Duration
	off float64
}

// settlesWithin is for how long after a step pacing is looked at.
const settlesWithin = 5 * time.Second

// steps tells of every step of the delay, for both players, how far the margins after it were off.
func (r *Recording) steps(tell func(after time.Duration, errors []pacing)) {
	p := &r.Cell.Profile
	for _, a := range r.Acts {
		if a.Kind != Slow && (a.Kind != Heal || p.outages()) {
			continue
		}
		delay := p.Up[a.Seat].Delay
		if a.Kind == Slow {
			delay = p.SlowRTT / 2
		}
		frames := r.Sides[a.Seat].Frames
		var errors []pacing
		for i := 1; i < len(frames); i++ {
			f, newest := &frames[i], math.Floor(frames[i].Times.Own+1)
			if f.At < a.At || f.At > a.At+settlesWithin || newest == math.Floor(frames[i-1].Times.Own+1) {
				continue // outside, or no input was made
			}
			errors = append(errors, pacing{f.At, newest - f.Server - float64(delay)/float64(frame) - f.Wanted})
		}
		if len(errors) > 0 {
			tell(a.At, errors)
		}
	}
}
