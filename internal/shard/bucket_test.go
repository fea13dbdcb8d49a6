package shard

import (
	"testing"
	"time"
)

func TestBucket(t *testing.T) {
	now := time.Duration(0)
	var b bucket
	take := func(n int) (taken int) {
		for range n {
			if b.take(now) {
				taken++
			}
		}
		return taken
	}
	if n := take(100); n != bucketBurst {
		t.Errorf("a full bucket gave %d of 100 tokens, want %d", n, bucketBurst)
	}
	now += time.Second / 4
	if n := take(100); n != bucketRate/4 {
		t.Errorf("a quarter of a second later it gave %d tokens, want %d", n, bucketRate/4)
	}
	now += time.Hour
	if n := take(1000); n != bucketBurst {
		t.Errorf("an hour later it gave %d tokens, want a burst of %d", n, bucketBurst)
	}
	for i := range 1000 { // twice the rate of a client
		now += time.Second / (bucketRate - 1)
		if !b.take(now) {
			t.Fatalf("take number %d at %d a second failed", i, bucketRate-1)
		}
	}
}
