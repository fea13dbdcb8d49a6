package lab

import (
	"math"

	"pong/internal/client"
)

// A flight is the last few places at which a ball was drawn between two turns, newest last.
type flight struct {
	at [5]client.Point
	n  int
}

func (f *flight) add(p client.Point) {
	copy(f.at[:], f.at[1:])
	f.at[len(f.at)-1] = p
	f.n = min(f.n+1, len(f.at))
}

// direction returns the last step along x; 0 if there is none.
func (f *flight) direction() float64 {
	if f.n < 2 {
		return 0
	}
	return f.at[4].X - f.at[3].X
}

// height returns the height at which the ball meets a plane that is gap pixels ahead of its newest place.
//
// A ball that turns within a tick is drawn on the chord between the two ends of that tick, and so cuts the corner: its
// newest place, and partly the one before, are not on its line any more. So height uses the line of the places before.
// If the newer places are not near that line, the ball has jumped, and the newest place counts.
func (f *flight) height(gap float64) float64 {
	last := f.at[4]
	if f.n < 5 {
		return last.Y
	}
	base := f.at[2]
	slope := math.Max(steepness(f.at[0], f.at[1]), steepness(f.at[1], base)) // one of the two may contain a wall
	on := func(slope float64, to client.Point) float64 { return fold(base.Y + slope*math.Abs(to.X-base.X)) }
	if math.Abs(on(-slope, f.at[3])-f.at[3].Y) < math.Abs(on(slope, f.at[3])-f.at[3].Y) {
		slope = -slope
	}
	if math.Abs(on(slope, f.at[3])-f.at[3].Y) > corner || math.Abs(on(slope, last)-last.Y) > fastest {
		return fold(last.Y + math.Copysign(slope, last.Y-f.at[3].Y)*gap)
	}
	return fold(base.Y + slope*(math.Abs(last.X-base.X)+gap))
}

// corner is by how many pixels the last place but one may be off the line.
const corner = 3.0

func steepness(a, b client.Point) float64 { return math.Abs((b.Y - a.Y) / (b.X - a.X)) }
