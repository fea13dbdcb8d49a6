package lab

import (
	"math"

	"pong/internal/game"
)

// The field in pixels, as pictures have it.
var (
	leftFace   = pixels(game.LeftFace)
	rightFace  = pixels(game.RightFace - game.BallSize) // where the left edge of a ball is that touches it
	floor      = pixels(game.Height - game.BallSize)    // the furthest down that a ball's upper edge can be
	lowest     = pixels(game.Height - game.PaddleHeight)
	paddleStep = pixels(game.PaddleSpeed) // a tick
	fastest    = pixels(game.MaxSpeed)    // of a ball, a tick
	ballSize   = pixels(game.BallSize)
	paddleSize = pixels(game.PaddleHeight)
)

// gapTo is how far a ball at x is from a seat's face; negative behind it.
func gapTo(seat int, x float64) float64 {
	if seat == 0 {
		return x - leftFace
	}
	return rightFace - x
}

// toward is a speed along x seen from a seat: positive for what comes nearer.
func toward(seat int, vx float64) float64 {
	if seat == 0 {
		return -vx
	}
	return vx
}

// fold mirrors a height at the upper and the lower wall until it lies between them.
func fold(y float64) float64 {
	y = math.Mod(math.Abs(y), 2*floor)
	if y > floor {
		return 2*floor - y
	}
	return y
}

// touches reports whether a ball at y overlaps a paddle whose upper edge is at p and which is larger by slack on both
// sides.
func touches(y, p, slack float64) bool {
	return y+ballSize > p-slack && y < p+paddleSize+slack
}
