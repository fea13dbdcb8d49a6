package lab

import "math"

var contradictions = Measure{
	Name: "contradictions", Title: "hits shown, not granted, or the reverse", Unit: "per 100 own contacts",
	Definition: "Balls that reached a player's face at the server with one verdict and were drawn to reach it " +
		"with the other. A ball is drawn as a hit if its upper edge, where it meets the plane, is " +
		"within reach of the own paddle in the last frame before the turn or pass or in one of the two " +
		"frames after it (by the rules the paddle moves first in a tick; frames draw it on its way). A " +
		"paddle that comes or goes within these three frames, or is within one pixel, agrees with both " +
		"verdicts. A contact that was never drawn and a drawn hit without a contact count as " +
		"contradictions; contacts while the player's own machine stood still are left out.",
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
	Definition: "Balls that reached the opponent's face at the server and came back, but were first drawn to " +
		"pass it; or that passed, but were first drawn to turn.",
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

// paddles returns the lowest and the highest place of a paddle in a frame and the two after it.
func (s *Side) paddles(frame, seat int) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for i := frame; i <= frame+2 && i < len(s.Frames); i++ {
		y := s.Frames[i].Paddle[seat]
		from, to = math.Min(from, y), math.Max(to, y)
	}
	return from, to
}

// imperceptible is a distance in pixels that nobody sees.
const imperceptible = 1.0

// shown reports whether an arrival at the own face may be taken for a hit, and for a miss.
func (a *arrival) shown(s *Side) (hit, miss bool) {
	from, to := s.paddles(a.frame, a.seat)
	// The paddle was everywhere between the two.
	hit = a.y+ballSize > from-imperceptible && a.y < to+paddleSize+imperceptible
	miss = !touches(a.y, from, -imperceptible) || !touches(a.y, to, -imperceptible)
	return hit, miss
}

// contradicts reports whether the drawn arrival is impossible with the server's verdict.
func (m *meeting) contradicts(s *Side) bool {
	hit, miss := m.seen.shown(s)
	if m.contact.hit {
		return !hit
	}
	return !miss
}
