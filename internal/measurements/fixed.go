package measurements

import (
	"math"
	"strconv"

	"pong/internal/game"
)

// fixed formats a length of the game in pixels, exactly: 1/256 pixel has at most eight digits after the point.
func fixed(x game.Fixed) string {
	return strconv.FormatFloat(float64(x)/float64(game.One), 'f', -1, 64)
}

// toFixed returns a length in pixels as the game has it.
func toFixed(pixels float64) game.Fixed { return game.Fixed(math.Round(pixels * float64(game.One))) }
