package client

import (
	"math"

	"pong/internal/game"
)

// A placed ball is a ball at one moment, in pixels and pixels a tick.
type placed struct{ x, y, vx, vy float64 }

func placedBall(b game.Ball) placed {
	return placed{pixels(b.X), pixels(b.Y), pixels(b.VX), pixels(b.VY)}
}

// after returns where the ball is some ticks later, or earlier if they are negative, if it meets no face in between.
func (b placed) after(ticks float64) Point { return Point{b.x + b.vx*ticks, fold(b.y + b.vy*ticks)} }

// pathBetween returns the place of the ball a part of a tick after one state, on its exact way to the next. Within a
// tick it may turn at a face and at walls. The straight line between the two states would cut the corner by up to half
// a tick of flight: just where the ball meets a paddle it would turn beside it.
//
// Where the ball does not fly from one state to the other, because it rests or a STATE has corrected one of them, it
// returns the place on the straight line.
func pathBetween(a, b game.Ball, part float64) Point {
	from, to := placedBall(a), placedBall(b)
	turn := turnOf(from, to)
	was, is := from.after(turn), to.after(turn-1)
	if math.Hypot(was.X-is.X, was.Y-is.Y) > onPath {
		return Point{mix(from.x, to.x, part), mix(from.y, to.y, part)}
	}
	at := to.after(part - 1)
	if part < turn || turn == 1 {
		at = from.after(part)
	}
	if turn < 1 { // rounding must not draw the ball beyond the face at which it turns
		at.X = before(from, at.X)
	}
	return at
}

// before returns x, or the face to which a ball flies, if x is beyond it.
func before(b placed, x float64) float64 {
	if b.vx > 0 {
		return min(x, faceOf(b))
	}
	return max(x, faceOf(b))
}

// faceOf returns where a ball is when it meets the face to which it flies.
func faceOf(b placed) float64 {
	if b.vx > 0 {
		return pixels(game.RightFace - game.BallSize)
	}
	return pixels(game.LeftFace)
}

// onPath is by how many pixels two states of a flight may miss each other: the game rounds to 1/256 pixel a few times.
const onPath = 0.25

// turnOf returns the part of a tick after which a ball turns at a face, if it does; else 1.
func turnOf(from, to placed) float64 {
	if from.vx*to.vx >= 0 {
		return 1
	}
	return min(max((faceOf(from)-from.x)/from.vx, 0), 1)
}

// fold mirrors a height of the ball at the walls.
func fold(y float64) float64 {
	const floor = FieldHeight - BallSize
	if y = math.Abs(y); y > floor {
		return 2*floor - y
	}
	return y
}
