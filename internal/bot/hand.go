package bot

import (
	"math"
	"time"

	"pong/internal/game"
)

// hand moves the paddle, and knows where it is without looking: from the keys it
// has held. The picture of the paddle may be older than the keys; a hand that
// went by the picture would overshoot by as much and come back, for ever. So it
// looks only when the paddle has been at rest for a while.
type hand struct {
	at    time.Duration
	top   float64       // where the paddle's top edge should be by now
	rest  time.Duration // since when no key is held
	key   game.Input
	step  float64 // how far a key held for a frame moves the paddle
	known bool
}

const (
	// speed is how far a held key moves a paddle in a second, in pixels.
	speed = float64(game.PaddleSpeed) / float64(game.One) * game.TickRate

	// lowest is the furthest down that the top edge can be.
	lowest = float64(game.Height-game.PaddleHeight) / float64(game.One)

	// settled is how old a picture may be before a hand that looks at it is
	// misled.
	settled = 300 * time.Millisecond

	// lost is how far from the picture the hand cannot be by such a delay.
	lost = 120
)

// feel carries the paddle to now. drawn is where the picture has it.
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

// reach returns the key to hold for the paddle's top edge to come to goal. To be
// nearer than band, or than a frame allows, is to be there; the paddle sets out
// again only when it is twice as far, or it would tremble.
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
