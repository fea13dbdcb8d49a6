package client

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// A server that has stood still goes on with the next tick, at a later time. The session's inputs are in time again at
// once, though the STATE of the pause is lost, or the server does not know that it stood still.
func TestSession_FollowsTicksThatComeLater(t *testing.T) {
	for _, away := range []bool{true, false} {
		for _, stood := range []time.Duration{600 * time.Millisecond, 3 * time.Second} {
			if !away && stood < 2*time.Second {
				continue // the pacer corrects this
			}
			f := newPeer(t, 1)
			f.play()
			for end := f.now.Add(stood); f.now.Before(end); f.now = f.now.Add(period) {
				f.s.Update(f.now, game.None)
				f.s.Frame(f.now)
			}
			f.input.Reset(f.input.Next())
			if away {
				for _, in := range []game.Inputs{{game.None, game.Away}, {game.Away, game.None}} {
					f.tick(in)
					f.input.Take()
				}
			}
			f.sendState(wire.ReasonRegular)
			f.run(200*time.Millisecond, game.None)
			before := f.input.Counts().Missed
			f.run(time.Second, game.Up)
			if n := f.input.Counts().Missed - before; n > 6 {
				t.Errorf("stood still for %v, Away %v: %d of 60 ticks had no input", stood, away, n)
			}
			if lead := int(f.s.Present()) - int(f.state.Tick); lead > 12 {
				t.Errorf("stood still for %v, Away %v: the session is %d ticks ahead", stood, away, lead)
			}
			if ahead := f.s.drawn.timeline.Server(f.now) - float64(f.state.Tick); ahead > 4 {
				t.Errorf("stood still for %v, Away %v: a STATE is awaited %.1f ticks too early", stood, away, ahead)
			}
		}
	}
}
