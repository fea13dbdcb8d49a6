package lab

import (
	"math"

	"pong/internal/client"
)

var offsetError = Measure{
	Name: "offset_p99", Title: "contact offset error, p99", Unit: "px", Step: 1,
	Definition: "For an own contact that was a hit: the difference between the offset of the ball's middle from " +
		"the own paddle's middle at the visible turn and that offset at the server. The visible turn is " +
		"where the plane of the face is met by the line on which the ball comes or leaves, mirrored at " +
		"walls and moved through the place at which the ball is drawn in the frame at the face, which " +
		"belongs to the nearer of the two. The paddle may be that of the last frame before the turn or of the two " +
		"after it. The 99th percentile.",
	Noticed: "A pixel is the least that a screen shows. A paddle is 100 pixels long, and the offset decides the " +
		"angle at which the ball leaves.",
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

// offsetError returns the difference between the offset at the visible turn and the one at the server.
func (m *meeting) offsetError(s *Side) float64 {
	a := m.seen
	if m.turn != nil {
		a = m.turn
	}
	y, before := a.visible(s)
	from, to := s.paddles(before, a.seat)
	middle := y + ballSize/2 - paddleSize/2
	least, most := middle-to, middle-from
	return math.Max(0, math.Max(least-m.contact.offset, m.contact.offset-most))
}

// visible returns the height of the visible turn, and the last frame before it. The frame at the face may be before the
// turn or after it: it belongs to the line on which the ball comes or to the one on which it leaves, whichever it is
// nearer to. Where it is off that line, because the ball was drawn to cut the corner, the turn is off by as much.
func (a *arrival) visible(s *Side) (y float64, before int) {
	at := s.place(a.frame)
	gap := gapTo(a.seat, at.X)
	coming, ok := s.lineAt(a.frame-1, -1)
	leaving, ok2 := s.lineAt(a.frame+1, 1)
	if !a.turned || !ok || !ok2 {
		return a.y, a.frame
	}
	off := math.Inf(1)
	for i, l := range []line{coming, leaving} {
		far := gapTo(a.seat, l.from.X)
		if by := at.Y - l.height(far-gap); math.Abs(by) < math.Abs(off) {
			y, before, off = fold(l.height(far)+by), a.frame-i, by
		}
	}
	return y, before
}

// A line is the way of the ball on one side of a turn, mirrored at walls.
type line struct {
	from  client.Point // its place next to the turn
	slope float64      // the change of the height for each pixel from there towards the turn
}

// lineAt returns the line of the ball through three frames, of which frame is the one next to the turn and the others
// are further away by step each. ok is false if the ball was not in play in all of them.
func (s *Side) lineAt(frame, step int) (l line, ok bool) {
	var p [3]client.Point
	for i := range p {
		at := frame + i*step
		if at < 0 || at >= len(s.Frames) || !s.Frames[at].InPlay {
			return l, false
		}
		p[i] = s.place(at)
	}
	l = line{p[0], math.Max(steepness(p[2], p[1]), steepness(p[1], p[0]))} // one of the two may contain a wall
	back := -math.Abs(p[1].X - p[0].X)
	up, down := line{p[0], -l.slope}, l
	if math.Abs(up.height(back)-p[1].Y) < math.Abs(down.height(back)-p[1].Y) {
		l = up
	}
	return l, p[0].X != p[1].X && p[1].X != p[2].X
}

// place returns where the ball is drawn in a frame.
func (s *Side) place(frame int) client.Point { return s.Frames[frame].Ball }

// height returns the height of the ball a distance along the field from the line's place, towards the turn.
func (l *line) height(distance float64) float64 { return fold(l.from.Y + l.slope*distance) }
