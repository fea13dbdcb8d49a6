package netsim

import (
	"math/bits"
	"time"
)

// exponential returns an exponentially distributed time with the given mean from a random word: -mean * ln(u), where u
// is the word as a fraction in (0, 1].
func exponential(word uint64, mean time.Duration) time.Duration {
	high, low := bits.Mul64(uint64(mean), negativeLog(word))
	if high >= 1<<28 {
		return longestSpell
	}
	return min(longestSpell, time.Duration(high<<32|low>>32))
}

// longestSpell bounds the results of exponential, so that sums of a few of them do not overflow.
const longestSpell time.Duration = 1 << 60

// negativeLog returns -ln(u) in units of 2^-32, where u is x as a fraction in (0, 1]; 0 counts as 2^-64.
//
// It computes bit after bit of the binary logarithm by squaring, with integers only. math.Log has other last digits on
// other processors, and a time must not depend on the machine.
func negativeLog(x uint64) uint64 {
	const ln2 = 0xb17217f7d1cf79ac // in units of 2^-64
	x = max(x, 1)
	zeros := bits.LeadingZeros64(x)
	m := x << zeros // in [1, 2), in units of 2^-63
	fraction := uint64(0)
	for range 32 {
		high, low := bits.Mul64(m, m)
		fraction <<= 1
		if high>>63 == 1 { // the square is 2 or more
			fraction |= 1
			m = high
		} else {
			m = high<<1 | low>>63
		}
	}
	high, _ := bits.Mul64(uint64(zeros+1)<<32-fraction, ln2)
	return high
}
