package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// drawn is what the screen shows beyond the simulation: the times of the things on it, the differences that fade, and
// what has been reported of what is seen.
type drawn struct {
	times   Times
	ball    netcode.Smoother
	paddles [2]netcode.Smoother
	ownY    float64 // where the own paddle was drawn last
	events  eventLog
}

// filterBound is which share of the ball's flight from face to face the two times may be apart. The ball on the screen
// is as much slower or faster than the true one.
const filterBound = 0.2

// snap forgets the differences: across a serve or a gap there is nothing to slide along.
func (d *drawn) snap() {
	d.ball, d.paddles = netcode.Smoother{}, [2]netcode.Smoother{}
}

// keep remembers what a correction has changed in the picture, at the times at which things were drawn.
func (d *drawn) keep(before, after picture) {
	d.ball.Add(before.ball.X, before.ball.Y, after.ball.X, after.ball.Y)
	for i := range d.paddles {
		d.paddles[i].Add(0, before.paddles[i], 0, after.paddles[i])
	}
}

// fade lets the differences go. That of the ball is gone when it meets a paddle, or the eye would see it turn beside.
func (d *drawn) fade(dt time.Duration, contact time.Duration) {
	const hurry = 120 * time.Millisecond // Smoother's own pace: a contact three times as far away needs no more
	d.ball.Fade(dt * hurry / min(max(contact/3, time.Millisecond), hurry))
	for i := range d.paddles {
		d.paddles[i].Fade(dt)
	}
}

// advanceDrawing moves the times of things to now, fades differences, and collects events.
func (s *Session) advanceDrawing(now time.Time, dt time.Duration, in game.Input) {
	if !s.predictor.Started() {
		return
	}
	s.advanceTimes(now)
	if s.cfg.Settings.NoSmoothing {
		s.drawn.snap()
	}
	raw := s.raw()
	s.drawn.fade(dt, timeToContact(raw))
	s.holdOwnPaddle(raw, in)
	s.drawn.events.collect(s)
}

// advanceTimes moves the clocks by which things are drawn.
func (s *Session) advanceTimes(now time.Time) {
	t, head := &s.drawn.times, float64(s.predictor.Head())
	t.Own = min(max(s.pacer.Present()-1, head-1), head) // the newest tick is reached when its time is up
	if !s.running {
		t.Own = head
	}
	delay := s.remoteDelay()
	if s.cfg.Settings.View == ViewFilter {
		if most := s.mostApart(); t.Own-(s.timeline.Server(now)-delay) > most {
			delay = s.timeline.Server(now) - (t.Own - most)
		}
	}
	// The remote time stays within what is confirmed as long as STATEs come; where one is lost, the prediction fills in
	// until the next, or the ball would stand still.
	t.Remote = min(s.timeline.Advance(now, delay, head), max(t.Own, t.Remote))
	switch view := s.cfg.Settings.View; {
	case s.cfg.Settings.NoPrediction, s.table.watching:
		t.Own, t.Ball = t.Remote, t.Remote
	case view == ViewPredict:
		t.Remote, t.Ball = t.Own, t.Own
	case view == ViewInterp:
		t.Ball = t.Remote
	case view == ViewFilter:
		last := t.Ball
		if last > t.Own+1 || last < t.Remote-netcode.History/2 {
			last = t.Remote // after a gap
		}
		t.Ball = s.contour().Draw(last, t.Own, t.Remote, func(at float64) float64 { return ballAxis(s.at(at)) })
	}
}

// remoteDelay is how many ticks behind the server's newest possible STATE remote things are drawn: the interval between
// STATEs, a tick, the late tail; and where STATEs are lost, up to four ticks more, so that the one after a lost one is
// still in time (docs/decisions/0006).
func (s *Session) remoteDelay() float64 {
	const forLost, allAt = 4, 0.1
	tail := float64(min(s.lateness.P99(), longestTail)) / float64(period)
	return float64(s.stateEvery()) + 1 + tail + forLost*min(1, s.loss.Share()/allAt)
}

