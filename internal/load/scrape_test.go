package load

import (
	"math"
	"strings"
	"testing"
)

const exposition = `# TYPE pong_ticks_total counter
pong_ticks_total{shard="1"} 600
pong_ticks_total{shard="2"} 1200
# TYPE pong_inputs_total counter
pong_inputs_total{shard="1"} 10
# TYPE pong_states_total counter
pong_states_total{shard="1"} 5
# TYPE pong_states_skipped_total counter
pong_states_skipped_total{shard="1"} 1
# TYPE pong_datagrams_dropped_total counter
pong_datagrams_dropped_total{shard="1",reason="forged"} 3
pong_datagrams_dropped_total{shard="2",reason="forged"} 4
pong_datagrams_dropped_total{shard="2",reason="limited"} 0
# TYPE pong_tick_lateness_seconds histogram
pong_tick_lateness_seconds_bucket{shard="1",le="0.001"} 50
pong_tick_lateness_seconds_bucket{shard="1",le="0.002"} 99
pong_tick_lateness_seconds_bucket{shard="1",le="+Inf"} 100
pong_tick_lateness_seconds_sum{shard="1"} 1
pong_tick_lateness_seconds_count{shard="1"} 100
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 12.5
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 5e7
# TYPE go_gc_duration_seconds summary
go_gc_duration_seconds{quantile="1"} 0.001
go_gc_duration_seconds_sum 0.004
go_gc_duration_seconds_count 7
`

func TestScrape_Compare(t *testing.T) {
	to, err := parseScrape(strings.NewReader(exposition))
	if err != nil {
		t.Fatal(err)
	}
	from := &scrape{
		values:  map[string]float64{metricTicks: 600, metricCPU: 12, metricMemory: 4e7},
		dropped: map[string]float64{"forged": 2}, lateness: map[float64]uint64{}, gcs: 5, pauses: 0.001,
	}
	r := compare(&scrape{values: map[string]float64{metricMemory: 3e7}}, from, to, 10)
	if r.CPUSeconds != 0.5 || r.MatchSeconds != 20 || r.CPUPerMatch != 25000 || r.Memory != 5e7 ||
		r.MemoryPerMatch != 2e6 ||
		r.GCs != 2 || math.Abs(r.GCPause-3) > 1e-9 || r.StatesSkipped != 1 {
		t.Errorf("got %+v", r)
	}
	if len(r.DatagramsDropped) != 1 || r.DatagramsDropped["forged"] != 5 {
		t.Errorf("dropped datagrams: got %v, want 5 that were forged", r.DatagramsDropped)
	}
	if q := r.Lateness; math.Abs(q.P50-1) > 1e-9 || math.Abs(q.P99-2) > 1e-9 || math.Abs(q.P999-2) > 1e-9 {
		t.Errorf("lateness: got %v, want 1, 2 and 2 ms", q)
	}
	for _, bad := range []string{"", "no metrics {", strings.ReplaceAll(exposition, "pong_ticks", "ping_ticks")} {
		if _, err := parseScrape(strings.NewReader(bad)); err == nil {
			t.Errorf("metrics %.30q: got no error", bad)
		}
	}
	for text, want := range map[string]string{
		"127.0.0.1:9555": "http://127.0.0.1:9555/metrics", "http://h:1/metrics": "http://h:1/metrics",
		"https://h/": "https://h/metrics",
	} {
		if got := metricsURL(text); got != want {
			t.Errorf("metricsURL(%q) = %s, want %s", text, got, want)
		}
	}
}
