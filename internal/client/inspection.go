package client

import (
	"math"
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// An Inspection is what a person who looks at the network needs besides a Frame: where the server's newest STATE has
// things, and what the network and the prediction have cost.
type Inspection struct {
	// Where the server's newest STATE has things, and how long ago it arrived. For a watcher, whose news is not late by
	// more than the way from the server, they are where the server has them now if nobody presses or releases a key.
	Ball       Point
	Paddle     [2]float64
	BallInPlay bool
	Age        time.Duration

	RoundTrip      float64 // the newest one, in milliseconds; 0 if none is measured
	Unacknowledged int     // own inputs that the server has not acknowledged
	LostDown       int     // datagrams on the way down that are missing so far
	CorrectedBy    float64 // by how many pixels corrections have moved the own paddle so far

	// Error is the greatest distance in pixels of what was drawn from what turned out true at its time, of the frames
	// about which that is known since the last Inspection. HasError is false if there are none.
	Error    float64
	HasError bool
}

// inspector remembers what was drawn until the server's states of those times are known.
type inspector struct {
	drawn [inspected]drawnFrame
	n     int // frames so far
	known int // of them, the number about which the truth is known
}

// inspected bounds how many frames wait for their truth: two seconds at 120 frames a second.
const inspected = 256

// A drawnFrame is where things were drawn, at which times.
type drawnFrame struct {
	times   Times
	ball    Point
	paddles [2]float64
	rally   bool
}

// Inspect returns an Inspection right after a Frame, which it is given. It is called for each frame or not at all.
func (s *Session) Inspect(now time.Time, f *Frame) Inspection {
	newest := s.newestPicture(now)
	i := Inspection{
		Ball: newest.ball, Paddle: newest.paddles, BallInPlay: newest.rally, Age: now.Sub(s.measures.arrived),
		Unacknowledged: s.simulation.log.Unacknowledged(), LostDown: s.channel.missing,
		CorrectedBy: s.measures.correctedBy,
	}
	if s.measures.arrived.IsZero() {
		i.Age = 0
	}
	if s.channel.echo.Samples() > 0 {
		i.RoundTrip = milliseconds(s.channel.echo.Newest())
	}
	s.inspector.add(f)
	i.Error, i.HasError = s.inspector.judge(s)
	return i
}

// newestPicture returns where the newest STATE has things; for a watcher, moved on by its age.
func (s *Session) newestPicture(now time.Time) picture {
	const most = 6 // ticks: twice the time between two STATEs
	state := s.simulation.newest
	if !s.control.watching || s.measures.arrived.IsZero() {
		return between(state, state, 0)
	}
	passed := min(float64(now.Sub(s.measures.arrived))/float64(period), most)
	keys := s.channel.state.Applied[0]
	for ; passed >= 1; passed-- {
		state = game.Step(s.simulation.rules, state, keys, 0)
	}
	return between(state, game.Step(s.simulation.rules, state, keys, 0), max(passed, 0))
}

// add remembers a frame. If too many wait, the oldest are forgotten.
func (i *inspector) add(f *Frame) {
	i.drawn[i.n%inspected] = drawnFrame{f.Times, f.Ball, f.Paddle, f.Stage == StagePlaying}
	i.n++
	i.known = max(i.known, i.n-inspected)
}

// judge compares the frames about which the truth is known now.
func (i *inspector) judge(s *Session) (worst float64, any bool) {
	sim := &s.simulation
	for ; i.known < i.n; i.known++ {
		d := &i.drawn[i.known%inspected]
		latest := netcode.Tick(math.Ceil(max(d.times.Own, d.times.Remote, d.times.Ball, 0)))
		earliest := netcode.Tick(max(min(d.times.Own, d.times.Remote, d.times.Ball), 0))
		if latest > sim.predictor.Confirmed() {
			break
		}
		if !d.rally || earliest < sim.explained {
			continue
		}
		any = true
		worst = max(worst, i.distance(s, d))
	}
	return worst, any
}

// distance returns how far a frame was from the truth: its ball or a paddle, whichever was farther.
func (i *inspector) distance(s *Session, d *drawnFrame) float64 {
	me := s.control.me
	ball := s.drawn.pictureAt(d.times.Ball)
	own := s.drawn.pictureAt(d.times.Own).paddles[me]
	other := s.drawn.pictureAt(d.times.Remote).paddles[1-me]
	far := max(math.Abs(d.paddles[me]-own), math.Abs(d.paddles[1-me]-other))
	if ball.rally {
		far = max(far, math.Hypot(d.ball.X-ball.ball.X, d.ball.Y-ball.ball.Y))
	}
	return far
}
