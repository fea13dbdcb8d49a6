package shard

import (
	"testing"
	"time"
)

func TestStats_BusyShardIsFull(t *testing.T) {
	d := newTestShard(t, nil)
	if _, _, full := d.Stats(d.now, 0); full {
		t.Error("an idle shard is full")
	}
	d.CountWork(time.Minute, 0)
	v, _, full := d.Stats(d.now, 0)
	if !full || v.Counts.Load < busyFrom {
		t.Errorf("after a minute of work without a pause full = %v and Load = %.2f, want true and more than %v", full,
			v.Counts.Load, busyFrom)
	}
}
