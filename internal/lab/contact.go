package lab

import (
	"math"

	"pong/internal/game"
)

// A contact is a ball that reached the plane of a seat's face at the server.
type contact struct {
	seat   int
	tick   float64 // when, in ticks
	hit    bool    // the verdict
	offset float64 // of the ball's middle from the paddle's, in pixels
}

// contacts returns the contacts at the server, in order, by the rules of the game: at the plane of the face, with the
// paddle after the tick's input.
func (r *Recording) contacts() (found []contact) {
	for i := range len(r.Truth) - 1 {
		a, b := &r.Truth[i], &r.Truth[i+1]
		if a.Phase != game.Playing || b.Phase == game.Waiting || a.Ball.VX == 0 {
			continue
		}
		c := contact{seat: 0}
		if a.Ball.VX > 0 {
			c.seat = 1
		}
		gap := gapTo(c.seat, pixels(a.Ball.X))
		across := math.Abs(pixels(a.Ball.VX))
		if gap < 0 || gap >= across {
			continue
		}
		y := fold(pixels(a.Ball.Y) + pixels(a.Ball.VY)*gap/across)
		c.tick = float64(a.Tick) + gap/across
		c.hit = game.Events(*a, *b).Has(game.Hit)
		c.offset = y + ballSize/2 - pixels(b.Paddle[c.seat]) - paddleSize/2
		found = append(found, c)
	}
	return found
}

// An arrival is a ball that was drawn to reach the plane of a seat's face, where it turned or passed.
type arrival struct {
	seat   int
	frame  int     // the last frame before
	tick   float64 // at which the ball was drawn in that frame
	turned bool    // it was drawn to turn
	y      float64 // the ball's height at the plane
}

// Limits of which drawn balls and contacts belong together.
const (
	atFace    = 100.0 // pixels; a ball that turns further away than this turns in mid-air and has not arrived
	stirring  = 0.01  // pixels; less is no movement
	sameEvent = 30.0  // ticks; the contacts at one face are 120 or more apart
)

// arrivals returns the arrivals that a player has seen, in order.
func (s *Side) arrivals() (found []arrival) {
	var way flight
	for i := range len(s.Frames) - 1 {
		a, b := &s.Frames[i], &s.Frames[i+1]
		if !a.InPlay || !b.InPlay || !together(a, b) {
			way = flight{}
			continue
		}
		x := b.Ball.X - a.Ball.X
		if math.Abs(x) < stirring {
			continue
		}
		way.add(a.Ball)
		dx := way.direction()
		if dx == 0 {
			dx = x
		}
		seat := 0
		if dx > 0 {
			seat = 1
		}
		from, to := gapTo(seat, a.Ball.X), gapTo(seat, b.Ball.X)
		if from >= 0 && from < atFace && (to < 0 || x*dx < 0) {
			y := way.height(from)
			if to < 0 {
				y = a.Ball.Y + (b.Ball.Y-a.Ball.Y)*from/(from-to)
			}
			found = append(found, arrival{seat: seat, frame: i, tick: a.Times.Ball, turned: to >= 0, y: y})
		}
		if x*dx < 0 {
			way = flight{}
			way.add(a.Ball)
		}
	}
	return found
}

// A meeting is a contact at the server with the arrival that a player saw.
type meeting struct {
	contact contact
	seen    *arrival // the first arrival that was drawn for it; nil if none was
	turn    *arrival // the first of these in which the ball turned
}

// meetings joins a player's arrivals to the contacts at a seat's face, except those during which the player's screen
// stood still, whose arrivals do not count either. odd are the arrivals without a contact.
func (r *Recording) meetings(viewer, seat int) (met []meeting, odd []arrival) {
	frames := r.Sides[viewer].Frames
	if len(frames) == 0 {
		return nil, nil
	}
	seen := r.Sides[viewer].arrivals()
	first, last := frames[0].Times.Ball+sameEvent, frames[len(frames)-1].Times.Ball-sameEvent
	gaps, i := r.Sides[viewer].gaps(), 0
	for _, c := range r.contacts() {
		if c.seat != seat || c.tick < first || c.tick > last {
			continue
		}
		stood := r.Sides[viewer].stood(gaps, c.tick)
		m := meeting{contact: c}
		for ; i < len(seen) && seen[i].tick < c.tick+sameEvent; i++ {
			switch a := &seen[i]; {
			case a.seat != seat || a.tick < first:
			case a.tick < c.tick-sameEvent && r.Sides[viewer].stood(gaps, a.tick):
			case a.tick < c.tick-sameEvent:
				odd = append(odd, *a)
			default:
				if m.seen == nil {
					m.seen = a
				}
				if m.turn == nil && a.turned {
					m.turn = a
				}
			}
		}
		if !stood {
			met = append(met, m)
		}
	}
	return met, odd
}

// stood reports whether the screen stood still at about the time at which that tick would have been drawn.
func (s *Side) stood(gaps []int, tick float64) bool {
	for _, i := range gaps {
		if s.Frames[i].Times.Ball-sameEvent < tick && tick < s.Frames[i+1].Times.Ball+sameEvent {
			return true
		}
	}
	return false
}

// gaps returns the frames after which the screen stood still.
func (s *Side) gaps() (found []int) {
	for i := range len(s.Frames) - 1 {
		if !together(&s.Frames[i], &s.Frames[i+1]) {
			found = append(found, i)
		}
	}
	return found
}
