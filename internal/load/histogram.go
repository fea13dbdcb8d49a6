package load

import (
	"math/bits"
	"time"
)

// The shape of a histogram: 64 buckets for each doubling, from a microsecond to an hour, so that what is read from it
// is right to 1.6 per cent.
const (
	fine    = 6 // as a power of two
	buckets = (32 - fine + 1) << fine
)

// A histogram counts durations in microseconds.
type histogram struct {
	counts [buckets]uint32
	n      int
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucket(uint64(min(max(d/time.Microsecond, 0), 1<<32-1)))]++
	h.n++
}

// bucket is linear below 2^fine, and then holds the leading bit and the fine bits behind it.
func bucket(us uint64) int {
	if us < 1<<fine {
		return int(us)
	}
	shift := bits.Len64(us) - 1 - fine
	return (shift+1)<<fine + int(us>>shift)&(1<<fine-1)
}

// quantile returns the duration below which a share lies, 0 if nothing was counted.
func (h *histogram) quantile(share float64) time.Duration {
	want, seen := share*float64(h.n), 0
	for i, n := range h.counts {
		seen += int(n)
		if n > 0 && float64(seen) >= want {
			return middle(i)
		}
	}
	return 0
}

// middle is the value in the middle of a bucket.
func middle(i int) time.Duration {
	if i < 1<<fine {
		return time.Duration(i) * time.Microsecond
	}
	shift := i>>fine - 1
	low := (1<<fine + i&(1<<fine-1)) << shift
	return time.Duration(low)*time.Microsecond + time.Duration(1<<shift-1)*time.Microsecond/2
}
