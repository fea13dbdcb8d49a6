package netsim

import (
	"fmt"
	"math"
	"time"
)

// A Profile says what one direction of a network does to packets. The zero Profile is a perfect link. Probabilities
// are between 0 and 1.
type Profile struct {
	// Delay is the mean one-way delay. If zero, packets arrive at once.
	Delay time.Duration

	// Jitter is the standard deviation of the delays: netem's "delay D J distribution normal". A delay is never
	// negative, so a Jitter of more than a third of Delay raises the mean; so does keeping the order once Jitter is
	// near the time between two packets. If zero, every packet takes Delay.
	Jitter time.Duration

	// Spike is the probability that a stall begins with a packet. That packet is delayed by up to SpikeDelay more,
	// evenly distributed; packets sent behind it wait for it and all arrive together. If zero, there are no spikes.
	Spike float64

	// SpikeDelay is the longest stall. If zero, there are no spikes.
	SpikeDelay time.Duration

	// Loss is the mean share of lost packets. If zero, none are lost.
	Loss float64

	// Burst is the mean number of packets lost in a row. If zero, or not more than 1/(1-Loss), which chance alone
	// gives, each packet is lost independently of the others.
	Burst float64

	// Pace is the time between two packets for which Loss, Burst and Spike are meant, such as 50 ms for a sender of 20
	// packets a second. Losses and stalls then happen in time: the line is good, bad or stalled for random times, in
	// which any number of packets may be sent. Packets that are sent a Pace apart meet the given loss, bursts and
	// stalls; one who sends more often loses the same share of packets, but more in a row. If zero, losses and stalls
	// happen packet by packet, so that a burst is as long in packets at any rate, and ends sooner if more are sent.
	Pace time.Duration

	// Reorder is the probability that a packet is held back until one, two or three later ones have overtaken it, but
	// for 100 ms at most. If zero, the order is kept.
	Reorder float64

	// Duplicate is the probability that a second copy follows a packet, with a jitter of its own.
	// If zero, there are no copies.
	Duplicate float64

	// Corrupt is the probability that one bit of a packet is flipped. In a real network checksums stop nearly all such
	// packets; here all of them arrive. If zero, no packet is changed.
	Corrupt float64

	// Rate is the capacity of the slowest hop in bits per second; each packet counts with 28 bytes of IP and UDP
	// headers. If zero, there is no limit.
	Rate int64

	// Queue is how long a packet may wait for the slowest hop. A packet that would wait longer is dropped. If zero,
	// 300 ms.
	Queue time.Duration

	// OutageEvery is the time from the start of one outage to the start of the next, and from the first packet to the
	// first outage. If zero, there are no outages.
	OutageEvery time.Duration

	// OutageFor is how long an outage lasts. All packets sent during it are dropped; those in flight arrive. If zero,
	// there are no outages.
	OutageFor time.Duration
}

// longest is the greatest duration that Validate accepts: far longer than any real delay, and far from an overflow.
const longest = time.Hour

// Validate returns an error that names a field with an impossible value, and says why it is impossible.
func (p Profile) Validate() error {
	for _, f := range []struct {
		name  string
		value float64
	}{
		{"spike", p.Spike}, {"loss", p.Loss}, {"reorder", p.Reorder}, {"duplicate", p.Duplicate},
		{"corrupt", p.Corrupt},
	} {
		if !(f.value >= 0 && f.value <= 1) { // also when it is not a number
			return fmt.Errorf("%s %v: must be a probability between 0 and 1", f.name, f.value)
		}
	}
	for _, f := range []struct {
		name  string
		value time.Duration
	}{
		{"delay", p.Delay}, {"jitter", p.Jitter}, {"spike delay", p.SpikeDelay}, {"queue", p.Queue},
		{"time between outages", p.OutageEvery}, {"length of an outage", p.OutageFor}, {"pace", p.Pace},
	} {
		if f.value < 0 || f.value > longest {
			return fmt.Errorf("%s %v: must be between 0 and %v", f.name, f.value, longest)
		}
	}
	switch {
	case p.Burst != 0 && !(p.Burst >= 1 && p.Burst <= math.MaxInt32):
		return fmt.Errorf("burst %v: must be 0 or a number of packets from 1 on", p.Burst)
	case p.Pace > 0 && p.Pace < leastPace:
		return fmt.Errorf("pace %v: must be 0 for losses packet by packet, or %v or more", p.Pace, leastPace)
	case p.Rate < 0:
		return fmt.Errorf("rate %d: must be 0 for no limit, or bits per second", p.Rate)
	case p.Spike > 0 && p.SpikeDelay == 0:
		return fmt.Errorf("spike %v: needs a spike delay", p.Spike)
	case p.OutageFor > 0 && p.OutageEvery == 0:
		return fmt.Errorf("length of an outage %v: needs a time between outages", p.OutageFor)
	case p.OutageFor > p.OutageEvery:
		return fmt.Errorf("length of an outage %v: must not be more than the time between outages, %v", p.OutageFor,
			p.OutageEvery)
	}
	return nil
}
