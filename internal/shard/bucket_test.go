package shard

import (
	"testing"
	"time"
)

func TestBucket(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBucket(now)
	take := func(n int) (taken int) {
		for range n {
			if b.take(now) {
				taken++
			}
		}
		return taken
	}
	if n := take(100); n != bucketBurst {
		t.Errorf("a full bucket has given %d of 100, want %d", n, bucketBurst)
	}
	now = now.Add(time.Second / 4)
	if n := take(100); n != bucketRate/4 {
		t.Errorf("a quarter of a second later: %d, want %d", n, bucketRate/4)
	}
	now = now.Add(time.Hour)
	if n := take(1000); n != bucketBurst {
		t.Errorf("an hour later: %d, want no more than a burst of %d", n, bucketBurst)
	}
	for i := range 1000 { // twice as many as a client sends, for long
		now = now.Add(time.Second / (bucketRate - 1))
		if !b.take(now) {
			t.Fatalf("datagram %d of %d a second is refused", i, bucketRate-1)
		}
	}
}
