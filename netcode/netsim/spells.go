package netsim

import "time"

// spells is the model of gilbert in time: the line is good and bad in turn, each for an exponentially distributed time,
// and a packet is lost if it is sent while the line is bad. This is the two-state chain of Gilbert (1960) and Elliott
// (1963) with transitions at any moment instead of one for each digit.
//
// The state depends on the seed and the time alone, not on the packets. A sender of more packets loses the same share
// of them, but more in a row. Packets that are sent Profile.Pace apart see the same chain as that of gilbert: the
// correlation of the states at two moments falls by exp(-Pace/memory) in a Pace, and set chooses memory so that this is
// what gilbert has from packet to packet.
type spells struct {
	share   float64          // of the time in which the line is bad
	mean    [2]time.Duration // of a good and of a bad spell
	active  bool             // if false, packets are lost as gilbert has it
	changed bool             // mean is new, and the rest of the present spell is not drawn yet
	begun   bool             // there is a present spell
	bad     bool
	until   time.Duration // end of the present spell
	drawn   uint64        // number of words drawn
}

// leastPace bounds the number of spells in a second.
const leastPace = time.Millisecond

// set takes the mean loss and the mean burst of packets that are sent a pace apart. Losses without a memory are left to
// gilbert, as are losses of nothing and of everything, during which the spells go on.
func (s *spells) set(loss, burst float64, pace time.Duration) {
	s.active = false
	if pace <= 0 || !(loss > 0 && loss < 1) || !(burst > 1) {
		return
	}
	kept := (1 - 1/burst - loss) / (1 - loss) // the correlation from packet to packet
	if !(kept > 0.0004) {
		return
	}
	s.active = true
	memory := float64(max(pace, leastPace)) / (float64(max(negativeLog(uint64(kept*0x1p64)), 1)) * 0x1p-32)
	mean := [2]time.Duration{spell(memory / loss), spell(memory / (1 - loss))}
	if mean != s.mean {
		s.share, s.mean, s.changed = loss, mean, true
	}
}

func spell(nanoseconds float64) time.Duration {
	return time.Duration(min(nanoseconds, float64(longestSpell)))
}

// isBad reports whether the line is bad at the time t, which must not run backwards.
func (s *spells) isBad(t time.Duration, d *dice) bool {
	if s.changed {
		// An exponential distribution has no memory, so the rest of a spell is distributed like a whole one.
		if !s.begun {
			s.begun, s.bad = true, d.unitAt(rollSpell, s.word()) < s.share
		}
		s.changed, s.until = false, t
		s.until += s.length(d)
	}
	for s.until <= t {
		s.bad = !s.bad
		s.until += s.length(d)
	}
	return s.bad
}

// length draws the length of a spell of the present kind.
func (s *spells) length(d *dice) time.Duration {
	mean := s.mean[0]
	if s.bad {
		mean = s.mean[1]
	}
	return max(1, exponential(d.at(rollSpell, s.word()), mean))
}

func (s *spells) word() uint64 {
	s.drawn++
	return s.drawn
}
