package lab

import "math"

var corrections = Measure{
	Name: "corrections", Title: "own-paddle corrections", Unit: "per min",
	Definition: "How often the server's state has moved the own paddle between two frames: the client now holds " +
		"another state for the tick that was its present at the last frame than it held then. Per " +
		"minute of play.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n := 0
		minutes := 0.0
		for i := range r.Sides {
			n += len(r.Sides[i].corrections())
			minutes += r.Sides[i].minutes()
		}
		return per(n, minutes), nil, minutes > 0
	},
}

var correctionPath = Measure{
	Name: "correction_px", Title: "own paddle moved by them", Unit: "px per min",
	Definition: "The sum of the pixels by which own-paddle corrections moved the paddle, up and down. Per minute of " +
		"play.",
	Of: func(r *Recording) (float64, []float64, bool) {
		sum, minutes := 0.0, 0.0
		for i := range r.Sides {
			minutes += r.Sides[i].minutes()
			for _, by := range r.Sides[i].corrections() {
				sum += by
			}
		}
		if minutes == 0 {
			return 0, nil, false
		}
		return sum / minutes, nil, true
	},
}

var correctionSize = Measure{
	Name: "correction_p99", Title: "their size, p99", Unit: "px", Step: 5,
	Definition: "The number of pixels by which an own-paddle correction moved the paddle. The 99th percentile " +
		"over all corrections; 0 if there was none. Where corrections are rare it says little; see correction_px.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var sizes []float64
		for i := range r.Sides {
			sizes = append(sizes, r.Sides[i].corrections()...)
		}
		return quantile(sizes, 0.99), sizes, true
	},
}

// corrections returns the sizes of the own paddle's corrections in pixels.
func (s *Side) corrections() (sizes []float64) {
	for i := range s.Frames {
		if by := math.Abs(s.Frames[i].Corrected); by > 0 {
			sizes = append(sizes, by)
		}
	}
	return sizes
}
