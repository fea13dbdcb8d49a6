package shard

import "time"

// The rate limit of a session's datagrams: twice what a client with 60 INPUTs a second sends.
const (
	bucketRate  = 120 // a second
	bucketBurst = 60
)

// A bucket is a token bucket. Only authentic datagrams take tokens, so that forgeries cannot drain a player's bucket.
type bucket struct {
	tokens float64
	at     time.Time // of the last take
}

func newBucket(now time.Time) bucket { return bucket{bucketBurst, now} }

// take takes a token. It returns false if there is none.
func (b *bucket) take(now time.Time) bool {
	b.tokens = min(bucketBurst, b.tokens+bucketRate*now.Sub(b.at).Seconds())
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
