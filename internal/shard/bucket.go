package shard

import "time"

// The rate limit of a session's datagrams: twice what a client with 60 INPUTs a second sends.
const (
	bucketRate  = 120 // a second
	bucketBurst = 60
)

// A bucket is a token bucket. Only authentic datagrams take tokens, so that forgeries cannot drain a player's bucket.
// It is kept as the time at which it is full, so that a token costs an addition and two comparisons. Times are since
// the shard's epoch. The zero value is full.
type bucket struct{ full time.Duration }

// take takes a token. It returns false if there is none.
func (b *bucket) take(now time.Duration) bool {
	const interval = time.Second / bucketRate
	full := max(b.full, now) + interval
	if full-now > bucketBurst*interval {
		return false
	}
	b.full = full
	return true
}
