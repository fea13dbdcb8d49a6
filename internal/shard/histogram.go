package shard

import (
	"math"
	"math/bits"
	"time"
)

// The buckets of a Histogram of durations: four for each doubling from 16 us to a quarter of a second, and one for all
// longer durations. A quantile is then exact to about a tenth of its value.
const (
	shortest    = 4 // as a power of two, in microseconds
	doublings   = 14
	perDoubling = 4
	buckets     = doublings*perDoubling + 2 // one below and one above
)

// The buckets of a Histogram of margins: half ticks from leastMargin on.
const leastMargin = -4 // ticks

// A Histogram counts values in fixed buckets, so that counting takes a few additions and no allocation. It belongs to
// the loop of a shard; everyone else gets a copy. The last bucket is for values above all bounds.
type Histogram struct {
	Buckets [buckets]uint64
	Sum     float64 // of the values, in seconds or in ticks
}

// Count returns how many values were counted.
func (h *Histogram) Count() (n uint64) {
	for _, b := range h.Buckets {
		n += b
	}
	return n
}

// Add adds the counts of another histogram of the same kind.
func (h *Histogram) Add(other *Histogram) {
	for i, n := range other.Buckets {
		h.Buckets[i] += n
	}
	h.Sum += other.Sum
}

// Since returns the counts since an earlier copy was made.
func (h Histogram) Since(earlier *Histogram) Histogram {
	for i, n := range earlier.Buckets {
		h.Buckets[i] -= n
	}
	h.Sum -= earlier.Sum
	return h
}

// Quantile returns an upper bound of the value below which a share of all values lies: the bound of its bucket, given
// the bounds of the histogram's kind. It is 0 without values, and the greatest bound if the value lies above all
// bounds.
func (h *Histogram) Quantile(share float64, bounds []float64) float64 {
	total := h.Count()
	if total == 0 {
		return 0
	}
	want, seen := share*float64(total), uint64(0)
	for i, n := range h.Buckets {
		seen += n
		if float64(seen) >= want && n > 0 {
			return bounds[min(i, len(bounds)-1)]
		}
	}
	return bounds[len(bounds)-1]
}

// observe counts a duration; a negative one counts as 0.
func (h *Histogram) observe(d time.Duration) {
	h.Buckets[durationBucket(d)]++
	h.Sum += max(d, 0).Seconds()
}

// durationBucket computes the bucket from the position of the leading bit and the two bits after it.
func durationBucket(d time.Duration) int {
	// In whole microseconds. A value that is equal to a bound lies below it, as in Prometheus.
	us := uint64(max(d-1, 0) / time.Microsecond)
	if us < 1<<shortest {
		return 0
	}
	doubling := bits.Len64(us) - 1
	part := int(us>>(doubling-2)) & (perDoubling - 1)
	return min(1+(doubling-shortest)*perDoubling+part, buckets-1)
}

// observeTicks counts a margin.
func (h *Histogram) observeTicks(ticks float64) {
	h.Buckets[int(min(max(math.Ceil((ticks-leastMargin)*2), 0), buckets-1))]++
	h.Sum += ticks
}

// DurationBounds returns the upper bounds of all buckets but the last of a Histogram of durations, in seconds.
func DurationBounds() []float64 {
	bounds := []float64{float64(uint(1)<<shortest) / 1e6}
	for d := range doublings {
		for p := range perDoubling {
			bounds = append(bounds, float64(uint(perDoubling+p+1)<<(shortest+d))/perDoubling/1e6)
		}
	}
	return bounds
}

// MarginBounds returns the upper bounds of all buckets but the last of a Histogram of margins, in ticks.
func MarginBounds() []float64 {
	var bounds []float64
	for i := range buckets - 1 {
		bounds = append(bounds, leastMargin+float64(i)/2)
	}
	return bounds
}

// histograms are the distributions that a shard measures.
type histograms struct {
	lateness Histogram // of ticks: from when one is due until it is played
	rtt      Histogram // of players
	margin   Histogram // of inputs, in ticks
}
