package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// A picture is where things are, at one time or at several.
type picture struct {
	ball     Point
	velocity float64 // of the ball between the players, in pixels a tick
	rally    bool
	paddles  [2]float64
	state    game.State // at the beginning of its tick
}

// pictureAt returns the whole picture at one time. If that is not remembered any more, it is the newest STATE's.
func (d *drawn) pictureAt(t float64) picture {
	s := d.game
	whole := netcode.Tick(max(t, 0))
	a, ok := s.predictor.At(whole)
	if !ok {
		return between(s.newest, s.newest, 0)
	}
	b, ok := s.predictor.At(whole + 1)
	if !ok {
		b = a
	}
	part := t - float64(whole)
	p := between(a, b, part)
	if p.rally && !d.settings.NoExactPath && a.Phase == game.Playing {
		p.ball = pathBetween(a.Ball, b.Ball, part)
	}
	return p
}

// between returns the picture a part of a tick after one state, on the way to the next. A ball that was placed for a
// serve is where it was placed: it has not flown there.
func between(a, b game.State, part float64) picture {
	p := picture{velocity: pixels(a.Ball.VX), rally: a.Ball.VX != 0, state: a}
	for i := range p.paddles {
		p.paddles[i] = mix(pixels(a.Paddle[i]), pixels(b.Paddle[i]), part)
	}
	p.ball = Point{mix(pixels(a.Ball.X), pixels(b.Ball.X), part), mix(pixels(a.Ball.Y), pixels(b.Ball.Y), part)}
	if a.Round != b.Round || a.Phase == game.Scored && b.Phase != game.Scored {
		p.ball, p.rally = Point{pixels(b.Ball.X), pixels(b.Ball.Y)}, b.Ball.VX != 0
	}
	return p
}

// ballAxis returns the ball's place between the players. A ball that waits for its serve is where it will be served
// from, so that the two times meet there during the pause.
func ballAxis(p picture) float64 {
	if !p.rally {
		return FieldWidth/2 - BallSize/2
	}
	return p.ball.X
}

// nextServe returns the direction in which the next serve of a state will fly, zero if it is not drawn.
func nextServe(rules game.Rules, of game.State) Point {
	vx, vy, ok := of.NextServe(rules)
	if !ok {
		return Point{}
	}
	x, y := pixels(vx), pixels(vy)
	speed := math.Hypot(x, y)
	return Point{x / speed, y / speed}
}

// timeToContact returns how long the ball takes to the face that it flies to.
func timeToContact(p picture) time.Duration {
	to := pixels(game.LeftFace)
	if p.velocity > 0 {
		to = pixels(game.RightFace - game.BallSize)
	}
	ticks := (to - p.ball.X) / p.velocity
	if p.velocity == 0 || ticks < 0 || ticks > game.TickRate {
		return time.Second
	}
	return time.Duration(ticks * float64(period))
}

func mix(a, b, part float64) float64 { return a + (b-a)*part }

func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }
