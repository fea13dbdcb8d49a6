package lab

import (
	"math"

	"pong/internal/game"
)

// The field in pixels, as frames have it.
var (
	leftFace   = pixels(game.LeftFace)
	rightFace  = pixels(game.RightFace - game.BallSize) // of the left edge of a ball that touches it
	floor      = pixels(game.Height - game.BallSize)    // the lowest place of a ball's upper edge
	lowest     = pixels(game.Height - game.PaddleHeight)
	paddleStep = pixels(game.PaddleSpeed) // a tick
	fastest    = pixels(game.MaxSpeed)    // of a ball, a tick
	ballSize   = pixels(game.BallSize)
	paddleSize = pixels(game.PaddleHeight)
)

// gapTo returns the distance of a ball at x from a seat's face; it is negative behind the face.
func gapTo(seat int, x float64) float64 {
	if seat == 0 {
		return x - leftFace
	}
	return rightFace - x
}

// toward returns a speed along x as seen from a seat: positive if the ball approaches.
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
