package client

import (
	"math"
	"testing"
	"time"

	"pong/internal/game"
)

// inspect runs a session for a while with a key, and returns the last inspection and the greatest error.
func inspect(f *peer, frames int, key func(i int) game.Input) (last Inspection, worst float64, judged int) {
	for i := range frames {
		v := f.run(period, key(i))
		if last = f.s.Inspect(f.now, &v); last.HasError {
			worst = max(worst, last.Error)
			judged++
		}
	}
	return last, worst, judged
}

// rallying returns a peer in a rally.
func rallying(t *testing.T, to Settings) *peer {
	f := newPeer(t, 1)
	f.s.SetSettings(to)
	for f.s.Frame(f.now).Stage != StagePlaying {
		f.run(period, game.None)
	}
	return f
}

func TestInspect_HasTheNewestWordOfTheServer(t *testing.T) {
	f := rallying(t, Settings{})
	last, _, _ := inspect(f, 20, func(int) game.Input { return game.Down })
	newest := f.s.simulation.newest
	ball := Point{pixels(newest.Ball.X), pixels(newest.Ball.Y)}
	if last.Ball != ball || last.Paddle[1] != pixels(newest.Paddle[1]) {
		t.Errorf("the ghost is at %v and %v, want the ball and the paddles of the newest STATE", last.Ball, last.Paddle)
	}
	if last.Age < 0 || last.Age > 100*time.Millisecond || last.Unacknowledged == 0 || last.Unacknowledged > 20 {
		t.Errorf("the STATE is %v old, and %d inputs are not acknowledged", last.Age, last.Unacknowledged)
	}
	if last.LostDown != 0 || last.CorrectedBy != 0 {
		t.Errorf("on a perfect network %d datagrams are lost and corrections moved %v px", last.LostDown,
			last.CorrectedBy)
	}
}

// A prediction that comes true was drawn where the server has it, and one that does not was not.
func TestInspect_ComparesTheDrawnWithTheTrue(t *testing.T) {
	still := func(int) game.Input { return game.None }
	_, worst, judged := inspect(rallying(t, Settings{View: ViewPredict}), 60, still)
	if judged < 15 || worst > 0.01 {
		t.Errorf("on a perfect network only %d times a frame is judged, or one was %.2f px off", judged, worst)
	}
	f := rallying(t, Settings{View: ViewPredict})
	inspect(f, 10, still)
	f.state.Paddle[0] += 40 * game.One // unknown to the client
	last, worst, _ := inspect(f, 30, still)
	if worst < 30 || worst > 45 || math.Abs(last.CorrectedBy-40) > 6 {
		t.Errorf("a paddle that is 40 px elsewhere gives an error of %.1f px and corrections of %.1f px", worst,
			last.CorrectedBy)
	}
}

func TestChannel_CountsMissingDatagrams(t *testing.T) {
	var c channel
	for _, number := range []uint32{7, 8, 10, 9, 14, 15, 12} {
		c.received++
		c.countMissing(number)
	}
	if c.missing != 2 { // 11 and 13
		t.Errorf("%d datagrams are missing, want 2", c.missing)
	}
}

// A watcher's news is moved on by its age, so that it is where the server has things now.
func TestInspect_WatcherHasTheServersPresent(t *testing.T) {
	worst := func(watching bool) (off float64) {
		f := rallying(t, Settings{})
		f.s.control.watching = watching
		for range 60 {
			v := f.run(period, game.None)
			i := f.s.Inspect(f.now, &v)
			if f.state.Phase == game.Playing {
				off = max(off, math.Abs(i.Ball.X-pixels(f.state.Ball.X)))
			}
		}
		return off
	}
	tick := math.Abs(pixels(rallying(t, Settings{}).state.Ball.VX))
	if watcher, player := worst(true), worst(false); watcher > 1.1*tick || player < 1.5*tick {
		t.Errorf("the ball is at most %.1f px from the server's for a watcher and %.1f px for a player; in a tick it "+
			"flies %.1f px", watcher, player, tick)
	}
}
