package bot

import (
	"math"
	"time"

	"pong/internal/game"
)

// An eye follows the ball and estimates its velocity from where it was drawn.
//
// Frames are uneven, and the drawn ball is not perfect: it may stand still for a frame or more, and a correction of
// the netcode may make it jump. A real change of course always reverses x (at a paddle) or y (at a wall); anything
// else is a jump, which moves the ball and keeps its velocity.
type eye struct {
	last         sighting
	start, later sighting // of the leg since the last change of course; speed is measured from start
	vx, vy       float64  // pixels a second
	sure         bool     // vx and vy are known
	jumped       bool     // the last sighting was a jump
	seen         bool     // last is set
	flight       int      // counts the reflections at a paddle
}

// A sighting is one position at which the ball was drawn.
type sighting struct {
	at   time.Duration
	x, y float64
}

const (
	// leg is the least time over which speed is measured, once the ball has flown that long. With a longer leg the bot
	// would notice a change of the drawn speed too late.
	leg = 100 * time.Millisecond

	// glimpse is the shortest time between two sightings from which speed can be measured.
	glimpse = 10 * time.Millisecond

	// jump is the distance from the expected position, in pixels, from which on the ball has jumped.
	jump = 6
)

// look adds a sighting.
func (e *eye) look(at time.Duration, x, y float64) {
	now := sighting{at, x, y}
	if !e.seen {
		e.begin(now)
		return
	}
	dt := (now.at - e.last.at).Seconds()
	dx, dy := now.x-e.last.x, now.y-e.last.y
	if dt <= 0 || dx == 0 && dy == 0 {
		return // the same picture again
	}

	switch {
	case e.sure && dx*e.vx < 0: // off a paddle, at a new speed and angle
		e.begin(now)
		e.flight++
		return
	case e.sure && dy*e.vy < 0: // off a wall, as in a mirror
		e.vy = -e.vy
		e.start, e.later = now, now
		e.jumped = false
	case e.sure && e.jumpedTo(dx-e.vx*dt, dy-e.vy*dt):
		if e.jumped { // twice in a row: the velocity is wrong
			e.begin(now)
			return
		}
		e.jumped = true
	default:
		e.jumped = false
	}
	e.last = now
	e.measure(now)
}

// begin starts a leg at now with unknown velocity.
func (e *eye) begin(now sighting) {
	*e = eye{last: now, start: now, later: now, seen: true, flight: e.flight}
}

// jumpedTo reports whether the ball is that far from the expected position. If so, it moves the leg with the ball, so
// that the jump does not count as speed.
func (e *eye) jumpedTo(offX, offY float64) bool {
	if math.Abs(offX) < jump && math.Abs(offY) < jump {
		return false
	}
	for _, s := range []*sighting{&e.start, &e.later} {
		s.x += offX
		s.y += offY
	}
	return true
}

// measure sets the velocity from the leg. The start of the leg follows in steps.
func (e *eye) measure(now sighting) {
	if now.at-e.start.at < glimpse || e.sure && now.at-e.start.at < 3*glimpse {
		return // too short to know more than before
	}
	dt := (now.at - e.start.at).Seconds()
	e.vx, e.vy = (now.x-e.start.x)/dt, (now.y-e.start.y)/dt
	e.sure = e.vx != 0
	if now.at-e.later.at > leg {
		e.start, e.later = e.later, now
	}
}

// The lines at which the upper left corner of the ball is reflected, in pixels.
const (
	leftLine  = float64(game.LeftFace) / float64(game.One)
	rightLine = float64(game.RightFace-game.BallSize) / float64(game.One)
	floor     = float64(game.Height-game.BallSize) / float64(game.One)
)

// arrival returns how far the ball is from a player's face, and the height of its upper edge there. coming is false if
// the ball flies away from the player or its velocity is unknown.
func (e *eye) arrival(me int, walls bool) (distance, y float64, coming bool) {
	line := leftLine
	if me == 1 {
		line = rightLine
	}
	seconds := (line - e.last.x) / e.vx
	if !e.sure || seconds < 0 {
		return 0, 0, false
	}
	distance, y = math.Abs(line-e.last.x), e.last.y+e.vy*seconds
	if !walls {
		return distance, min(max(y, 0), floor), true
	}
	return distance, fold(y), true
}

// fold returns the height of a ball that would be at y if there were no walls.
func fold(y float64) float64 {
	y = math.Mod(math.Abs(y), 2*floor)
	return min(y, 2*floor-y)
}
