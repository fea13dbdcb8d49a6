package lab

import (
	"time"

	"pong/internal/client"
)

// A sight follows the ball on a screen and predicts where and when it will reach a face.
type sight struct {
	x, y   float64       // where the ball was drawn last
	at     time.Duration // when that was
	fx, fy float64       // where its present straight leg began
	from   time.Duration
	vx, vy float64 // pixels per second
	known  bool    // vx and vy are known
	turns  int     // how often it has reversed in x
}

// look takes a frame. It forgets a ball that is not drawn.
func (s *sight) look(now time.Duration, v client.Frame) {
	if !v.BallInPlay || v.Stage != client.StagePlaying {
		*s = sight{turns: s.turns + 1}
		return
	}
	x, y := v.Ball.X, v.Ball.Y
	dx, dy := x-s.x, y-s.y
	switch {
	case s.at == 0:
		s.begin(now, x, y)
	case s.known && dx*s.vx < 0: // off a paddle
		s.begin(now, x, y)
		s.turns++
	case s.known && dy*s.vy < 0: // off a wall: mirrored
		s.vy, s.fx, s.fy, s.from = -s.vy, x, y, now
	case now-s.from > 8*frame: // older parts of the leg count less and less, so that a change of speed shows
		const part = 0.3
		t := (now - s.at).Seconds()
		s.vx += part * (dx/t - s.vx)
		s.vy += part * (dy/t - s.vy)
	case now-s.from > 2*frame && !s.known || now-s.from > 4*frame:
		t := (now - s.from).Seconds()
		s.vx, s.vy, s.known = (x-s.fx)/t, (y-s.fy)/t, true
	}
	s.x, s.y, s.at = x, y, now
}

func (s *sight) begin(now time.Duration, x, y float64) {
	s.fx, s.fy, s.from, s.known = x, y, now, false
}

// arrival predicts in how many seconds the ball reaches a seat's face, and at which height. ok is false if the ball
// flies away or has passed, or if its velocity is not known.
func (s *sight) arrival(seat int) (in, y float64, ok bool) {
	gap := gapTo(seat, s.x)
	if !s.known || gap < 0 || toward(seat, s.vx) <= 0 {
		return 0, 0, false
	}
	in = gap / toward(seat, s.vx)
	return in, fold(s.y + s.vy*in), true
}
