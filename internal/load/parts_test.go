package load

import (
	"bytes"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"pong/netcode/netsim"
)

func TestHistogramIsRightToTwoPerCent(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		d := time.Duration(math.Exp(chance.Float64()*math.Log(3.5e9))) * time.Microsecond
		var h histogram
		h.add(d)
		if got := h.quantile(0.5); math.Abs(float64(got-d)) > 0.016*float64(d)+1000 {
			t.Fatalf("%v is read as %v", d, got)
		}
	}
	var h histogram
	if h.quantile(0.5) != 0 {
		t.Error("without values there is a median")
	}
	for i := range 1000 {
		h.add(time.Duration(i+1) * time.Millisecond)
	}
	h.add(-time.Second)
	h.add(math.MaxInt64)
	if q := h.quantiles(); math.Abs(q.P50-500) > 10 || math.Abs(q.P99-990) > 20 || math.Abs(q.P999-1000) > 20 {
		t.Errorf("of 1 to 1000 ms: %v", q)
	}
}

func TestParseImpair(t *testing.T) {
	p, err := ParseImpair("delay=20ms,jitter=5ms,loss=5%,burst=2,reorder=0.01,duplicate=1%")
	want := netsim.Profile{Delay: 20 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Burst: 2, Reorder: 0.01, Duplicate: 0.01}
	if err != nil || p != want {
		t.Errorf("parsed as %+v, %v", p, err)
	}
	for _, bad := range []string{"", "delay", "delay=20", "loss=120%", "loss=x", "speed=1", "delay=-1s", "delay=1ms,,"} {
		if p, err := ParseImpair(bad); err == nil {
			t.Errorf("%q is parsed as %+v", bad, p)
		}
	}
}

// TestImpairment delays and loses as a link of its own for each player would, both ways.
func TestImpairment(t *testing.T) {
	type passed struct {
		at   time.Duration
		i    int
		data byte
	}
	var now time.Duration
	var up, down []passed
	m := &impairment{
		epoch: time.Unix(0, 0), up: netsim.Profile{Delay: 20 * time.Millisecond, Loss: 0.1}, down: netsim.Profile{Delay: 6 * time.Second},
		send: func(i int, b []byte) { up = append(up, passed{now, i, b[0]}) },
		take: func(at time.Duration, b []byte) { down = append(down, passed{at, int(b[1]), b[0]}) },
	}
	for range 50 {
		m.add()
	}
	const packets = 200
	for now = 0; now < 10*time.Second; now += time.Millisecond {
		if k := int(now / (5 * time.Millisecond)); now%(5*time.Millisecond) == 0 && k < packets {
			for i := range 50 {
				m.sendUp(now, i, []byte{byte(k)})
				m.takeDown(now, i, []byte{byte(k), byte(i)})
			}
		}
		m.advance(now)
	}
	if len(down) != 50*packets {
		t.Errorf("%d of %d packets have come down", len(down), 50*packets)
	}
	if lost := 1 - float64(len(up))/(50*packets); lost < 0.08 || lost > 0.12 {
		t.Errorf("%.3f were lost on the way up, want 0.1", lost)
	}
	for _, p := range up {
		if sent := time.Duration(p.data) * 5 * time.Millisecond; p.at < sent+20*time.Millisecond || p.at > sent+22*time.Millisecond {
			t.Fatalf("a packet sent at %v passes at %v, want 20 ms later", sent, p.at)
		}
	}
	for _, p := range down {
		if sent := time.Duration(p.data) * 5 * time.Millisecond; p.at != sent+6*time.Second {
			t.Fatalf("a packet sent at %v arrives at %v, want 6 s later", sent, p.at)
		}
	}
	for at, list := range m.wheel {
		if len(list) > 0 {
			t.Fatalf("spoke %d still has %d links when all has passed", at, len(list))
		}
	}
}

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

