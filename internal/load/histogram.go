package load

import (
	"math/bits"
	"time"
)

// The shape of a histogram: 64 buckets for each doubling, from a microsecond to an hour. A value is read back with an
// error of at most 1.6 %.
const (
	fine    = 6 // log2 of the buckets for each doubling
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

// bucket returns the bucket of a value. Buckets are linear below 2^fine; above, their number holds the leading bit
// and the fine bits that follow it.
func bucket(us uint64) int {
	if us < 1<<fine {
		return int(us)
	}
	shift := bits.Len64(us) - 1 - fine
	return (shift+1)<<fine + int(us>>shift)&(1<<fine-1)
}

// quantile returns the duration below which a share of the values lies, 0 if there are none.
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

// middle returns the value in the middle of a bucket.
func middle(i int) time.Duration {
	if i < 1<<fine {
		return time.Duration(i) * time.Microsecond
	}
	shift := i>>fine - 1
	low := (1<<fine + i&(1<<fine-1)) << shift
	return time.Duration(low)*time.Microsecond + time.Duration(1<<shift-1)*time.Microsecond/2
}
