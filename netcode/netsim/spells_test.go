package netsim

import (
	"fmt"
	"hash/fnv"
	"math"
	"testing"
	"time"
)

// fates returns which of n packets, sent every so often, are lost.
func fates(p Profile, seed uint64, every time.Duration, n int) []bool {
	l, lost, before := NewLink(p, seed), make([]bool, n), uint64(0)
	for i := range lost {
		l.Send(epoch.Add(time.Duration(i)*every), nil)
		now := l.Stats().Lost
		lost[i], before = now > before, now
		for ok := true; ok; {
			_, _, ok = l.Receive(epoch.Add(time.Duration(i) * every))
		}
	}
	return lost
}

// lossAndBurst returns the share of lost packets and how many are lost in a row on average.
func lossAndBurst(lost []bool) (loss, burst float64) {
	n, bursts := 0.0, 0.0
	for i, is := range lost {
		if !is {
			continue
		}
		n++
		if i == 0 || !lost[i-1] {
			bursts++
		}
	}
	return n / float64(len(lost)), n / bursts
}

func TestSpells_MeanLossAndBurst(t *testing.T) {
	const n = 300_000
	for _, test := range []struct{ loss, burst, want float64 }{
		{0.005, 1.5, 1.5},
		{0.02, 2.5, 2.5},
		{0.05, 2, 2},
		{0.2, 2.5, 2.5},
		{0.5, 20, 20},
		{0.05, 0, 1 / 0.95}, // independent, as without a Pace
		{0.2, 1, 1 / 0.8},
	} {
		for _, pace := range []time.Duration{frame, 50 * ms} {
			p := Profile{Loss: test.loss, Burst: test.burst, Pace: pace}
			t.Run(fmt.Sprintf("%v in bursts of %v, every %v", test.loss, test.burst, pace), func(t *testing.T) {
				t.Parallel()
				loss, burst := lossAndBurst(fates(p, 7, pace, n))
				near(t, "loss", loss, test.loss, 0.08*test.loss)
				near(t, "burst", burst, test.want, 0.05*test.want)
			})
		}
	}
}

// Three times as many packets meet the same losses, in bursts of about three times as many packets. Without a Pace they
// meet bursts of as many packets.
func TestSpells_DoNotEndSoonerIfMoreIsSent(t *testing.T) {
	const n, loss, burst = 300_000, 0.2, 2.5
	p := Profile{Loss: loss, Burst: burst, Pace: 3 * frame}
	gotLoss, got := lossAndBurst(fates(p, 3, frame, n))
	kept := math.Cbrt((1 - 1/burst - loss) / (1 - loss)) // the correlation of the states in a third of the time
	want := 1 / ((1 - loss) * (1 - kept))
	near(t, "loss with a Pace", gotLoss, loss, 0.01)
	near(t, "burst with a Pace", got, want, 0.05*want)
	if want < 2*burst {
		t.Errorf("three times as many packets are lost %.2f in a row, want more than %v", want, 2*burst)
	}
	p.Pace = 0
	_, got = lossAndBurst(fates(p, 3, frame, n))
	near(t, "burst without a Pace", got, burst, 0.1)
}

// Two senders with the same seed lose the same at the same time, however much each sends.
func TestSpells_DependOnTimeAlone(t *testing.T) {
	p := Profile{Loss: 0.2, Burst: 2.5, Pace: 50 * ms}
	few, many := fates(p, 5, 50*ms, 20_000), fates(p, 5, 10*ms, 100_000)
	for i := range few {
		if few[i] != many[5*i] {
			t.Fatalf("at %v a packet of the one sender is lost: %v, and one of the other: %v",
				time.Duration(i)*50*ms, few[i], many[5*i])
		}
	}
}

// A cut is a loss of everything for a while. The spells go on meanwhile, and are what they would have been.
func TestSpells_GoOnDuringACut(t *testing.T) {
	p, cut := Profile{Loss: 0.2, Burst: 2.5, Pace: 50 * ms}, Profile{Loss: 1, Pace: 50 * ms}
	whole := fates(p, 9, 50*ms, 3000)
	l, before := NewLink(p, 9), uint64(0)
	for i, want := range whole {
		switch i {
		case 1000:
			l.Set(cut)
		case 2000:
			l.Set(p)
		}
		l.Send(epoch.Add(time.Duration(i)*50*ms), nil)
		now := l.Stats().Lost
		if lost := now > before; lost != (want || i >= 1000 && i < 2000) {
			t.Fatalf("packet %d: lost is %v, without the cut it would be %v", i, lost, want)
		}
		before = now
	}
}

func TestSpells_TakeANewLossAtOnce(t *testing.T) {
	l := NewLink(Profile{Loss: 0.001, Burst: 2, Pace: frame}, 1)
	const n = 100_000
	for i := range 2 * n {
		if i == n {
			l.Set(Profile{Loss: 0.3, Burst: 2, Pace: frame})
		}
		now := epoch.Add(time.Duration(i) * frame)
		l.Receive(now)
		l.Send(now, nil)
		if i == n-1 {
			near(t, "loss at first", float64(l.Stats().Lost)/n, 0.001, 0.0005)
		}
	}
	near(t, "loss then", float64(l.Stats().Lost)/n, 0.301, 0.01)
}

// The same seed gives the same losses and delays on every machine. Run it with GOARCH=386 and GOAMD64=v3 too.
func TestSpells_SameOnEveryMachine(t *testing.T) {
	p := Profile{Delay: 30 * ms, Jitter: 4 * ms, Loss: 0.2, Burst: 2.5, Spike: 0.08, SpikeDelay: 80 * ms, Pace: frame}
	h := fnv.New64a()
	for _, a := range newFlow(t, p, 1).send(10_000).finish().arrivals {
		fmt.Fprintln(h, a.number, a.delay)
	}
	const want = "ec075ddc5cad09c5"
	if got := fmt.Sprintf("%x", h.Sum64()); got != want {
		t.Errorf("the arrivals of 10000 packets have the hash %s, want %s", got, want)
	}
}
