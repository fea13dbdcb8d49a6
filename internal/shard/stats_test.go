package shard

import (
	"testing"
	"time"
)

// TestStats_BusyShardIsFull, so that a balancer sends the next players elsewhere.
func TestStats_BusyShardIsFull(t *testing.T) {
	d := newTestShard(t, nil)
	if _, _, full := d.Stats(d.now, 0); full {
		t.Error("an idle shard says that it is full")
	}
	d.CountWork(time.Minute, 0)
	v, _, full := d.Stats(d.now, 0)
	if !full || v.Counts.Load < busyFrom {
		t.Errorf("after a minute of work without a pause: full %v, load %.2f", full, v.Counts.Load)
	}
}
