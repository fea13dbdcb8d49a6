package bot

import (
	"time"

	"pong/internal/game"
)

// skill is what makes a level.
type skill struct {
	reaction time.Duration // age of the picture that the bot acts on
	replan   time.Duration // how long it sticks to a place once it has chosen one
	err      float64       // how wrong the place may be for a ball a second away, in pixels
	walls    bool          // it foresees that the ball comes off the walls
	spin     float64       // how far from the middle it takes the ball, to play angles
	band     float64       // how near is near enough, in pixels
}

// The levels' numbers. A paddle covers 55 pixels to each side of its middle, so
// an error below that costs no point by itself: it does so together with the
// time that a late plan leaves to mend it.
var skills = [...]skill{
	Easy:   {reaction: 250 * time.Millisecond, replan: 400 * time.Millisecond, err: 110, band: 12},
	Normal: {reaction: 180 * time.Millisecond, replan: 300 * time.Millisecond, err: 150, walls: true, spin: 20, band: 8},
	Hard:   {walls: true, spin: 34, band: 3},
}

// home is where a paddle waits: in the middle, from where every place can be
// reached in time.
const home = float64(game.Height-game.PaddleHeight) / float64(game.One) / 2

// plan is the place for the paddle's top edge that the bot goes for.
type plan struct {
	goal   float64
	spin   float64       // what was chosen for this flight
	flight int           // the flight that spin is for
	until  time.Duration // the goal stands until then
	coming bool          // the goal is for a ball on its way here
}

// think renews the goal if it is time to.
func (p *plan) think(now time.Duration, me int, e *eye, s *skill, c *chance) {
	seconds, y, coming := e.arrival(me, s.walls)
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

	// Nobody misjudges a ball that is nearly here by much.
	err := c.within(s.err) * min(max(seconds, 0.3), 1)
	p.goal = y + middle + p.spin + err
}

// middle takes the top edge of a ball to that of a paddle which meets it with
// its middle.
const middle = float64(game.BallSize-game.PaddleHeight) / float64(game.One) / 2
