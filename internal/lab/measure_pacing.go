package lab

import (
	"math"
	"time"
)

var settling = Measure{
	Name: "settling", Title: "clock settled after a step of the delay", Unit: "s", Step: 0.1,
	Definition: "The time from a step of the delay to the last frame of the next 5 s in which the margin of the " +
		"newest input is more than one tick off its mean over the last half second of them. The margin is the " +
		"input's tick minus the server's true clock and the true delay up. The mean over all steps, up and down.",
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
	Definition: "How far that margin is off that mean in these 5 s at most, once it has reached it. The mean over " +
		"all steps.",
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
					worst = math.Max(worst, math.Abs(e.off))
				}
			}
			most = append(most, worst)
		})
		return mean(most), most, len(most) > 0
	},
}

// A pacing is a margin at a time, in ticks off the one at rest.
type pacing struct {
	at  time.Duration
	off float64
}

// settlesWithin is how long after a step the margin is observed, and atRest how long it is at rest at the end of that.
const (
	settlesWithin = 5 * time.Second
	atRest        = time.Second / 2
)

// steps calls each for every step of the delay, of both players, with the margins after it.
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
			errors = append(errors, pacing{f.At, newest - f.Server - float64(delay)/float64(frame)})
		}
		if rest, ok := marginAtRest(errors, a.At+settlesWithin-atRest); ok {
			for i := range errors {
				errors[i].off -= rest
			}
			each(a.At, errors)
		}
	}
}

// marginAtRest returns the mean of the margins from a time on.
func marginAtRest(margins []pacing, from time.Duration) (rest float64, ok bool) {
	n := 0.0
	for _, m := range margins {
		if m.at >= from {
			rest, n = rest+m.off, n+1
		}
	}
	return rest / n, n > 0
}
