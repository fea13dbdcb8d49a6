package admin

import (
	"testing"
	"time"

	"pong/internal/server"
	"pong/internal/shard"
	"pong/internal/wire"
)

// TestMeter_RatesAreSinceTheSnapshotBefore reads counters that grow over two seconds, in two shards.
func TestMeter_RatesAreSinceTheSnapshotBefore(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	snap := &server.Snapshot{Shards: make([]shard.Stats, 2), Refused: map[string]int{wire.CodeDenied: 5}}
	for i := range snap.Shards {
		s := &snap.Shards[i]
		s.Counts = shard.Counts{Matches: 3, Players: 5, Datagrams: 1000, Accepted: 900, Sent: 400,
			Traffic: shard.Traffic{Skipped: 7}}
		s.Ready = 1
	}
	m := NewMeter(start, time.Second)
	m.Read(start.Add(10*time.Second), 2*time.Second, snap)
	for i := range snap.Shards {
		c := &snap.Shards[i].Counts
		c.Datagrams, c.Accepted, c.Sent, c.Skipped = c.Datagrams+600, c.Accepted+580, c.Sent+300, c.Skipped+2
		for b, bound := range shard.DurationBounds() {
			if bound > 0.003 {
				snap.Shards[i].Lateness.Buckets[b]++
				break
			}
		}
	}
	snap.Refused[wire.CodeDenied] += 60
	got := m.Read(start.Add(12*time.Second), 3*time.Second, snap)
	late := got.Lateness
	got.Lateness = 0
	want := Activity{Matches: 6, Players: 10, Ready: 2, Uptime: 12 * time.Second, CPU: 0.5, In: 600, Out: 300,
		Dropped: 20, Denied: 30, Skipped: 2}
	if got != want {
		t.Errorf("after two seconds: got %+v, want %+v", got, want)
	}
	if late < 2*time.Millisecond || late > 5*time.Millisecond {
		t.Errorf("lateness p99 of ticks that were 3 ms late: got %v", late)
	}
	if again := m.Read(start.Add(13*time.Second), 3*time.Second, snap); again.In != 0 || again.CPU != 0 ||
		again.Lateness != 0 {
		t.Errorf("a second later, without traffic: got %+v, want no rates", again)
	}
}

func TestMeter_UnknownCPUTimeIsNegative(t *testing.T) {
	start := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	if a := NewMeter(start, 0).Read(start, 0, new(server.Snapshot)); a.CPU >= 0 || a.In != 0 {
		t.Errorf("without CPU time and time that has passed: got %+v, want a negative CPU and no rates", a)
	}
}

func TestStateOf(t *testing.T) {
	for want, r := range map[string]shard.Row{
		"waiting": {},
		"ready":   {Ready: true},
		"playing": {Ready: true, Begun: true},
		"paused":  {Begun: true, Paused: true},
		"over":    {Ready: true, Begun: true, Over: true},
	} {
		if got := StateOf(&r); got != want {
			t.Errorf("StateOf(%+v) = %q, want %q", r, got, want)
		}
	}
}