func TestScrapesAreCompared(t *testing.T) {
	to, err := parseScrape(strings.NewReader(exposition))
	if err != nil {
		t.Fatal(err)
	}
	from := &scrape{
		values:  map[string]float64{metricTicks: 600, metricCPU: 12, metricMemory: 4e7},
		dropped: map[string]float64{"forged": 2}, lateness: map[float64]uint64{}, gcs: 5, pauses: 0.001,
	}
	r := compare(&scrape{values: map[string]float64{metricMemory: 3e7}}, from, to, 10)
	if r.CPUSeconds != 0.5 || r.MatchSeconds != 20 || r.CPUPerMatch != 25000 || r.Memory != 5e7 || r.MemoryPerMatch != 2e6 ||
		r.GCs != 2 || math.Abs(r.GCPause-3) > 1e-9 || r.StatesSkipped != 1 {
		t.Errorf("compared as %+v", r)
	}
	if len(r.DatagramsDropped) != 1 || r.DatagramsDropped["forged"] != 5 {
		t.Errorf("dropped %v", r.DatagramsDropped)
	}
	if q := r.Lateness; math.Abs(q.P50-1) > 1e-9 || math.Abs(q.P99-2) > 1e-9 || math.Abs(q.P999-2) > 1e-9 {
		t.Errorf("lateness %v", q)
	}
	for _, bad := range []string{"", "no metrics {", strings.ReplaceAll(exposition, "pong_ticks", "ping_ticks")} {
		if _, err := parseScrape(strings.NewReader(bad)); err == nil {
			t.Errorf("%.30q is read as metrics", bad)
		}
	}
	for text, want := range map[string]string{
		"127.0.0.1:9555": "http://127.0.0.1:9555/metrics", "http://h:1/metrics": "http://h:1/metrics", "https://h/": "https://h/metrics",
	} {
		if got := metricsURL(text); got != want {
			t.Errorf("the metrics of %s are at %s, want %s", text, got, want)
		}
	}
}

// TestTable prints what matters, with and without the server's side.
func TestTable(t *testing.T) {
	r := &Report{
		Address: "127.0.0.1:5555", Asked: 1000, Playing: 999, Seconds: 10, StateRate: 20, Sources: true,
		Join: JoinReport{Players: 1998, Failed: map[string]int{"full": 2}, Seconds: 4, PerSecond: 500},
		Out:  TrafficReport{1_200_000, 74_400_000}, In: TrafficReport{400_000, 38_000_000}, Inputs: 1_200_000, States: 400_000,
		LostDown: 4000, Missed: 12, Stale: 3, RTT: Quantiles{0.2, 1.5, 3}, LoadCPU: 4.5, ControlGone: map[string]int{},
	}
	var out bytes.Buffer
	if err := r.WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"1998 of 2000 players in 4.00 s: 500 a second; 2 full", "999 matches for 10.0 s", "1 200 000 INPUTs", "120 000 a second, 7.44 MB/s",
		"4 000 (0.990 %), 3 late STATEs", "12 (0.001 %)", "0.20 / 1.50 / 3.00 ms", "4.50 s, 45.0 % of a core",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "lateness") || strings.Contains(out.String(), "fell behind") {
		t.Errorf("the table speaks of what there was not:\n%s", out.String())
	}
	r.NotSent, r.Server = 77, &ServerReport{
		CPUSeconds: 6, CPUPerMatch: 600, InputsSent: 100, InputsAccepted: 99, StatesSent: 9, StatesSkipped: 1, Memory: 5e7, MemoryPerMatch: 5e4,
		Lateness: Quantiles{0.1, 0.9, 2}, DatagramsDropped: map[string]float64{"forged": 5},
	}
	out.Reset()
	if err := r.WriteTable(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"99 of 100 (1.000 % lost)", "60.0 % of a core, 600 us a match-second", "0.10 / 0.90 / 2.00 ms", "1 of 10", "50 MB, 50 KB a match", "5 forged", "77 not sent because this program fell behind"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table does not say %q:\n%s", want, out.String())
		}
	}
}

func TestSources(t *testing.T) {
	loopback := netip.MustParseAddr("127.0.0.1")
	if !hasSources(loopback) {
		t.Log("this system has one loopback address")
	} else {
		seen := map[netip.Addr]bool{}
		for i := range 2 * MaxMatches {
			a := source(i, loopback)
			if seen[a] || !a.IsLoopback() || a.As4()[1] == 0 {
				t.Fatalf("player %d has address %v, which another has, or a server might", i, a)
			}
			seen[a] = true
		}
	}
	for _, far := range []string{"::1", "192.0.2.1"} {
		if a := source(3, netip.MustParseAddr(far)); a.IsValid() {
			t.Errorf("towards %s a player would have the address %v", far, a)
		}
	}
}
