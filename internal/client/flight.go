package client

import (
	"math"

	"pong/internal/game"
)

// A plan says by how many ticks the two times of the filter are apart, and how this changes. A flight that begins at
// the opponent's face begins at the opponent's time and ends at the own one, so the ball appears faster by the share of
// the flight by which the times are apart when it is there; on its way back it appears slower by as much. Between two
// contacts the ball is deterministic: it is known when it will be there next, and about how long the flight after that
// will be. The plan brings the times to what that flight allows evenly until then. A speed that changes slowly is
// noticed far less than one that changes at once.
type plan struct {
	slant float64 // of the last returns: the mean share of the speed that goes along the field
	hits  uint16  // of the newest STATE
}

// The constants of the plan.
const (
	shareOfFlight = 0.225 // of the next flight by which the times may be apart, if its slant is the mean one
	mostOfFlight  = 0.25  // of the next flight, if it goes straight
	leastHorizon  = 15.0  // ticks over which a change is spread, at least
	usualSlant    = 0.9   // before there are returns
	slantOf       = 16    // returns
	tooFar        = 20.0  // ticks by which the times are too far apart from which on they jump, as after an outage
	restHorizon   = 60.0  // ticks over which a change is spread while the ball rests
	steepest      = 0.08  // ticks by which the distance of the times changes in a tick, at most
)

// fieldWay is how far the ball flies along the field from face to face, in pixels.
const fieldWay = float64(game.RightFace-game.LeftFace-game.BallSize) / float64(game.One)

// observe takes the state of a STATE.
func (p *plan) observe(s game.State) {
	if s.Hits > p.hits && s.Ball.VX != 0 {
		vx, vy := pixels(s.Ball.VX), pixels(s.Ball.VY)
		p.slant = p.mean() + (math.Abs(vx)/math.Hypot(vx, vy)-p.mean())/slantOf
	}
	p.hits = s.Hits
}

func (p *plan) mean() float64 {
	if p.slant == 0 {
		return usualSlant
	}
	return p.slant
}

// most returns by how many ticks the times may be apart before a flight with so many hits before it.
func (p *plan) most(hits uint16) float64 {
	straight := fieldWay / pixels(game.RallySpeed(hits))
	return min(shareOfFlight*straight/p.mean(), mostOfFlight*straight)
}

// A leg is the ball on the screen as the plan needs it.
type leg struct {
	toContact float64 // ticks until the ball is at the opponent's face
	hits      uint16  // before the flight that begins there
}

// next returns the leg of a ball that was drawn at a picture of a state.
func (p *plan) next(s game.State, x float64, me int) leg {
	v := pixels(s.Ball.VX)
	if v == 0 {
		return leg{restHorizon, s.Hits}
	}
	mine, theirs := pixels(game.LeftFace), pixels(game.RightFace-game.BallSize)
	if me == 1 {
		mine, theirs = theirs, mine
	}
	if v*(theirs-mine) > 0 {
		return leg{max((theirs-x)/v, 0), s.Hits + 1}
	}
	back := fieldWay / (pixels(game.RallySpeed(s.Hits+1)) * p.mean())
	return leg{max((mine-x)/v, 0) + back, s.Hits + 2}
}

// toward returns by how many ticks the times are to be apart now, some ticks after the last frame, if they should be
// apart by wanted at the next contact at the opponent's face. was is by how much they would be apart if the opponent's
// time had run at the speed of real time. So that it does so as far as it can, the plan spreads what the own clock
// was corrected by, too.
func (l leg) toward(was, wanted, passed float64) float64 {
	if was-wanted > tooFar {
		return wanted
	}
	by := (wanted - was) * min(passed/max(l.toContact, leastHorizon), 1)
	return was + min(max(by, -steepest*passed), steepest*passed)
}
