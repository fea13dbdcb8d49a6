package world

import (
	"math"
	"testing"
	"time"

	"pong/netcode/netsim"
)

func TestMended13_LatencyWithClocksFiveSecondsApart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		up, down netsim.Profile
	}{
		{"LAN", lan, lan},
		{"even", netsim.Profile{Delay: 50 * ms}, netsim.Profile{Delay: 50 * ms}},
		{"uneven", netsim.Profile{Delay: 140 * ms}, netsim.Profile{Delay: 10 * ms}},
		{"with jitter", netsim.Profile{Delay: 50 * ms, Jitter: 4 * ms}, netsim.Profile{Delay: 50 * ms, Jitter: 4 * ms}},
		{"with loss", netsim.Profile{Delay: 125 * ms, Loss: 0.1}, netsim.Profile{Delay: 125 * ms, Loss: 0.1}},
	} {
		for _, skew := range []time.Duration{0, 5 * time.Second, -5 * time.Second} {
			w, left, right := bots(Config{Seed: 13, Up: c.up, Down: c.down})
			left.Skew, left.Drift = skew, 200e-6
			right.Drift = -200e-6
			w.Run(20 * time.Second)
			for _, p := range w.Players {
				var shown, truth float64
				const n = 20
				for range n {
					w.Run(time.Second)
					shown += p.Frame.Figures.Latency / n
					truth += float64(p.Up.Stats().MeanDelay+p.Down.Stats().MeanDelay) / float64(ms) / n
				}
				if off := math.Abs(shown - truth); off > max(1, 0.03*truth) {
					t.Errorf("%s, clocks %v apart: the screen of %s shows %.2f ms, the true round trip is %.2f ms",
						c.name, skew, p.Name, shown, truth)
				}
			}
		}
	}
}

func TestMended13_LossIsShown(t *testing.T) {
	t.Parallel()
	const up, down = 0.1, 0.25
	w, left, _ := bots(Config{Seed: 14, Up: netsim.Profile{Delay: 20 * ms, Loss: up},
		Down: netsim.Profile{Delay: 20 * ms, Loss: down}})
	w.Run(20 * time.Second)
	var shownUp, shownDown float64
	const n = 60
	for range n {
		w.Run(time.Second)
		shownUp += left.Frame.Figures.LossUp / n
		shownDown += left.Frame.Figures.LossDown / n
	}
	if math.Abs(shownUp-up) > 0.02 || math.Abs(shownDown-down) > 0.03 || left.Frame.Figures.BurstDown < 2 {
		t.Errorf("the screen shows a loss of %.3f up and %.3f down and bursts of %d, the true loss is %v and %v",
			shownUp, shownDown, left.Frame.Figures.BurstDown, up, down)
	}
}
