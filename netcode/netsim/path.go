package netsim

import "time"

// The stages of the path, in the order in which a packet passes them.

const (
	headerBytes  = 28 // IPv4 and UDP headers, which a bottleneck has to carry too
	defaultQueue = 300 * time.Millisecond
)

func (l *Link) inOutage(t time.Duration) bool {
	every := l.profile.OutageEvery
	return every > 0 && t >= every && t%every < l.profile.OutageFor
}

// bottleneck returns when a packet leaves the slowest hop, or false if the queue before it is full.
func (l *Link) bottleneck(t time.Duration, size int) (out time.Duration, ok bool) {
	if l.bytes >= bytesInFlight {
		return 0, false
	}
	rate := l.profile.Rate
	if rate <= 0 {
		return t, true
	}
	limit := l.profile.Queue
	if limit <= 0 {
		limit = defaultQueue
	}
	begin := max(t, l.busy)
	if begin-t > limit {
		return 0, false
	}
	l.busy = begin + time.Duration(int64(size+headerBytes)*8*int64(time.Second)/rate)
	return l.busy, true
}

// transit returns the delay behind the bottleneck, which is never negative.
func (l *Link) transit(r roll) time.Duration {
	if l.profile.Jitter == 0 {
		return max(0, l.profile.Delay)
	}
	return max(0, l.profile.Delay+l.dice.normal(r, l.profile.Jitter))
}

// loses reports whether a packet that is sent at t is lost.
func (l *Link) loses(t time.Duration) bool {
	unit := l.dice.unit(rollLoss)
	if l.spells.active {
		return l.spells.isBad(t, &l.dice)
	}
	return l.loss.lose(unit)
}

// spike returns the extra delay of a packet that leaves the bottleneck at out: with a Pace the rest of the present
// stall, without one the delay of a packet with which a stall begins. Because the order is kept, the packets behind it
// wait as well, and then all arrive at once, as on Wi-Fi.
func (l *Link) spike(out time.Duration) time.Duration {
	if l.stalls.active {
		return l.stalls.wait(out, &l.dice)
	}
	if l.profile.SpikeDelay <= 0 || !l.dice.chance(rollSpike, l.profile.Spike) {
		return 0
	}
	return time.Duration(l.dice.below(rollSpikeLength, uint64(l.profile.SpikeDelay)))
}

// damage flips one bit of a packet with the probability Profile.Corrupt.
func (l *Link) damage(data []byte) {
	if len(data) == 0 || !l.dice.chance(rollCorrupt, l.profile.Corrupt) {
		return
	}
	bit := l.dice.below(rollBit, 8*uint64(len(data)))
	data[bit/8] ^= 1 << (bit % 8)
	l.stats.Corrupted++
}
