package netsim

import (
	"math"
	"math/bits"
	"slices"
	"testing"
	"time"
)

func delays(f *flow) []float64 {
	d := make([]float64, len(f.arrivals))
	for i, a := range f.arrivals {
		d[i] = a.delay.Seconds() * 1000
	}
	return d
}

func meanAndDeviation(numbers []float64) (mean, deviation float64) {
	for _, x := range numbers {
		mean += x / float64(len(numbers))
	}
	for _, x := range numbers {
		deviation += (x - mean) * (x - mean) / float64(len(numbers))
	}
	return mean, math.Sqrt(deviation)
}

func TestPath_Delay(t *testing.T) {
	for _, a := range newFlow(t, Profile{Delay: 50 * ms}, 1).send(1000).finish().arrivals {
		if a.delay != 50*ms {
			t.Fatalf("packet %d took %v, want 50ms", a.number, a.delay)
		}
	}
}

func TestPath_Jitter(t *testing.T) {
	f := newFlow(t, Profile{Delay: 50 * ms, Jitter: 2 * ms}, 1).send(100_000).finish()
	mean, deviation := meanAndDeviation(delays(f))
	near(t, "mean delay in ms", mean, 50, 0.05)
	near(t, "deviation in ms", deviation, 2, 0.03)
	near(t, "mean delay counted, in ms", f.link.Stats().MeanDelay.Seconds()*1000, 50, 1)

	d := delays(newFlow(t, Profile{Delay: 1 * ms, Jitter: 10 * ms}, 1).send(10_000).finish())
	if least := slices.Min(d); least != 0 {
		t.Errorf("with much jitter the least delay is %v ms, want 0 and nothing below", least)
	}
}

func TestPath_JitterNearTheSendIntervalRaisesTheMean(t *testing.T) {
	// 50 ms and 10 ms of jitter at 60 packets a second, each way: a round trip must be near 100 ms.
	mean, _ := meanAndDeviation(delays(newFlow(t, Profile{Delay: 50 * ms, Jitter: 10 * ms}, 1).send(100_000).finish()))
	near(t, "mean delay in ms", mean, 52, 1.5)
}

func TestPath_SpikesDelayLaterPackets(t *testing.T) {
	const n = 100_000
	f := newFlow(t, Profile{Delay: 30 * ms, Spike: 0.02, SpikeDelay: 80 * ms}, 1).send(n).finish()
	late, together, most := 0, 0, time.Duration(0)
	for i, a := range f.arrivals {
		most = max(most, a.delay)
		if a.delay > 30*ms {
			late++
		}
		if i > 0 && a.at.Equal(f.arrivals[i-1].at) {
			together++
		}
	}
	// A spike of u ms, evenly from 0 to 80, delays u/16.7 later packets: 1.95 on average.
	near(t, "packets that came at once with the one before, for each spike", float64(together)/(0.02*n), 1.9, 0.2)
	near(t, "packets delayed for each spike", float64(late)/(0.02*n), 2.9, 0.2)
	near(t, "greatest delay in ms", most.Seconds()*1000, 110, 1)
	if !slices.IsSorted(f.numbers()) {
		t.Error("spikes changed the order")
	}
}

func TestPath_Rate(t *testing.T) {
	f := newFlow(t, Profile{Rate: 64_000}, 1) // 64 + 28 bytes take 11.5 ms
	f.send(1000).finish()
	for _, a := range f.arrivals {
		if a.delay != 11500*time.Microsecond {
			t.Fatalf("packet %d took %v on a link that is not full, want 11.5ms", a.number, a.delay)
		}
	}
}

func TestPath_BottleneckQueue(t *testing.T) {
	for _, test := range []struct {
		queue, want time.Duration
	}{{0, 300 * ms}, {50 * ms, 50 * ms}} {
		f := newFlow(t, Profile{Rate: 64_000, Queue: test.queue}, 1)
		f.every = 5 * ms // more than twice what fits
		const n = 20_000
		f.send(n).finish()
		d := delays(f)
		last := d[len(d)/2:]
		near(t, "share that fits", float64(len(d))/n, 5/11.5, 0.01)
		near(t, "greatest delay in ms", slices.Max(last), test.want.Seconds()*1000+11.5, 1)
		near(t, "least delay of a full queue in ms", slices.Min(last), test.want.Seconds()*1000+11.5-5, 1)
		if s := f.link.Stats(); s.QueueDrops != n-uint64(len(d)) {
			t.Errorf("%d packets are missing, %d counted as queue drops", n-len(d), s.QueueDrops)
		}
	}
}

func TestPath_Outages(t *testing.T) {
	f := newFlow(t, Profile{Delay: 20 * ms, OutageEvery: 10 * time.Second, OutageFor: time.Second}, 1)
	f.every = 10 * ms
	f.send(3500).finish() // 35 s: three outages
	missing := make(map[uint32]bool)
	for i := range uint32(3500) {
		missing[i] = true
	}
	for _, number := range f.numbers() {
		delete(missing, number)
	}
	for number := range missing {
		if number < 1000 || number%1000 >= 100 {
			t.Errorf("packet %d, sent at %v, was dropped outside an outage", number, time.Duration(number)*f.every)
		}
	}
	if s := f.link.Stats(); len(missing) != 300 || s.OutageDrops != 300 {
		t.Errorf("%d packets missing and %d counted, want 300", len(missing), s.OutageDrops)
	}
}

func TestPath_CorruptFlipsOneBit(t *testing.T) {
	const n = 100_000
	f := newFlow(t, Profile{Corrupt: 0.02}, 1).send(n).finish()
	damaged, positions := 0, make(map[int]bool)
	for i, a := range f.arrivals {
		want := [4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
		flipped := 0
		for k, b := range a.data {
			if k < len(want) {
				b ^= want[k]
			}
			flipped += bits.OnesCount8(b)
			if b != 0 {
				positions[8*k+bits.TrailingZeros8(b)] = true
			}
		}
		if flipped > 1 {
			t.Fatalf("packet %d has %d bits flipped", i, flipped)
		}
		damaged += flipped
	}
	near(t, "share of damaged packets", float64(damaged)/n, 0.02, 0.002)
	if got := f.link.Stats().Corrupted; got != uint64(damaged) {
		t.Errorf("%d damaged packets counted, %d arrived", got, damaged)
	}
	if len(positions) < 480 {
		t.Errorf("only %d of 512 bits were ever flipped", len(positions))
	}
}

func TestPath_CorruptSparesEmptyPacketsAndCopies(t *testing.T) {
	l := NewLink(Profile{Corrupt: 1, Duplicate: 1}, 1)
	l.Send(epoch, nil)
	l.Send(epoch, []byte{0})
	var got [][]byte
	for {
		data, _, ok := l.Receive(epoch)
		if !ok {
			break
		}
		got = append(got, slices.Clone(data))
	}
	if len(got) != 4 || len(got[0]) != 0 || len(got[1]) != 0 || bits.OnesCount8(got[2][0]) != 1 || got[3][0] != 0 {
		t.Errorf("received %v, want two empty packets, one with a bit flipped and a whole copy", got)
	}
}
