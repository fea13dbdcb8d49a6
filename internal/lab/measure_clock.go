package lab

import (
	"math"

	"pong/internal/client"
)

var clockOff = Measure{
	Name: "clock_off", Title: "own clock more than 2 % off", Unit: "% of frames",
	Definition: "Frames of play in which the time at which the own paddle is drawn has gone on by 2 % more or " +
		"less than the time that has passed since the frame before. A held key moves the paddle faster " +
		"or slower by as much.",
	Noticed: noticedSpeed,
	Of:      ofBoth(clockOffOf),
}

var clockOffMost = Measure{
	Name: "clock_off_p99", Title: "how far it is off, p99", Unit: "%", Step: 0.5,
	Definition: "By how many percent that time has gone on more or less than the time that has passed. The 99th " +
		"percentile over all frames of play.",
	Noticed: noticedSpeed,
	Of: func(r *Recording) (float64, []float64, bool) {
		off := append(r.Sides[0].clockErrors(), r.Sides[1].clockErrors()...)
		return quantile(off, 0.99), off, len(off) > 0
	},
}

// noticedSpeed is what is known of how exactly people see speed.
const noticedSpeed = "Two speeds are told apart from about 7 % of difference on (De Bruyn and Orban, Vision Research " +
	"28, 1988)."

// steady is by how many percent a clock may be off.
const steady = 2.0

// clockOffOf returns the share of frames in which the own clocks of seats are off, in percent.
func clockOffOf(r *Recording, seats ...int) (float64, []float64, bool) {
	off, all := 0, 0
	for _, seat := range seats {
		for _, by := range r.Sides[seat].clockErrors() {
			all++
			if by > steady {
				off++
			}
		}
	}
	return 100 * per(off, float64(all)), nil, all > 0
}

// clockErrors returns by how many percent the own clock was off in each frame of play.
func (s *Side) clockErrors() (off []float64) {
	for i := 1; i < len(s.Frames); i++ {
		a, b := &s.Frames[i-1], &s.Frames[i]
		if a.Stage != client.StagePlaying || b.Stage != client.StagePlaying || !together(a, b) {
			continue
		}
		passed := float64(b.At-a.At) / float64(frame)
		off = append(off, 100*math.Abs((b.Times.Own-a.Times.Own)/passed-1))
	}
	return off
}
