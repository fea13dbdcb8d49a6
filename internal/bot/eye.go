package bot

import (
	"math"
	"time"

	"pong/internal/game"
)

// eye follows the ball and works out its velocity from where it was drawn.
//
// Frames are uneven, and a drawn ball is not a perfect one: it stands still for
// a frame or more, and a correction by the netcode may make it jump. A ball that
// really changes its course always turns round in x (at a paddle) or in y (at a
// wall); anything else is a jump, and moves the ball without turning it.
type eye struct {
	last         sighting
	start, later sighting // of the leg flown since the last turn; start is what speed is measured from
	vx, vy       float64  // pixels a second
	sure         bool     // vx and vy mean something
	jumped       bool     // the last sighting was a jump
	seen         bool     // there is a last sighting
	flight       int      // counts the turns at a paddle
}

// sighting is one place in which the ball was drawn.
type sighting struct {
	at   time.Duration
	x, y float64
}

const (
	// leg is how much of the flight speed is measured over, at least, once
	// there is so much. Longer would notice a change in drawn speed too late.
	leg = 100 * time.Millisecond

	// glimpse is the shortest time between two sightings that says anything
	// about speed.
	glimpse = 10 * time.Millisecond

	// jump is how far from where it was expected a ball counts as moved by
	// somebody, in pixels.
	jump = 6
)

// look takes in one more sighting.
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
	case e.sure && dx*e.vx < 0: // off a paddle, at a speed and angle of its own
		e.begin(now)
		e.flight++
		return
	case e.sure && dy*e.vy < 0: // off a wall, as in a mirror
		e.vy = -e.vy
		e.start, e.later = now, now
		e.jumped = false
	case e.sure && e.jumpedTo(dx-e.vx*dt, dy-e.vy*dt):
		if e.jumped { // twice running: it is the velocity that is wrong
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

// begin forgets the velocity and starts a leg here.
func (e *eye) begin(now sighting) {
	*e = eye{last: now, start: now, later: now, seen: true, flight: e.flight}
}

// jumpedTo reports whether the ball is that far from where it was expected, and
// if so carries the leg along, so that the jump does not look like speed.
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

// measure takes the velocity over the leg. The leg's start follows in steps.
func (e *eye) measure(now sighting) {
	if now.at-e.start.at < glimpse || e.sure && now.at-e.start.at < 3*glimpse {
		return // too little to say more than is known already
	}
	dt := (now.at - e.start.at).Seconds()
	e.vx, e.vy = (now.x-e.start.x)/dt, (now.y-e.start.y)/dt
	e.sure = e.vx != 0
	if now.at-e.later.at > leg {
		e.start, e.later = e.later, now
	}
}

// The lines that a ball's upper left corner meets, in pixels.
const (
	leftLine  = float64(game.LeftFace) / float64(game.One)
	rightLine = float64(game.RightFace-game.BallSize) / float64(game.One)
	floor     = float64(game.Height-game.BallSize) / float64(game.One)
)

// arrival returns how many seconds the ball needs to a player's face, and at
// what height its upper edge gets there. It is false if the ball is not on its
// way there, or nothing is known of its flight.
func (e *eye) arrival(me int, walls bool) (seconds, y float64, coming bool) {
	line := leftLine
	if me == 1 {
		line = rightLine
	}
	seconds = (line - e.last.x) / e.vx
	if !e.sure || seconds < 0 {
		return 0, 0, false
	}
	y = e.last.y + e.vy*seconds
	if !walls {
		return seconds, min(max(y, 0), floor), true
	}
	return seconds, fold(y), true
}

// fold returns the height at which a ball is that would be at y if there were no
// walls.
func fold(y float64) float64 {
	y = math.Mod(math.Abs(y), 2*floor)
	return min(y, 2*floor-y)
}
