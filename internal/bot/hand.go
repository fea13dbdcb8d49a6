package bot

import (
	"math"
	"time"

	"pong/internal/game"
)

// A hand moves the paddle, and knows its position from the keys that it has held. The picture of the paddle may be
// older than the keys; a hand that used the picture would overshoot and come back forever. So it uses the picture only
// after the paddle has been at rest for a while.
type hand struct {
	at    time.Duration
	top   float64       // where the paddle's top edge should be by now
	rest  time.Duration // since when no key is held
	key   game.Input
	step  float64 // how far a key that is held for a frame moves the paddle
	known bool
}

const (
	// speed is how far a held key moves a paddle in a second, in pixels.
	speed = float64(game.PaddleSpeed) / float64(game.One) * game.TickRate

	// lowest is the lowest position of the top edge.
	lowest = float64(game.Height-game.PaddleHeight) / float64(game.One)

	// settled is the greatest age of a picture that the hand allows for.
	settled = 300 * time.Millisecond

	// lost is a distance from the picture, in pixels, that such a delay cannot explain.
	lost = 120
)

// feel moves the paddle to now. drawn is its top edge in the picture.
func (h *hand) feel(now time.Duration, drawn float64) {
	dt := max(now-h.at, 0)
	if !h.known || dt > settled {
		*h = hand{top: drawn, rest: now, known: true}
		dt = 0
	}
	h.at = now
	h.step = speed * dt.Seconds()
	switch h.key {
	case game.Up:
		h.top = max(h.top-h.step, 0)
	case game.Down:
		h.top = min(h.top+h.step, lowest)
	}
	if h.key == game.None && now-h.rest >= settled || math.Abs(drawn-h.top) > lost {
		h.top = drawn
	}
}

// reach returns the key that moves the paddle's top edge to goal. The paddle is there if it is nearer than band, or
// than a frame allows; it starts again only from twice that distance, or it would tremble.
func (h *hand) reach(goal, band float64) game.Input {
	goal = min(max(goal, 0), lowest)
	band = max(band, 0.55*h.step)
	if h.key == game.None {
		band *= 2
	}

	key := game.None
	switch off := goal - h.top; {
	case off > band:
		key = game.Down
	case off < -band:
		key = game.Up
	}
	if key == game.None && h.key != game.None {
		h.rest = h.at
	}
	h.key = key
	return key
}