// contour joins the own time at the own face to the other's at his.
func (s *Session) contour() netcode.Contour {
	faces := [2]float64{pixels(game.LeftFace), pixels(game.RightFace - game.BallSize)}
	return netcode.Contour{Mine: faces[s.me], Theirs: faces[1-s.me]}
}

// ballAxis is the ball's place between the players. A ball that waits for its serve is where it will be served from,
// so that the two times meet there during the pause.
func ballAxis(p picture) float64 {
	if !p.rally {
		return FieldWidth/2 - BallSize/2
	}
	return p.ball.X
}

// mostApart is how many ticks the two times of the filter may be apart.
func (s *Session) mostApart() float64 {
	v := math.Abs(pixels(s.predictor.Present().Ball.VX))
	if v == 0 {
		return math.Inf(1)
	}
	return filterBound * pixels(game.RightFace-game.LeftFace-game.BallSize) / v
}

// picture is where things are at some time or times.
type picture struct {
	ball     Point
	velocity float64 // of the ball between the players, pixels a tick
	rally    bool
	paddles  [2]float64
}

// raw returns where things are at the times at which they are drawn, before anything is smoothed.
func (s *Session) raw() picture {
	t := &s.drawn.times
	p := s.at(t.Ball)
	p.paddles[s.me] = s.at(t.Own).paddles[s.me]
	p.paddles[1-s.me] = s.at(t.Remote).paddles[1-s.me]
	return p
}

// at returns the whole picture at one time. What is not remembered any more is as it was confirmed last.
func (s *Session) at(t float64) picture {
	whole := netcode.Tick(max(t, 0))
	a, ok := s.predictor.At(whole)
	if !ok {
		return between(s.newest, s.newest, 0)
	}
	b, ok := s.predictor.At(whole + 1)
	if !ok {
		b = a
	}
	return between(a, b, t-float64(whole))
}

// between returns the picture a part of a tick after one state on the way to the next. A ball that was put in its
// place has not flown there.
func between(a, b game.State, part float64) picture {
	p := picture{velocity: pixels(a.Ball.VX), rally: a.Ball.VX != 0}
	for i := range p.paddles {
		p.paddles[i] = mix(pixels(a.Paddle[i]), pixels(b.Paddle[i]), part)
	}
	p.ball = Point{mix(pixels(a.Ball.X), pixels(b.Ball.X), part), mix(pixels(a.Ball.Y), pixels(b.Ball.Y), part)}
	if a.Round != b.Round || a.Phase == game.Scored && b.Phase != game.Scored {
		p.ball, p.rally = Point{pixels(b.Ball.X), pixels(b.Ball.Y)}, b.Ball.VX != 0
	}
	return p
}

// timeToContact is how long the ball has to fly to the face it flies to.
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

// holdOwnPaddle keeps the own paddle from moving against the key that is held while a difference fades.
func (s *Session) holdOwnPaddle(raw picture, in game.Input) {
	offset := &s.drawn.paddles[s.me]
	y := raw.paddles[s.me] + offset.Y
	if offset.Y != 0 && (in == game.Up && y > s.drawn.ownY || in == game.Down && y < s.drawn.ownY) {
		y = s.drawn.ownY
		offset.Y = y - raw.paddles[s.me]
	}
	s.drawn.ownY = y
}

// smooth adds the differences that have not faded yet.
func (d *drawn) smooth(p picture) picture {
	p.ball.X += d.ball.X
	p.ball.Y += d.ball.Y
	for i := range p.paddles {
		p.paddles[i] += d.paddles[i].Y
	}
	return p
}

// shown is the state of the game as the picture shows it: that of the ball's time, as far as the server has confirmed
// it. Score, countdown and result are those of this state, so they change when the ball is seen to cross the wall.
func (s *Session) shown() game.State {
	t := netcode.Tick(max(s.drawn.times.Ball, 0))
	if t < netcode.Tick(s.newest.Tick) {
		if state, ok := s.predictor.At(t); ok {
			return state
		}
	}
	return s.newest
}

func mix(a, b, part float64) float64 { return a + (b-a)*part }

func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }
