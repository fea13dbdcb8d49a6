package netsim

import (
	"slices"
	"testing"
	"time"
)

// waits returns the mean extra delay of packets in ms, its 99th percentile, and the share of delayed packets.
func waits(t *testing.T, p Profile, every time.Duration) (mean, p99, share float64) {
	f := newFlow(t, p, 1)
	f.every = every
	d := delays(f.send(200_000).finish())
	for i := range d {
		d[i] -= p.Delay.Seconds() * 1000
		mean += d[i] / float64(len(d))
		if d[i] > 0 {
			share += 1 / float64(len(d))
		}
	}
	slices.Sort(d)
	return mean, d[len(d)*99/100], share
}

func TestStalls_DelayLikeSpikesAtTheirPace(t *testing.T) {
	for _, pace := range []time.Duration{frame, 50 * ms} {
		p := Profile{Delay: 30 * ms, Spike: 0.08, SpikeDelay: 80 * ms}
		mean, p99, share := waits(t, p, pace)
		p.Pace = pace
		inTime, inTime99, inTimeShare := waits(t, p, pace)
		near(t, "mean wait in ms", inTime, mean, 0.06*mean)
		near(t, "99th percentile of the wait in ms", inTime99, p99, 4)
		near(t, "share of packets that wait", inTimeShare, share, 0.1*share)
	}
}

// A sender of three times as many packets waits as long. Without a Pace its packets wait nearly twice as long, because
// each may begin a stall.
func TestStalls_DoNotDependOnHowMuchIsSent(t *testing.T) {
	p := Profile{Spike: 0.02, SpikeDelay: 80 * ms, Pace: 3 * frame}
	few, few99, _ := waits(t, p, 3*frame)
	many, many99, _ := waits(t, p, frame)
	near(t, "mean wait of three times as many packets in ms", many, few, 0.06*few)
	near(t, "99th percentile of it in ms", many99, few99, 2)
	p.Pace = 0
	few, _, _ = waits(t, p, 3*frame)
	if many, _, _ = waits(t, p, frame); many < 1.5*few {
		t.Errorf("without a Pace packets wait %.2f ms, and %.2f if three times as many are sent; want much more", few,
			many)
	}
}

func TestStalls_KeepTheOrder(t *testing.T) {
	p := Profile{Delay: 30 * ms, Jitter: 4 * ms, Spike: 0.3, SpikeDelay: 200 * ms, Pace: frame}
	if f := newFlow(t, p, 1).send(10_000).finish(); !slices.IsSorted(f.numbers()) {
		t.Error("stalls changed the order")
	}
}

func TestStalls_Share(t *testing.T) {
	const n = 20_000
	s := stalls{}
	s.set(0.08, 80*ms, 50*ms)
	d := newDice(1)
	s.wait(0, &d)
	s.wait(n*50*ms, &d)
	near(t, "stalls for each packet", float64(s.drawn)/n, 0.08, 0.004)
}
