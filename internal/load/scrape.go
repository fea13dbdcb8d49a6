package load

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// The names of the server's metrics that are read. TestRun_BothSidesAgree compares them with those of a real server.
const (
	metricTicks    = "pong_ticks_total"
	metricInputs   = "pong_inputs_total"
	metricStates   = "pong_states_total"
	metricSkipped  = "pong_states_skipped_total"
	metricDropped  = "pong_datagrams_dropped_total"
	metricLateness = "pong_tick_lateness_seconds"
	metricCPU      = "process_cpu_seconds_total"
	metricMemory   = "process_resident_memory_bytes"
	metricGC       = "go_gc_duration_seconds"
)

// needed are the metrics that a report cannot do without.
var needed = []string{metricTicks, metricInputs, metricStates, metricSkipped, metricDropped, metricLateness, metricCPU,
	metricMemory, metricGC}

// A scrape holds the server's metrics at a moment, summed over its shards.
type scrape struct {
	values   map[string]float64 // by name, counters and gauges
	dropped  map[string]float64 // by reason
	lateness map[float64]uint64 // cumulative, by upper bound
	gcs      uint64             // garbage collections
	pauses   float64            // of garbage collections, in seconds
}

// metricsURL returns the URL of the metrics for an admin address as a person types it.
func metricsURL(admin string) string {
	if !strings.Contains(admin, "://") {
		admin = "http://" + admin
	}
	return strings.TrimSuffix(strings.TrimSuffix(admin, "/"), "/metrics") + "/metrics"
}

const (
	scrapeWithin = 5 * time.Second
	scrapeBytes  = 4 << 20
)

func takeScrape(ctx context.Context, admin string) (*scrape, error) {
	ctx, cancel := context.WithTimeout(ctx, scrapeWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, metricsURL(admin), nil)
	if err != nil {
		return nil, fmt.Errorf("the server's metrics: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the server's metrics: %w: was it started with --admin?", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server's metrics: %s answered %s", metricsURL(admin), response.Status)
	}
	return parseScrape(io.LimitReader(response.Body, scrapeBytes))
}

// parseScrape parses metrics in the text format of Prometheus.
func parseScrape(r io.Reader) (*scrape, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(r)
	if err != nil {
		return nil, fmt.Errorf("cannot parse the server's metrics: %w", err)
	}
	for _, name := range needed {
		if families[name] == nil {
			return nil, fmt.Errorf("the server's metrics have no %s: is it a Pong server of this version?", name)
		}
	}
	s := &scrape{values: make(map[string]float64), dropped: make(map[string]float64),
		lateness: make(map[float64]uint64)}
	for _, name := range needed {
		for _, m := range families[name].GetMetric() {
			s.values[name] += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			s.add(name, m)
		}
	}
	return s, nil
}

// add adds a metric that is more than a number: by reason, a histogram or a summary.
func (s *scrape) add(name string, m *dto.Metric) {
	switch name {
	case metricDropped:
		for _, l := range m.GetLabel() {
			if l.GetName() == "reason" {
				s.dropped[l.GetValue()] += m.GetCounter().GetValue()
			}
		}
	case metricLateness:
		for _, b := range m.GetHistogram().GetBucket() {
			s.lateness[b.GetUpperBound()] += b.GetCumulativeCount()
		}
	case metricGC:
		s.gcs += m.GetSummary().GetSampleCount()
		s.pauses += m.GetSummary().GetSampleSum()
	}
}

// A ServerReport holds the server's own figures over a measurement.
type ServerReport struct {
	CPUSeconds     float64   `json:"cpu_seconds"`
	CPUPerMatch    float64   `json:"cpu_us_per_match_second"`
	MatchSeconds   float64   `json:"match_seconds"`
	Lateness       Quantiles `json:"tick_lateness_ms"`
	Memory         float64   `json:"memory_bytes"`
	MemoryPerMatch float64   `json:"memory_bytes_per_match"` // growth since before the first join
	GCs            int       `json:"gc_cycles"`
	GCPause        float64   `json:"gc_pause_ms"` // in all
	// from shortly before the measurement to its end, counted while none was under way
	InputsSent       int                `json:"inputs_sent"`
	InputsAccepted   int                `json:"inputs_accepted"`
	StatesSent       int                `json:"states_sent"`
	StatesSkipped    int                `json:"states_skipped"`
	DatagramsDropped map[string]float64 `json:"datagrams_dropped"`
}

// compare reports what happened between two scrapes. The growth of memory is since a scrape before any player joined.
func compare(before, from, to *scrape, matches int) *ServerReport {
	d := func(name string) float64 { return to.values[name] - from.values[name] }
	r := &ServerReport{
		CPUSeconds: d(metricCPU), MatchSeconds: d(metricTicks) / float64(time.Second/period),
		Memory: to.values[metricMemory], GCs: int(to.gcs - from.gcs), GCPause: (to.pauses - from.pauses) * 1e3,
		StatesSent: int(d(metricStates)), StatesSkipped: int(d(metricSkipped)),
		DatagramsDropped: make(map[string]float64),
	}
	if r.MatchSeconds > 0 {
		r.CPUPerMatch = r.CPUSeconds / r.MatchSeconds * 1e6
	}
	if matches > 0 {
		r.MemoryPerMatch = max(r.Memory-before.values[metricMemory], 0) / float64(matches)
	}
	for reason, n := range to.dropped {
		if n -= from.dropped[reason]; n > 0 {
			r.DatagramsDropped[reason] = n
		}
	}
	late := make(map[float64]uint64)
	for bound, n := range to.lateness {
		late[bound] = n - from.lateness[bound]
	}
	r.Lateness = Quantiles{P50: 1e3 * quantileOf(late, 0.5), P99: 1e3 * quantileOf(late, 0.99),
		P999: 1e3 * quantileOf(late, 0.999)}
	return r
}

// quantileOf interpolates in cumulative buckets, like histogram_quantile of Prometheus. The last bucket has no upper
// bound to interpolate to, so the greatest finite bound stands for it.
func quantileOf(cumulative map[float64]uint64, share float64) float64 {
	bounds := slices.Sorted(maps.Keys(cumulative))
	if len(bounds) < 2 || cumulative[bounds[len(bounds)-1]] == 0 {
		return 0
	}
	want := share * float64(cumulative[bounds[len(bounds)-1]])
	below, at := 0.0, 0.0
	for _, b := range bounds[:len(bounds)-1] {
		n := float64(cumulative[b])
		if n >= want {
			if n > below {
				at += (b - at) * (want - below) / (n - below)
			}
			return at
		}
		below, at = n, b
	}
	return at
}
