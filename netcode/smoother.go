package netcode

import (
	"math"
	"time"
)

// A Smoother hides a correction of the simulation from the eye: the drawing keeps the difference and lets it fade, fast
// if it is large, slowly if it is small, so that the speed of the fading stays below what is noticed. The simulation
// itself has snapped already (the error smoothing of Gaffer on Games' state synchronization and of Unreal's simulated
// proxies). Lengths are pixels. The zero value is no offset.
type Smoother struct{ X, Y float64 }

const (
	smallError  = 8.0                    // pixels: up to here an offset
	smallFade   = 120 * time.Millisecond // fades to 1/e in this time;
	largeError  = 40.0                   // from here on
	largeFade   = 50 * time.Millisecond  // in this; in between it is in between.
	beyondHope  = 150.0                  // a slide this long would look worse than a jump
	nothingLeft = 0.05                   // nobody sees the rest
)

// Add keeps a correction: the thing was drawn at before and is now at after.
func (s *Smoother) Add(beforeX, beforeY, afterX, afterY float64) {
	s.X += beforeX - afterX
	s.Y += beforeY - afterY
	if math.Hypot(s.X, s.Y) > beyondHope {
		*s = Smoother{}
	}
}

// Fade lets the offset fade by the time dt.
func (s *Smoother) Fade(dt time.Duration) {
	size := math.Hypot(s.X, s.Y)
	if size < nothingLeft {
		*s = Smoother{}
		return
	}
	between := min(max((size-smallError)/(largeError-smallError), 0), 1)
	fade := float64(smallFade) + between*float64(largeFade-smallFade)
	k := math.Exp(-float64(dt) / fade)
	s.X *= k
	s.Y *= k
}
