package lab

import (
	"math"

	"pong/internal/client"
	"pong/internal/game"
)

var keyToScreen = Measure{
	Name: "key_to_screen", Title: "key to screen", Unit: "frames", Step: 1,
	Definition: "The number of frames from the one in which a key is newly held to the first one in which the " +
		"own paddle is off the course that the old key would have given it, both included: a whole " +
		"number, and 1 is the same frame. The mean over all key presses, so 1.02 means that one press in " +
		"fifty showed a frame later. A press that ends before it shows counts one frame more than it " +
		"lasted.",
	Noticed: "Players of a platform game did not notice a constant delay of up to 300 ms of their own character, but " +
		"noticed one that varied around 200 ms (Normoyle, Guerrero and Jörg, SAP 2014).",
	Of: func(r *Recording) (float64, []float64, bool) {
		var waits []float64
		for seat := range r.Sides {
			waits = append(waits, r.Sides[seat].keyWaits(seat)...)
		}
		return mean(waits), waits, len(waits) > 0
	},
}

// keyWaits returns the number of frames until each key press showed.
func (s *Side) keyWaits(seat int) (waits []float64) {
	for i := 1; i < len(s.Frames); i++ {
		before, key := s.Frames[i-1].Key, s.Frames[i].Key
		if key == before || key == game.None || !together(&s.Frames[i-1], &s.Frames[i]) || s.blocked(i, seat) {
			continue
		}
		n := 1
		for j := i; j < len(s.Frames); j, n = j+1, n+1 {
			if s.Frames[j].Key != key || s.shows(i-1, j, seat) {
				break
			}
		}
		waits = append(waits, float64(n))
	}
	return waits
}

// blocked reports whether a key cannot move the paddle in frame i, because the game stands still or the paddle is at a
// wall.
func (s *Side) blocked(i, seat int) bool {
	a, b := &s.Frames[i-1], &s.Frames[i]
	for _, f := range []*Frame{a, b} {
		if f.Stage != client.StagePlaying && f.Stage != client.StageCountdown && f.Stage != client.StageScored {
			return true
		}
	}
	// The frame may be a tick old, and the paddle may have reached the wall in that tick.
	return b.Key == game.Up && a.Paddle[seat] <= paddleStep || b.Key == game.Down && a.Paddle[seat] >= lowest-paddleStep
}

// shows reports whether frame j shows the key that is new since frame i: the paddle is off the course of the old key.
func (s *Side) shows(i, j, seat int) bool {
	a, b := &s.Frames[i], &s.Frames[j]
	ticks := (b.Times.Own - a.Times.Own)
	course := a.Paddle[seat] + wayOf(a.Key)*paddleStep*ticks
	off := b.Paddle[seat] - math.Min(math.Max(course, 0), lowest)
	return off*wayOf(b.Key) > stirring
}

// wayOf returns the direction in which a key moves a paddle.
func wayOf(key game.Input) float64 {
	switch key {
	case game.Up:
		return -1
	case game.Down:
		return 1
	}
	return 0
}
