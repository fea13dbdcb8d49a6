package lab

import "math"

var contradictions = Measure{
	Name: "contradictions", Title: "hits shown, not granted, or the reverse", Unit: "per 100 own contacts",
	Definition: "Balls that reached a player's face at the server with one verdict, and were drawn to reach it with the other. Drawn as a hit is a ball whose upper edge, where it meets the plane, " +
		"is within reach of the own paddle as drawn in the last picture before the turn or pass or in the two after it (the rules let the paddle move first in a tick, pictures draw it on its way). " +
		"A paddle that comes or goes within these three pictures, or is within one pixel, agrees with both. A contact that was never drawn, and a drawn hit without a contact, count as contradictions; contacts while the player's own machine stood still are left out.",
	Of: func(r *Recording) (float64, []float64, bool) {
		wrong, all := 0, 0
		for seat := range r.Sides {
			met, odd := r.meetings(seat, seat)
			all += len(met)
			for _, m := range met {
				if m.seen == nil || m.contradicts(&r.Sides[seat]) {
					wrong++
				}
			}
			for _, a := range odd {
				if hit, _ := a.shown(&r.Sides[seat]); hit {
					wrong++
				}
			}
		}
		return 100 * per(wrong, float64(all)), nil, all > 0
	},
}

var verdicts = Measure{
	Name: "verdicts", Title: "wrong first at the opponent's face", Unit: "per 100 contacts",
	Definition: "Balls that reached the opponent's face at the server and came back, but were first drawn to pass it; or passed, but were first drawn to turn round.",
	Of: func(r *Recording) (float64, []float64, bool) {
		wrong, all := 0, 0
		for seat := range r.Sides {
			met, _ := r.meetings(seat, 1-seat)
			for _, m := range met {
				if m.seen == nil {
					continue
				}
				all++
				if m.seen.turned != m.contact.hit {
					wrong++
				}
			}
		}
		return 100 * per(wrong, float64(all)), nil, all > 0
	},
}

var offsetError = Measure{
	Name: "offset_p99", Title: "contact offset error, p99", Unit: "px", Step: 1,
	Definition: "At an own contact that was a hit: how far the ball's middle is drawn from the middle of the own paddle where it meets the plane, against how far it was at the server. " +
		"The paddle may be that of the last picture before or of the two after. The 99th percentile.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var errors []float64
		for seat := range r.Sides {
			met, _ := r.meetings(seat, seat)
			for _, m := range met {
				if m.seen != nil && m.contact.hit {
					errors = append(errors, m.offsetError(&r.Sides[seat]))
				}
			}
		}
		return quantile(errors, 0.99), errors, len(errors) > 0
	},
}

// paddles are the lowest and the highest place of the own paddle around an arrival.
func (a *arrival) paddles(s *Side) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i := a.frame; i <= a.frame+2 && i < len(s.Frames); i++ {
		y := s.Frames[i].Paddle[a.seat]
		from, to = math.Min(from, y), math.Max(to, y)
	}
	return from, to
}

// oneSees is how many pixels nobody sees.
const oneSees = 1.0

// shown reports whether an arrival at the own face may be seen as a hit, and as a miss.
func (a *arrival) shown(s *Side) (hit, miss bool) {
	from, to := a.paddles(s)
	// Between its two ends the paddle was everywhere.
	hit = a.y+ballSize > from-oneSees && a.y < to+paddleSize+oneSees
	miss = !touches(a.y, from, -oneSees) || !touches(a.y, to, -oneSees)
	return hit, miss
}

// contradicts reports whether what was seen cannot be what was decided.
func (m *meeting) contradicts(s *Side) bool {
	hit, miss := m.seen.shown(s)
	if m.contact.hit {
		return !hit
	}
	return !miss
}

// offsetError is how far the offset that was seen is from the one that was decided.
func (m *meeting) offsetError(s *Side) float64 {
	from, to := m.seen.paddles(s)
	middle := m.seen.y + ballSize/2 - paddleSize/2
	least, most := middle-to, middle-from
	return math.Max(0, math.Max(least-m.contact.offset, m.contact.offset-most))
}
