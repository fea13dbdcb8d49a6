package lab

import (
	"math"

	"pong/internal/client"
	"pong/internal/game"
)

var keyToScreen = Measure{
	Name: "key_to_screen", Title: "key to screen", Unit: "frames", Step: 1,
	Definition: "From the frame in which a key is newly held to the first picture in which the own paddle is off the course that the old key would have taken it, " +
		"both counted: 1 is the picture of the same frame. The mean over all key presses. A press that is over before it shows counts with one frame more than it lasted.",
	Of: func(r *Recording) (float64, []float64, bool) {
		var waits []float64
		for seat := range r.Sides {
			waits = append(waits, r.Sides[seat].keyWaits(seat)...)
		}
		return mean(waits), waits, len(waits) > 0
	},
}

// keyWaits returns how many frames each key press took to show.
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

// blocked reports whether a key cannot move the paddle in frame i: the game stands still, or the paddle is at a wall.
func (s *Side) blocked(i, seat int) bool {
	a, b := &s.Frames[i-1], &s.Frames[i]
	for _, f := range []*Frame{a, b} {
		if f.Stage != client.StagePlaying && f.Stage != client.StageCountdown && f.Stage != client.StageScored {
			return true
		}
	}
	// The picture may be a tick old, in which the paddle came to the wall.
	return b.Key == game.Up && a.Paddle[seat] <= paddleStep || b.Key == game.Down && a.Paddle[seat] >= lowest-paddleStep
}

// shows reports whether the picture of frame j shows the key that is new since frame i: the paddle is off the course
// on which the old key had it.
func (s *Side) shows(i, j, seat int) bool {
	a, b := &s.Frames[i], &s.Frames[j]
	ticks := (b.Times.Own - a.Times.Own)
	course := a.Paddle[seat] + wayOf(a.Key)*paddleStep*ticks
	off := b.Paddle[seat] - math.Min(math.Max(course, 0), lowest)
	return off*wayOf(b.Key) > stirring
}

// wayOf is the direction in which a key moves a paddle.
func wayOf(key game.Input) float64 {
	switch key {
	case game.Up:
		return -1
	case game.Down:
		return 1
	}
	return 0
}
