package shard

import (
	"math"
	"math/bits"
	"time"
)

// The shape of a Histogram of durations: four buckets for each doubling, from 16 us to a quarter of a second, and one
// for all that is longer. What quantile is asked for is then known to a tenth of itself.
const (
	shortest    = 4 // as a power of two, in microseconds
	doublings   = 14
	perDoubling = 4
	buckets     = doublings*perDoubling + 2 // one below and one above
)

// The shape of a Histogram of margins: half ticks from least margin on.
const leastMargin = -4 // ticks

// A Histogram counts values in buckets that are fixed, so that to count one costs a few additions and no allocation. It
// belongs to the loop of a shard, and everybody else gets a copy. The last bucket is for what lies above all bounds.
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

// Add adds what another histogram of the same kind has counted.
func (h *Histogram) Add(other *Histogram) {
	for i, n := range other.Buckets {
		h.Buckets[i] += n
	}
	h.Sum += other.Sum
}

// Since returns what was counted after an earlier copy was made.
func (h Histogram) Since(earlier *Histogram) Histogram {
	for i, n := range earlier.Buckets {
		h.Buckets[i] -= n
	}
	h.Sum -= earlier.Sum
	return h
}

// Quantile returns an upper bound of the value below which a share of all lies: that of the bucket in which it is, by
// the bounds of the histogram's kind. It is 0 without values, and the greatest bound for what lies above all.
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

// observe counts a duration; a negative one counts as none.
func (h *Histogram) observe(d time.Duration) {
	h.Buckets[durationBucket(d)]++
	h.Sum += max(d, 0).Seconds()
}

// durationBucket finds the bucket without a search: the position of the leading bit, and the two bits behind it.
func durationBucket(d time.Duration) int {
	// Of whole microseconds and so that a value at a bound lies below it, as Prometheus counts.
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

// MarginBounds returns the same of a Histogram of margins, in ticks.
func MarginBounds() []float64 {
	var bounds []float64
	for i := range buckets - 1 {
		bounds = append(bounds, leastMargin+float64(i)/2)
	}
	return bounds
}

// histograms are what a shard measures while it plays. They are its loop's alone.
type histograms struct {
	lateness Histogram // from when a tick is due to when it is played
	rtt      Histogram // of the players
	margin   Histogram // of inputs, in ticks
}
