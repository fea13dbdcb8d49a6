package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// drawn is what the screen shows beyond the simulation: the fading differences, and which events have been reported.
type drawn struct {
	ball    netcode.Offset
	paddles [2]netcode.Offset

	remote   float64 // the tick of what is drawn in the confirmed past
	reported netcode.Tick
	events   []Event
	fired    fired
	scored   int // who scored last
	score    [2]uint16
}

// fired remembers what has been reported, so that a correction does not make a hit sound twice.
type fired struct {
	hitRound, hits uint16
	wallRound      uint16
	walls          uint8
}

// snap forgets the differences: across a serve or a gap there is nothing to slide along.
func (d *drawn) snap() {
	d.ball, d.paddles = netcode.Offset{}, [2]netcode.Offset{}
}

// keep remembers what a correction has changed in the picture.
func (d *drawn) keep(before, after game.State) {
	d.ball.Add(pixels(before.Ball.X), pixels(before.Ball.Y), pixels(after.Ball.X), pixels(after.Ball.Y))
	for i := range d.paddles {
		d.paddles[i].Add(0, pixels(before.Paddle[i]), 0, pixels(after.Paddle[i]))
	}
}

func (d *drawn) fade(dt time.Duration) {
	d.ball.Fade(dt)
	for i := range d.paddles {
		d.paddles[i].Fade(dt)
	}
}

// advance moves the time at which remote things are drawn and collects the events that are drawn by now.
func (d *drawn) advance(now time.Time, s *Session) {
	if !s.predictor.Started() {
		return
	}
	// The remote time stays within what is confirmed as long as STATEs come; where one is lost, the prediction fills in
	// until the next, or the ball would stand still.
	delay := stateEvery + 1 + float64(min(s.link.Tail.P99(), longestTail))/float64(period)
	d.remote = s.timeline.Advance(now, delay, float64(s.predictor.Head()))
	upTo := netcode.Tick(d.remote)
	if s.cfg.View == ViewPredict {
		upTo = s.predictor.Head()
	}
	if upTo < d.reported || upTo-d.reported > netcode.History/2 {
		d.reported = upTo
	}
	for ; d.reported < upTo; d.reported++ {
		before, ok := s.predictor.At(d.reported)
		after, ok2 := s.predictor.At(d.reported + 1)
		if ok && ok2 {
			d.report(before, after, s.cfg.View == ViewPredict)
		}
	}
	d.reportScore(s.newest)
}

// report adds the events of a tick. Of predicted ticks only what the paddles and walls do counts; a point is not a
// point before the server says so.
func (d *drawn) report(before, after game.State, predicted bool) {
	set := game.Events(before, after)
	if set.Has(game.Hit) && (after.Round != d.fired.hitRound || after.Hits > d.fired.hits) {
		d.fired.hitRound, d.fired.hits = after.Round, after.Hits
		d.add(EventHit)
	}
	if set.Has(game.Wall) && (after.Round != d.fired.wallRound || after.Walls != d.fired.walls) {
		d.fired.wallRound, d.fired.walls = after.Round, after.Walls
		d.add(EventWall)
	}
	if set.Has(game.Serve) {
		d.add(EventServe)
	}
}

// reportScore adds what the server's score says.
func (d *drawn) reportScore(state game.State) {
	for i, n := range state.Score {
		if n > d.score[i] {
			d.scored = i
			d.add(EventPoint)
			if state.Phase == game.Over {
				d.add(EventOver)
			}
		}
	}
	d.score = state.Score
}

// maxEvents is how many events wait for a View; a caller that never asks does not make them pile up.
const maxEvents = 16

func (d *drawn) add(e Event) {
	if len(d.events) < maxEvents {
		d.events = append(d.events, e)
	}
}

// picture is where things are drawn.
type picture struct {
	ball    Point
	paddles [2]float64
	phase   game.Phase
}

// picture returns the field for the present view.
func (s *Session) picture() picture {
	if !s.running {
		return between(s.newest, s.newest, 0)
	}
	own := s.predicted()
	own.paddles[s.me] += s.drawn.paddles[s.me].Y
	if s.cfg.View == ViewPredict {
		own.ball.X += s.drawn.ball.X
		own.ball.Y += s.drawn.ball.Y
		own.paddles[1-s.me] += s.drawn.paddles[1-s.me].Y
		return own
	}
	whole, part := math.Modf(s.drawn.remote)
	before, ok := s.predictor.At(netcode.Tick(whole))
	after, ok2 := s.predictor.At(netcode.Tick(whole) + 1)
	if !ok {
		return own
	}
	if !ok2 {
		after = before
	}
	remote := between(before, after, part)
	remote.paddles[s.me] = own.paddles[s.me]
	return remote
}

// predicted draws the predicted present: the newest tick is reached when its time is up.
func (s *Session) predicted() picture {
	head := s.predictor.Head()
	after := s.predictor.Present()
	before, ok := s.predictor.At(head - 1)
	if !ok {
		return between(after, after, 0)
	}
	part := s.pacer.Present() - float64(head)
	return between(before, after, min(max(part, 0), 1))
}

// between returns the picture a part of a tick after one state on the way to the next. A ball that was put in its
// place has not flown there.
func between(a, b game.State, part float64) picture {
	p := picture{phase: a.Phase}
	for i := range p.paddles {
		p.paddles[i] = mix(pixels(a.Paddle[i]), pixels(b.Paddle[i]), part)
	}
	p.ball = Point{mix(pixels(a.Ball.X), pixels(b.Ball.X), part), mix(pixels(a.Ball.Y), pixels(b.Ball.Y), part)}
	if a.Round != b.Round || a.Phase == game.Scored && b.Phase != game.Scored {
		p.ball = Point{pixels(b.Ball.X), pixels(b.Ball.Y)}
	}
	return p
}

func mix(a, b, part float64) float64 { return a + (b-a)*part }

func pixels(x game.Fixed) float64 { return float64(x) / float64(game.One) }
