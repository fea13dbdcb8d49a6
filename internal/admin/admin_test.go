package admin

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"pong/internal/server"
	"pong/internal/trust"
)

// get sends a request to a handler.
func get(t *testing.T, h http.Handler, path string) (status int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "127.0.0.1"
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// running starts a server of two shards, with one seat each, on loopback, and returns its monitor.
func running(t *testing.T, drain chan struct{}) (monitor *server.Monitor, control string, stop func()) {
	t.Helper()
	listener, sockets, err := server.Listen("127.0.0.1", 0, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	monitor = new(server.Monitor)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Auto: true, MaxPlayers: 1, Monitor: monitor,
		Drain: drain, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- server.Serve(ctx, cfg, listener, sockets) }()
	var once bool
	stop = func() {
		if !once {
			once = true
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Serve: %v", err)
			}
		}
	}
	t.Cleanup(stop)
	for !monitor.Look(0, 0).Serving {
		if t.Context().Err() != nil {
			t.Fatal("the server does not begin to serve")
		}
	}
	return monitor, listener.Addr().String(), stop
}

// families returns the metrics that a handler exposes, parsed by Prometheus's own library.
func families(t *testing.T, h http.Handler) map[string]*dto.MetricFamily {
	t.Helper()
	status, body := get(t, h, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: %d %s", status, body)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	found, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("parse /metrics: %v", err)
	}
	return found
}

// TestMetrics_HoldWhatTheServerCounts checks that the metrics can be parsed, that their names follow the conventions,
// and that they hold the server's figures.
func TestMetrics_HoldWhatTheServerCounts(t *testing.T) {
	monitor, control, _ := running(t, nil)
	for range 3 { // connections of another protocol
		c, err := net.Dial("tcp", control)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
		_, _ = io.Copy(io.Discard, c) // until the server has closed it
		c.Close()
	}
	h := Handler(Config{Monitor: monitor})
	found := families(t, h)
	sum := func(name, label, value string) (n float64) {
		for _, m := range found[name].GetMetric() {
			fits := label == ""
			for _, l := range m.GetLabel() {
				fits = fits || l.GetName() == label && l.GetValue() == value
			}
			if fits {
				n += m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
		return n
	}
	if n := sum("pong_refused_total", "reason", "tls"); n != 3 {
		t.Errorf("%v refusals counted, want 3", n)
	}
	if sum("pong_up", "", "") != 1 || sum("pong_ready", "", "") != 1 || sum("pong_matches", "", "") != 0 {
		t.Error("the metrics of an idle server do not say that it is up, ready and has no matches")
	}
	for _, name := range []string{"pong_tick_lateness_seconds", "pong_rtt_seconds", "pong_input_margin_ticks"} {
		if f := found[name]; f.GetType() != dto.MetricType_HISTOGRAM || len(f.GetMetric()) != 2 ||
			len(f.GetMetric()[0].GetHistogram().GetBucket()) < 30 {
			t.Errorf("%s has type %v, want a histogram for each of two shards", name, f.GetType())
		}
	}
	for _, reason := range []string{"malformed", "unknown", "replayed", "forged", "limited", "unregistered",
		"bad_token", "invalid"} {
		if !slices.ContainsFunc(found["pong_datagrams_dropped_total"].GetMetric(), func(m *dto.Metric) bool {
			return slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool { return l.GetValue() == reason })
		}) {
			t.Errorf("datagrams dropped as %s have no counter", reason)
		}
	}
	for _, name := range []string{"process_cpu_seconds_total", "process_resident_memory_bytes",
		"go_gc_duration_seconds", "go_goroutines"} {
		if found[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	problems, err := testutil.CollectAndLint(newShards(newSource(func() server.Snapshot { return monitor.Look(0, 0) })))
	if err != nil {
		t.Error(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestHandler_HealthOfARealServer checks a server that serves and then ends.
func TestHandler_HealthOfARealServer(t *testing.T) {
	none := Handler(Config{Monitor: new(server.Monitor)})
	if status, _ := get(t, none, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz without a server: status %d, want 503", status)
	}
	drain := make(chan struct{})
	monitor, _, stop := running(t, drain)
	h := Handler(Config{Monitor: monitor})
	want := func(path string, status int, body string) {
		t.Helper()
		if got, text := get(t, h, path); got != status || strings.TrimSpace(text) != body {
			t.Errorf("%s: got %d %q, want %d %q", path, got, text, status, body)
		}
	}
	want("/healthz", http.StatusOK, "alive")
	want("/readyz", http.StatusOK, "ready")
	stop()
	want("/readyz", http.StatusServiceUnavailable, "ending, or not serving yet")
	want("/nothing", http.StatusNotFound, "404 page not found")
}

// TestHandler_Readiness checks snapshots that a test made, such as that of a full server.
func TestHandler_Readiness(t *testing.T) {
	for _, c := range []struct {
		snap   server.Snapshot
		ready  int
		alive  int
		reason string
	}{
		{server.Snapshot{Serving: true}, 200, 200, "ready"},
		{server.Snapshot{Serving: true, Full: true}, 503, 200, "full, or too busy"},
		{server.Snapshot{Full: true}, 503, 200, "ending"},
	} {
		h := figures(func() server.Snapshot { return c.snap })
		if status, body := get(t, h, "/readyz"); status != c.ready || !strings.Contains(body, c.reason) {
			t.Errorf("%+v: /readyz: got %d %q, want %d with %q", c.snap, status, body, c.ready, c.reason)
		}
		if status, _ := get(t, h, "/healthz"); status != c.alive {
			t.Errorf("%+v: /healthz: got %d, want %d", c.snap, status, c.alive)
		}
	}
}

// TestSource_HangingLoopMakesTheServerUnhealthy also checks that requests meanwhile leave no goroutines behind.
func TestSource_HangingLoopMakesTheServerUnhealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung, looks := make(chan struct{}), new(atomic.Int32)
		h := figures(func() server.Snapshot {
			looks.Add(1)
			<-hung
			return server.Snapshot{Serving: true}
		})
		for range 3 {
			if status, body := get(t, h, "/healthz"); status != http.StatusServiceUnavailable ||
				!strings.Contains(body, "does not answer") {
				t.Errorf("/healthz while a loop hangs: got %d %q, want 503", status, body)
			}
		}
		if n := looks.Load(); n != 1 {
			t.Errorf("%d snapshots were begun while a loop hangs, want 1", n)
		}
		close(hung)
		synctest.Wait()
		if status, _ := get(t, h, "/healthz"); status != http.StatusOK {
			t.Errorf("/healthz after the loop continued: got %d, want 200", status)
		}
	})
}

func TestListen_KnowsPrivateAddresses(t *testing.T) {
	for address, want := range map[string]bool{"127.0.0.1:0": true, "localhost:0": true, "0.0.0.0:0": false,
		":0": false} {
		l, private, err := Listen(address)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if private != want {
			t.Errorf("Listen(%s): private is %v, want %v", address, private, want)
		}
	}
	if _, _, err := Listen("nonsense"); err == nil {
		t.Error("Listen(nonsense): got no error")
	}
}

// TestServe_EndsWithItsContext checks that the endpoint is gone afterwards.
func TestServe_EndsWithItsContext(t *testing.T) {
	l, _, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, Config{Monitor: new(server.Monitor)}) }()
	r, err := http.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
	if r, err := http.Get("http://" + l.Addr().String() + "/"); err == nil {
		r.Body.Close()
		t.Error("the endpoint still answers")
	}
}

// TestMetrics_DashboardUsesThemAll compares the queries of docs/grafana.json with the metrics that exist.
func TestMetrics_DashboardUsesThemAll(t *testing.T) {
	text, err := os.ReadFile("../../docs/grafana.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatalf("docs/grafana.json: %v", err)
	}
	monitor, _, _ := running(t, nil)
	found := families(t, Handler(Config{Monitor: monitor}))
	// A counter by reason has no rows before the first refusal.
	found["pong_refused_total"] = &dto.MetricFamily{}
	queries, used := 0, map[string]bool{}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			queries++
			for _, name := range regexp.MustCompile(`\b(pong|process|go)_[a-z0-9_]+`).FindAllString(target.Expr, -1) {
				base := name
				for _, suffix := range []string{"_bucket", "_sum", "_count"} {
					if cut, ok := strings.CutSuffix(name, suffix); ok && found[name] == nil {
						base = cut
					}
				}
				if found[base] == nil {
					t.Errorf("panel %q queries %s, which does not exist", p.Title, name)
				}
				used[base] = true
			}
		}
	}
	if queries < 10 {
		t.Errorf("the dashboard has %d queries, want at least 10", queries)
	}
	for name := range found {
		if strings.HasPrefix(name, "pong_") && !used[name] {
			t.Errorf("no panel shows %s", name)
		}
	}
}

