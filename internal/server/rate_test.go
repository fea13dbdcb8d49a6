package server_test

import (
	"testing"
	"time"

	"pong/internal/client"
)

// TestServe_SixtyStatesASecond plays with a STATE at every tick: the client is told so, and sees the other paddle two ticks sooner.
func TestServe_SixtyStatesASecond(t *testing.T) {
	behind := map[int]float64{}
	for _, rate := range []int{20, 60} {
		bubble(t, func(s *settings) { s.Config.StateRate = rate }, func(r *rig) {
			left, right := r.two()
			r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			r.run(time.Second)
			times := left.view.Times
			behind[rate] = times.Own - times.Remote
		})
	}
	if d := behind[20] - behind[60]; d < 1.5 || d > 2.5 {
		t.Errorf("the other paddle is drawn %.2f ticks back at 20 STATEs a second and %.2f at 60, want two less", behind[20], behind[60])
	}
}
