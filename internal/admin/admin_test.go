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

// get asks a handler.
func get(t *testing.T, h http.Handler, path string) (status int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// running starts a server of one seat a shard on loopback, and returns its monitor.
func running(t *testing.T, drain chan struct{}) (monitor *server.Monitor, control string, stop func()) {
	t.Helper()
	listener, sockets, err := server.Listen("127.0.0.1", 0, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	monitor = new(server.Monitor)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Auto: true, MaxSeats: 1, Monitor: monitor, Drain: drain, Log: slog.New(slog.DiscardHandler)}
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
			t.Fatal("the server never serves")
		}
	}
	return monitor, listener.Addr().String(), stop
}

// families are the metrics that a handler exposes, read by the library that Prometheus reads them with.
func families(t *testing.T, h http.Handler) map[string]*dto.MetricFamily {
	t.Helper()
	status, body := get(t, h, "/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: %d %s", status, body)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	found, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("/metrics cannot be parsed: %v", err)
	}
	return found
}

// TestMetrics: they can be read, their names are good ones, and what the server has counted is in them.
func TestMetrics(t *testing.T) {
	monitor, control, _ := running(t, nil)
	for range 3 { // three strangers who are no Pong clients
		c, err := net.Dial("tcp", control)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
		_, _ = io.Copy(io.Discard, c) // until the server has turned it away
		c.Close()
	}
	h := Handler(monitor, false)
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
		t.Errorf("three strangers are counted as %v refusals", n)
	}
	if sum("pong_up", "", "") != 1 || sum("pong_ready", "", "") != 1 || sum("pong_matches", "", "") != 0 {
		t.Error("an idle server is not up, ready and without matches")
	}
	for _, name := range []string{"pong_tick_lateness_seconds", "pong_rtt_seconds", "pong_input_margin_ticks"} {
		if f := found[name]; f.GetType() != dto.MetricType_HISTOGRAM || len(f.GetMetric()) != 2 || len(f.GetMetric()[0].GetHistogram().GetBucket()) < 30 {
			t.Errorf("%s is not a histogram for each of two shards: %v", name, f.GetType())
		}
	}
	for _, reason := range []string{"malformed", "unknown", "replayed", "forged", "limited", "unregistered", "bad_token", "invalid"} {
		if !slices.ContainsFunc(found["pong_datagrams_dropped_total"].GetMetric(), func(m *dto.Metric) bool {
			return slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool { return l.GetValue() == reason })
		}) {
			t.Errorf("datagrams dropped as %s have no counter", reason)
		}
	}
	for _, name := range []string{"process_cpu_seconds_total", "process_resident_memory_bytes", "go_gc_duration_seconds", "go_goroutines"} {
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

// TestHealth: a server is alive and ready, then ending, then not there.
func TestHealth(t *testing.T) {
	none := Handler(new(server.Monitor), false)
	if status, _ := get(t, none, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("before there is a server /readyz says %d", status)
	}
	drain := make(chan struct{})
	monitor, _, stop := running(t, drain)
	h := Handler(monitor, false)
	want := func(path string, status int, body string) {
		t.Helper()
		if got, text := get(t, h, path); got != status || strings.TrimSpace(text) != body {
			t.Errorf("%s says %d %q, want %d %q", path, got, text, status, body)
		}
	}
	want("/healthz", http.StatusOK, "alive")
	want("/readyz", http.StatusOK, "ready")
	stop()
	want("/readyz", http.StatusServiceUnavailable, "ending, or not begun")
	want("/nothing", http.StatusNotFound, "404 page not found")
}

// TestReadiness of a server that is full, whose figures do not come from a real one.
func TestReadiness(t *testing.T) {
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
		h := handler(func() server.Snapshot { return c.snap }, false)
		if status, body := get(t, h, "/readyz"); status != c.ready || !strings.Contains(body, c.reason) {
			t.Errorf("%+v: /readyz says %d %q", c.snap, status, body)
		}
		if status, _ := get(t, h, "/healthz"); status != c.alive {
			t.Errorf("%+v: /healthz says %d", c.snap, status)
		}
	}
}

// TestALoopThatHangs makes the server unhealthy, and those who ask meanwhile leave no goroutines behind.
func TestALoopThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung, looks := make(chan struct{}), new(atomic.Int32)
		h := handler(func() server.Snapshot {
			looks.Add(1)
			<-hung
			return server.Snapshot{Serving: true}
		}, false)
		for range 3 {
			if status, body := get(t, h, "/healthz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "does not answer") {
				t.Errorf("while a loop hangs /healthz says %d %q", status, body)
			}
		}
		if n := looks.Load(); n != 1 {
			t.Errorf("%d looks were begun at a server that hangs, want 1", n)
		}
		close(hung)
		synctest.Wait()
		if status, _ := get(t, h, "/healthz"); status != http.StatusOK {
			t.Errorf("when it goes on /healthz says %d", status)
		}
	})
}

// TestProfilesOnLoopbackOnly: they cost the server time, and nobody has to say who he is.
func TestProfilesOnLoopbackOnly(t *testing.T) {
	for _, wanted := range []bool{true, false} {
		status, _ := get(t, Handler(new(server.Monitor), wanted), "/debug/pprof/heap")
		if (status == http.StatusOK) != wanted {
			t.Errorf("with profiles %v, /debug/pprof/heap says %d", wanted, status)
		}
	}
	for address, want := range map[string]bool{"127.0.0.1:0": true, "localhost:0": true, "0.0.0.0:0": false, ":0": false} {
		l, private, err := Listen(address)
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		if private != want {
			t.Errorf("%s is private: %v, want %v", address, private, want)
		}
	}
	if _, _, err := Listen("nonsense"); err == nil {
		t.Error("nonsense can be listened on")
	}
}

// TestServeEnds with its context, and the endpoint is gone.
func TestServeEnds(t *testing.T) {
	l, _, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, new(server.Monitor), false) }()
	r, err := http.Get("http://" + l.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Serve ended with %v", err)
	}
	if r, err := http.Get("http://" + l.Addr().String() + "/"); err == nil {
		r.Body.Close()
		t.Error("the endpoint is still there")
	}
}

// TestDashboard holds the queries of docs/grafana.json against the metrics that exist.
func TestDashboard(t *testing.T) {
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
	found := families(t, Handler(monitor, false))
	// A counter by reason has no rows before something has been refused.
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
					t.Errorf("panel %q asks for %s, which does not exist", p.Title, name)
				}
				used[base] = true
			}
		}
	}
	if queries < 10 {
		t.Errorf("the dashboard has %d queries", queries)
	}
	for name := range found {
		if strings.HasPrefix(name, "pong_") && !used[name] {
			t.Errorf("%s is on no panel", name)
		}
	}
}

// TestDocumentNamesEveryMetric holds docs/operating.md against the metrics that exist.
func TestDocumentNamesEveryMetric(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	monitor, _, _ := running(t, nil)
	found := families(t, Handler(monitor, false))
	found["pong_refused_total"] = &dto.MetricFamily{} // has no rows before somebody has been refused
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