// TestMetrics_DocumentNamesThemAll compares docs/operating.md with the metrics that exist.
func TestMetrics_DocumentNamesThemAll(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	monitor, _, _ := running(t, nil)
	found := families(t, Handler(Config{Monitor: monitor}))
	found["pong_refused_total"] = &dto.MetricFamily{} // has no rows before the first refusal
	for _, f := range clusterFigures {
		found[f.name] = &dto.MetricFamily{} // of a server of a cluster
	}
	named := map[string]bool{}
	for _, name := range regexp.MustCompile("`(pong_[a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		named[name[1]] = true
		if found[name[1]] == nil {
			t.Errorf("docs/operating.md names %s, which does not exist", name[1])
		}
	}
	for name := range found {
		if strings.HasPrefix(name, "pong_") && !named[name] {
			t.Errorf("docs/operating.md does not name %s", name)
		}
	}
}

// TestMetrics_DocumentNamesTheirLabels compares the reasons and fates in the rows of docs/operating.md with those that
// exist.
func TestMetrics_DocumentNamesTheirLabels(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	monitor, _, _ := running(t, nil)
	found := families(t, Handler(Config{Monitor: monitor}))
	for name, label := range map[string]string{
		"pong_datagrams_dropped_total": "reason", "pong_player_inputs_total": "fate",
	} {
		row := regexp.MustCompile("(?m)^\\| `" + name + "` \\|.*by `" + label + "`: (.*) \\|$").FindSubmatch(text)
		if row == nil {
			t.Errorf("docs/operating.md has no row for %s with its values of %s", name, label)
			continue
		}
		var want []string
		for _, metric := range found[name].Metric {
			for _, pair := range metric.Label {
				if pair.GetName() == label {
					want = append(want, pair.GetValue())
				}
			}
		}
		plain := regexp.MustCompile(` \([^)]*\)`).ReplaceAllString(string(row[1]), "")
		got := strings.Split(plain, ", ")
		slices.Sort(got)
		slices.Sort(want)
		want = slices.Compact(want) // each shard has them
		if !slices.Equal(got, want) {
			t.Errorf("docs/operating.md says that the %s of %s is one of %q, want %q", label, name, got, want)
		}
	}
}
