package bot

import (
	"time"

	"pong/internal/game"
)

// A skill is what makes a level.
type skill struct {
	reaction time.Duration // age of the picture that the bot acts on
	replan   time.Duration // how long the bot keeps a place once it has chosen one
	err      float64       // the greatest error of the place for a ball farAway from the face, in pixels
	walls    bool          // the bot foresees reflections at the walls
	spin     float64       // how far from the middle the bot takes the ball, to play angles
	band     float64       // how near is near enough, in pixels
}

// The numbers of the levels. A paddle covers 55 pixels to each side of its middle, so a smaller error alone costs no
// point. It does if a late plan leaves too little time to correct it.
var skills = [...]skill{
	Easy: {reaction: 250 * time.Millisecond, replan: 400 * time.Millisecond, err: 110, band: 12},
	Normal: {reaction: 180 * time.Millisecond, replan: 300 * time.Millisecond, err: 150, walls: true, spin: 20,
		band: 8},
	Hard: {walls: true, spin: 34, band: 3},
}

// farAway is the distance to the face from which on the error is greatest, in pixels: the way of a second at a usual
// speed. The error does not depend on the time that the ball takes. On a screen that shows the ball late there is less
// of it, and a bot there would aim better because it sees less.
const farAway = 480

// home is where a paddle waits: in the middle, from where it can reach every place in time.
const home = float64(game.Height-game.PaddleHeight) / float64(game.One) / 2

// A plan is the place to which the bot moves the paddle's top edge.
type plan struct {
	goal   float64
	spin   float64       // chosen for this flight
	flight int           // the flight for which spin was chosen
	until  time.Duration // the goal stays until then
	coming bool          // the goal is for an approaching ball
}

// think chooses a new goal if it is time.
func (p *plan) think(now time.Duration, me int, e *eye, s *skill, c *chance) {
	distance, y, coming := e.arrival(me, s.walls)
	if !coming {
		p.goal, p.coming = home, false
		return
	}
	if !p.coming || p.flight != e.flight {
		p.coming, p.flight = true, e.flight
		p.spin, p.until = c.within(s.spin), now
	}
	if now < p.until {
		return
	}
	p.until = now + s.replan

	// The error shrinks as the ball comes closer.
	err := c.within(s.err) * min(max(distance/farAway, 0.3), 1)
	p.goal = y + middle + p.spin + err
}

// middle is the difference from the top edge of a ball to that of a paddle that meets it with its middle.
const middle = float64(game.BallSize-game.PaddleHeight) / float64(game.One) / 2
