package shard

import "time"

// The limit on a session's datagrams, for which a client of 60 INPUTs a second has room twice over.
const (
	bucketRate  = 120 // a second
	bucketBurst = 60
)

// A bucket is a token bucket (RFC 2697 without colours). It is asked only about authentic datagrams, or a forger
// could drain a player's.
type bucket struct {
	tokens float64
	at     time.Time
}

func newBucket(now time.Time) bucket { return bucket{bucketBurst, now} }

func (b *bucket) take(now time.Time) bool {
	b.tokens = min(bucketBurst, b.tokens+bucketRate*now.Sub(b.at).Seconds())
	b.at = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
