package lab

import (
	"testing"
	"time"

	"pong/internal/client"
)

// perMinute returns the rate of n events in the frames of both players.
func (r *Recording) perMinute(n float64) float64 {
	return n / (r.Sides[0].minutes() + r.Sides[1].minutes())
}

func TestMeasure_BallJumps(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(frames []Frame, at int)
		jumps  float64
	}{
		"moved by 12 pixels from a frame on": {func(f []Frame, at int) {
			for i := at; i < at+20; i++ {
				f[i].Ball.Y += 12
			}
			f[at+20].InPlay = false // so there is nothing to compare with
		}, 1},
		"moved by 9": {func(f []Frame, at int) {
			for i := at; i < at+20; i++ {
				f[i].Ball.Y += 9
			}
			f[at+20].InPlay = false
		}, 0},
		"away for a frame": {func(f []Frame, at int) { f[at].Ball.Y += 40 }, 2},
		"standing still for two frames": {func(f []Frame, at int) {
			f[at].Ball, f[at+1].Ball = f[at-1].Ball, f[at-1].Ball
		}, 1}, // 6 to 12 pixels, too little the first time; then it goes on from three frames later
		"away while the screen stands still": {func(f []Frame, at int) {
			for i := at; i < len(f); i++ {
				f[i].At += 300 * ms
			}
			f[at-1].Ball.Y += 40
			f[at-1].InPlay, f[at-2].InPlay = true, false
		}, 0},
		"beyond the wall": {func(f []Frame, at int) {
			f[at-1].InPlay, f[at+2].InPlay = false, false
			f[at].Ball, f[at+1].Ball = client.Point{X: -30, Y: 100}, client.Point{X: -70, Y: 500}
		}, 0},
	} {
		r := made(t, 2000)
		test.change(r.Sides[0].Frames, r.flying(t, 300, 30)+5)
		want := r.perMinute(test.jumps)
		t.Run(name, func(t *testing.T) { within(t, r, ballJumps, want, want) })
	}
}

func TestMeasure_BallReversals(t *testing.T) {
	t.Parallel()
	r := made(t, 2000)
	frames := r.Sides[1].Frames
	at := r.flying(t, 300, 30) + 10
	for i := range 5 { // it flies back for five frames and then on again: two turns
		frames[at+i].Ball = frames[at-i].Ball
	}
	within(t, r, ballReversals, r.perMinute(2), r.perMinute(2))

	r = made(t, 2000)
	r.Sides[1].Frames[at].Ball = r.Sides[1].Frames[at-2].Ball // one step back
	within(t, r, ballReversals, 0, 0)
}

func TestMeasure_BallSpeed(t *testing.T) {
	t.Parallel()
	r := made(t, 3000)
	for seat := range r.Sides {
		kept := r.Sides[seat].Frames[:0]
		for i, f := range r.Sides[seat].Frames { // without every fifth frame the ball is five fourths as fast
			if i%5 != 0 {
				kept = append(kept, f)
			}
		}
		for i := range kept {
			kept[i].At = kept[0].At + time.Duration(i)*frame
		}
		r.Sides[seat].Frames = kept
	}
	within(t, r, ballSlowest, 0.99, 1)
	within(t, r, ballFastest, 1.99, 2.01)
}
