package netsim

import "time"

// stalls are Profile.Spike in time: a stall begins at random moments, and a packet that meets it waits for its end.
// The times from one beginning to the next are exponentially distributed, with one beginning for every 1/Spike packets
// that are sent Profile.Pace apart.
//
// A stall of Profile.Spike begins with a packet, which waits for all of it. One in time begins half a Pace before the
// first packet that meets it, on average, and is longer by as much. So the waits of packets that are sent a Pace apart
// are distributed nearly as without a Pace.
type stalls struct {
	mean    time.Duration // between two beginnings
	longest time.Duration
	more    time.Duration // half a Pace
	active  bool
	changed bool          // mean is new, and the next beginning is not drawn yet
	next    time.Duration // when the next stall begins
	until   time.Duration // end of the last stall that began
	drawn   uint64        // number of stalls drawn
}

func (s *stalls) set(spike float64, longest, pace time.Duration) {
	s.active = pace > 0 && spike > 0 && longest > 0
	if !s.active {
		return
	}
	pace = max(pace, leastPace)
	s.longest, s.more = longest, pace/2
	if mean := spell(float64(pace) / min(spike, 1)); mean != s.mean {
		s.mean, s.changed = mean, true
	}
}

// wait returns how long the packet that reaches the line at t waits; t must not run backwards.
func (s *stalls) wait(t time.Duration, d *dice) time.Duration {
	if s.changed {
		s.changed, s.next = false, t
		s.step(d)
	}
	for s.next <= t {
		length := time.Duration(d.belowAt(rollStallLength, s.drawn, uint64(s.longest)))
		s.until = max(s.until, s.next+s.more+length)
		s.step(d)
	}
	return max(0, s.until-t)
}

// step draws the next beginning.
func (s *stalls) step(d *dice) {
	s.drawn++
	s.next += max(1, exponential(d.at(rollStall, s.drawn), s.mean))
}
