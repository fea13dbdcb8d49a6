package netcode

import (
	"math"
	"time"
)

// A Smoother hides the corrections of a simulation from the eye. The simulation takes a correction at once; the drawing
// keeps the difference and lets it fade, quickly if it is large and slowly if it is small, so that nobody notices the
// speed of the fading. This is the error smoothing of Gaffer on Games' state synchronization and of Unreal's simulated
// proxies. The zero value has no difference.
type Smoother struct {
	X, Y float64 // what to add to where the simulation has the thing, in the game's unit of length

	// Pixel is the length of a pixel in that unit, on a screen on which the game is some 800 pixels wide. If zero, 1.
	Pixel float64
}

const (
	smallError   = 8.0 // pixels: up to here a difference fades to 1/e in smallFade
	smallFade    = 120 * time.Millisecond
	largeError   = 40.0 // pixels: from here on it does so in largeFade; in between the time is in between
	largeFade    = 50 * time.Millisecond
	largestError = 150.0 // pixels: to slide further would look worse than to jump
	nothingLeft  = 0.05  // pixels: too little to see
)

// Add keeps a correction that moved the thing from before to after.
func (s *Smoother) Add(beforeX, beforeY, afterX, afterY float64) {
	s.X += beforeX - afterX
	s.Y += beforeY - afterY
	if s.pixels() > largestError {
		s.X, s.Y = 0, 0
	}
}

// Fade lets the difference fade for the time dt.
func (s *Smoother) Fade(dt time.Duration) {
	size := s.pixels()
	if size < nothingLeft {
		s.X, s.Y = 0, 0
		return
	}
	between := min(max((size-smallError)/(largeError-smallError), 0), 1)
	fade := float64(smallFade) + between*float64(largeFade-smallFade)
	k := math.Exp(-float64(dt) / fade)
	s.X *= k
	s.Y *= k
}

// pixels returns the length of the difference in pixels.
func (s *Smoother) pixels() float64 {
	length := math.Hypot(s.X, s.Y)
	if s.Pixel > 0 {
		length /= s.Pixel
	}
	return length
}
