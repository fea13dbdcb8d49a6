package lab

import (
	"math"

	"pong/internal/client"
	"pong/internal/game"
)

var ballJumps = Measure{
	Name: "ball_jumps", Title: "ball jumps over 10 px", Unit: "per min", Step: 5,
	Definition: "Frames in which the ball is more than 10 pixels from where a continuous ball could be. That " +
		"ball goes on from its last place with the velocity of its last two frames, is mirrored at " +
		"walls, and may leave a face at any angle with the greatest speed. A ball completely outside " +
		"the field is not drawn. Per minute of play. Samples are the distances from 1 pixel on.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n, minutes := 0, 0.0
		var sizes []float64
		for i := range r.Sides {
			side := &r.Sides[i]
			minutes += side.minutes()
			side.ballSteps(raw, func(jump float64, _ bool) {
				if jump > ballJump {
					n++
				}
				if jump > 1 {
					sizes = append(sizes, jump)
				}
			})
		}
		return per(n, minutes), sizes, minutes > 0
	},
}

var ballReversals = Measure{
	Name: "ball_reversals", Title: "reversals in mid-air", Unit: "per min",
	Definition: "Frames in which the ball has flown against its direction along the field for the second time " +
		"in a row, although it did not turn at a face: its distances from the face before and after the " +
		"turn add up to more than 30 pixels, which is further than it flies in two frames. (One step " +
		"back alone is a jump.) Per minute of play.",
	Of: func(r *Recording) (float64, []float64, bool) {
		n, minutes := 0, 0.0
		for i := range r.Sides {
			minutes += r.Sides[i].minutes()
			r.Sides[i].ballSteps(raw, func(_ float64, reversed bool) {
				if reversed {
					n++
				}
			})
		}
		return per(n, minutes), nil, minutes > 0
	},
}

// raw returns what a frame shows before smoothing, and shown after it.
func raw(f *Frame) client.Raw { return client.Raw{Ball: f.Ball, Paddle: f.Paddle} }

func shown(f *Frame) client.Raw { return f.Shown }

// The limits of a continuous ball.
const (
	ballJump   = 10.0 // pixels
	hurried    = 1.3  // how much faster than the true ball the drawn one may be
	frameTurns = 30.0 // pixels: the path of two frames, there and back
	awake      = 0.5  // pixels per frame; a slower ball has no direction
)

// A course is the drawn flight of a ball, in pixels per frame.
type course struct {
	vx, vy float64
	known  bool
	blind  int     // for so many more steps the velocity is unknown, because the ball turns at a face
	way    float64 // the direction along x; 0 while it is unknown
	// the sum of its distances from the face before and after its last step backwards; 0 if that was none
	back float64
}

// turning is the number of such steps: a ball that turns within a tick is drawn on the chord between the ends of that
// tick, in up to three frames.
const turning = 2

// ballSteps calls step for every frame in which the ball is in play as in the frame before, with how far the drawn ball
// jumped and whether it turned in mid-air.
func (s *Side) ballSteps(drawn func(*Frame) client.Raw, step func(jump float64, reversed bool)) {
	var c course
	for i := 1; i < len(s.Frames); i++ {
		a, b := &s.Frames[i-1], &s.Frames[i]
		if !a.InPlay || !b.InPlay || !together(a, b) {
			c = course{}
			continue
		}
		from, to := drawn(a).Ball, drawn(b).Ball
		jump := c.jump(from, to)
		reversed := c.turn(from, to)
		step(jump, reversed)
		c.follow(from, to, jump)
	}
}

// jump returns how far the ball at b is from where a continuous ball could be after a.
func (c *course) jump(a, b client.Point) float64 {
	next := client.Point{X: a.X + c.vx, Y: fold(a.Y + c.vy)}
	switch {
	case outside(b) && (outside(a) || c.known && outside(next)):
		return 0
	case !c.known:
		return math.Max(0, apart(a, b)-hurried*fastest)
	}
	straight := apart(next, b)
	seat := 0
	if c.vx > 0 {
		seat = 1
	}
	gap, across := gapTo(seat, a.X), math.Abs(c.vx)
	if gap < 0 || gap > across+ballJump || across < awake || gapTo(seat, b.X) < 0 {
		return straight
	}
	part := math.Min(gap/across, 1) // of the frame, until the ball meets the face
	plane := client.Point{X: a.X + c.vx*gap/across, Y: fold(a.Y + c.vy*part)}
	turned := math.Max(0, apart(plane, b)-math.Max(gap, (1-part)*hurried*fastest))
	if straight > bend && turned < straight {
		c.known, c.blind = false, turning
		return turned
	}
	return straight
}

// bend is by how many pixels a turning ball is off its line.
const bend = 1.0

// turn follows the direction of the ball and reports whether it has turned in mid-air.
func (c *course) turn(a, b client.Point) bool {
	dx := b.X - a.X
	if math.Abs(dx) < awake {
		return false
	}
	switch way := math.Copysign(1, dx); {
	case c.way == 0:
		c.way = way
	case way == c.way:
		c.back = 0
	case c.back == 0:
		seat := 0
		if c.way > 0 {
			seat = 1
		}
		c.back = math.Abs(gapTo(seat, a.X)) + math.Abs(gapTo(seat, b.X))
	default:
		reversed := c.back > frameTurns
		c.way, c.back = way, 0
		return reversed
	}
	return false
}

// follow sets the velocity from the step from a to b, except after a jump, while the ball turns at a face, and if it
// may have met a wall.
func (c *course) follow(a, b client.Point, jump float64) {
	switch {
	case jump > ballJump:
		c.known = false
		return
	case c.blind > 0:
		c.blind--
		return
	case c.known && a.Y+c.vy != fold(a.Y+c.vy): // off a wall: mirrored
		c.vx, c.vy = b.X-a.X, -c.vy
		return
	case !c.known && math.Min(math.Min(a.Y, b.Y), floor-math.Max(a.Y, b.Y)) < fastest:
		return
	}
	c.vx, c.vy, c.known = b.X-a.X, b.Y-a.Y, true
}

// outside reports whether a ball is completely outside the field.
func outside(p client.Point) bool { return p.X <= -ballSize || p.X >= pixels(game.Width) }

func apart(a, b client.Point) float64 { return math.Hypot(a.X-b.X, a.Y-b.Y) }
