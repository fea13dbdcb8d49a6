package netsim

import (
	"fmt"
	"testing"
)

func TestGilbert_MeanLossAndBurst(t *testing.T) {
	const n = 2_000_000
	for _, test := range []struct{ loss, burst, want float64 }{
		{0.005, 1.5, 1.5},
		{0.02, 2.5, 2.5},
		{0.05, 2, 2},
		{0.2, 2.5, 2.5},
		{0.05, 0, 1 / 0.95}, // independent
		{0.2, 1, 1 / 0.8},   // chance alone gives more than one
		{0.9, 2, 10},        // and here more than wanted
		{0.5, 20, 20},
	} {
		t.Run(fmt.Sprintf("%v in bursts of %v", test.loss, test.burst), func(t *testing.T) {
			var g gilbert
			g.set(test.loss, test.burst)
			d := newDice(7)
			lost, bursts, before := 0.0, 0.0, false
			for range n {
				d.next()
				now := g.lose(d.unit(rollLoss))
				if now {
					lost++
				}
				if now && !before {
					bursts++
				}
				before = now
			}
			near(t, "loss", lost/n, test.loss, 0.05*test.loss)
			near(t, "burst", lost/bursts, test.want, 0.05*test.want)
		})
	}
}

func TestGilbert_LossOfZeroAndOne(t *testing.T) {
	for _, burst := range []float64{0, 1, 2.5} {
		var none, all gilbert
		none.set(0, burst)
		all.set(1, burst)
		none.bad = true // as if the loss were switched off in a burst
		d := newDice(1)
		for range 1000 {
			d.next()
			if none.lose(d.unit(rollLoss)) {
				t.Fatalf("burst %v: lost a packet without loss", burst)
			}
			if !all.lose(d.unit(rollLoss)) {
				t.Fatalf("burst %v: a packet came through a loss of 1", burst)
			}
		}
	}
}
