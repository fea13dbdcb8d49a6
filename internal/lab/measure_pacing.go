package lab

import (
	"math"
	"time"
)

var settling = Measure{
	Name: "settling", Title: "clock settled after a step of the delay", Unit: "s", Step: 0.1,
	Definition: "The time from a step of the delay to the last frame of the next 5 s in which the margin of the " +
		"newest input is more than one tick off the margin that the client steers for. The margin is " +
		"the input's tick minus the server's true clock and the true delay up. The mean over all steps, " +
		"up and down. The margin that the client steers for goes on changing for ten seconds, until the " +
		"late tail has forgotten the step; that shows in lead.",
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
	Definition: "How far that margin goes beyond the one that the client steers for in these 5 s, after it has " +
		"reached it from the side of the step. The mean over all steps.",
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

// A pacing is the error of the margin in ticks at a time.
type pacing struct {
	at  time.Duration
	off float64
}

// settlesWithin is how long after a step the margin is observed.
const settlesWithin = 5 * time.Second

// steps calls each for every step of the delay, of both players, with the errors of the margin after it.
func (r *Recording) steps(each func(after time.Duration, errors []pacing)) {
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
				continue // outside that time, or no new input
			}
			errors = append(errors, pacing{f.At, newest - f.Server - float64(delay)/float64(frame) - f.Wanted})
		}
		if len(errors) > 0 {
			each(a.At, errors)
		}
	}
}
