package lab

import (
	"math"
	"time"
)

var recovery = Measure{
	Name: "recovery", Title: "whole again after an outage", Unit: "s", Step: 0.05,
	Definition: "The time from the end of an outage of a player's link to the first of 15 frames in a row that " +
		"are true: a STATE sent since then has arrived, and the ball and both paddles are within 10 " +
		"pixels of where the server has them, then or later, at the ticks at which they are drawn. At " +
		"most 5 s. The mean over all outages.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var times []float64
		for _, a := range r.Acts {
			if a.Kind == Heal && r.Cell.Profile.outages() {
				times = append(times, r.recovery(a))
			}
		}
		return mean(times), times, len(times) > 0
	},
}

// outages reports whether a profile cuts links.
func (p *Profile) outages() bool {
	for _, a := range p.Acts {
		if a.Kind == Cut {
			return true
		}
	}
	return false
}

// The limits of a recovered picture.
const (
	trueEnough  = 10.0 // pixels
	trueFor     = 15   // frames
	recoverMost = 5 * time.Second
)

// recovery returns how many seconds after the end of an outage the frames are true again.
func (r *Recording) recovery(healed Act) float64 {
	row, since := 0, math.Inf(1) // since is the server's clock at the first frame after the outage
	for i := range r.Sides[healed.Seat].Frames {
		f := &r.Sides[healed.Seat].Frames[i]
		if f.At < healed.At {
			continue
		}
		since = math.Min(since, f.Server)
		if f.At-healed.At > recoverMost {
			break
		}
		if row++; float64(f.Newest) < since || !r.isTrue(f) {
			row = 0
		}
		if row == trueFor {
			return (f.At - healed.At - (trueFor-1)*frame).Seconds()
		}
	}
	return recoverMost.Seconds()
}

// isTrue reports whether everything in a frame is where the server has it at the drawn tick.
func (r *Recording) isTrue(f *Frame) bool {
	for seat := range f.Paddle {
		t := f.Times.Own
		if f.seat != seat {
			t = f.Times.Remote
		}
		y, ok := r.paddleAt(t, seat)
		if !ok || math.Abs(y-f.Paddle[seat]) > trueEnough {
			return false
		}
	}
	a, ok := r.at(uint32(f.Times.Ball))
	b, ok2 := r.at(uint32(f.Times.Ball) + 1)
	if !ok || !ok2 {
		return false
	}
	if !f.InPlay || a.Ball.VX == 0 || b.Ball.VX == 0 {
		return true // at rest or not drawn
	}
	part := f.Times.Ball - math.Floor(f.Times.Ball)
	x := pixels(a.Ball.X) + part*pixels(b.Ball.X-a.Ball.X)
	y := pixels(a.Ball.Y) + part*pixels(b.Ball.Y-a.Ball.Y)
	return math.Hypot(x-f.Ball.X, y-f.Ball.Y) <= trueEnough
}

// paddleAt returns where a paddle was at a time in ticks.
func (r *Recording) paddleAt(t float64, seat int) (y float64, ok bool) {
	a, ok := r.at(uint32(t))
	b, ok2 := r.at(uint32(t) + 1)
	if !ok || !ok2 {
		return 0, false
	}
	return pixels(a.Paddle[seat]) + (t-math.Floor(t))*pixels(b.Paddle[seat]-a.Paddle[seat]), true
}
