package lab

import (
	"math"
	"time"
)

var settling = Measure{
	Name: "settling", Title: "clock settled after a step of the delay", Unit: "s", Step: 0.1,
	Definition: "From a step of the delay to the last picture before the next step in which the client's lead over the server is more than one tick off what it should be: the way up, as it really is, and the margin that the " +
		"client steers for. The mean over all steps, up and down.",
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
	Definition: "How far the lead goes beyond what it should be, once it has come there from the side of the step and until the next. The mean over all steps.",
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

// pacing is by how many ticks a lead is off at a time.
type pacing struct {
	at  time.Duration
	off float64
}

// steps tells of every step of the delay that is followed by another act, for both players, how far the lead was off.
func (r *Recording) steps(tell func(after time.Duration, errors []pacing)) {
	p := &r.Cell.Profile
	for i, a := range r.Acts {
		if a.What != Slow && (a.What != Heal || p.outages()) {
			continue
		}
		until, found := time.Duration(0), false
		for _, b := range r.Acts[i+1:] {
			if b.Seat == a.Seat {
				until, found = b.At, true
				break
			}
		}
		if !found {
			continue
		}
		delay := p.Up[a.Seat].Delay
		if a.What == Slow {
			delay = slowRTT / 2
		}
		var errors []pacing
		for j := range r.Sides[a.Seat].Frames {
			if f := &r.Sides[a.Seat].Frames[j]; f.At >= a.At && f.At < until {
				errors = append(errors, pacing{f.At, f.lead() - float64(delay)/float64(frame) - f.Wanted})
			}
		}
		tell(a.At, errors)
	}
}
