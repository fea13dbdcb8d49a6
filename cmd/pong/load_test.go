package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"pong/internal/lab"
	"pong/internal/load"
)

// TestLoad_PrintsItsReportAsJSON loads a server in another process, and reads the server's metrics.
func TestLoad_PrintsItsReportAsJSON(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "0", "--state-rate", "60", "--admin", "127.0.0.1:0")
	var admin struct{ Metrics string }
	if err := json.Unmarshal([]byte(server.line(`"admin"`)), &admin); err != nil || admin.Metrics == "" {
		t.Fatalf("the log has no address of the metrics: %v", err)
	}
	p := start(t, "load", server.Link, "--matches", "2", "--for", "1s", "--state-rate", "60", "--json", "--admin",
		admin.Metrics)
	var r load.Report
	if err := json.Unmarshal([]byte(strings.Join(p.end(exitDone), "\n")), &r); err != nil {
		t.Fatalf("the report is not JSON: %v", err)
	}
	if r.Playing != 2 || r.StateRate != 60 || r.States < 200 || r.Server == nil ||
		r.Server.InputsAccepted != r.Server.InputsSent {
		t.Errorf("the report has implausible figures: %+v", r)
	}
	for path, want := range map[string]string{"healthz": "alive", "readyz": "ready"} {
		response, err := http.Get(strings.Replace(admin.Metrics, "metrics", path, 1))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || strings.TrimSpace(string(body)) != want {
			t.Errorf("/%s: got %d %q, want 200 %q", path, response.StatusCode, body, want)
		}
	}
	server.interrupt()
	server.end(exitDone)
	if _, err := http.Get(admin.Metrics); err == nil {
		t.Error("the metrics are still served after the server has ended")
	}
}

// TestLoad_InterruptPrintsTheTableSoFar is not a failure.
func TestLoad_InterruptPrintsTheTableSoFar(t *testing.T) {
	t.Parallel()
	server := serve(t, "--points", "0")
	p := start(t, "load", server.Link, "--matches", "1", "--for", "1h")
	server.line("started")
	p.interrupt()
	if table := strings.Join(p.end(exitDone), "\n"); !strings.Contains(table, "interrupted") ||
		!strings.Contains(table, "2 of 2 players") {
		t.Errorf("after Ctrl-C: got\n%s", table)
	}
}

// TestAdmin_WarnsBeyondLoopback serves no profiles at an address that other machines can reach.
func TestAdmin_WarnsBeyondLoopback(t *testing.T) {
	t.Parallel()
	server := serve(t, "--admin", "0.0.0.0:0")
	var line struct{ Level, Address string }
	if err := json.Unmarshal([]byte(server.line("other machines can reach")), &line); err != nil ||
		line.Level != "WARN" {
		t.Fatalf("the warning is %+v, %v; want level WARN", line, err)
	}
	_, port, _ := strings.Cut(line.Address, "]:")
	if port == "" {
		_, port, _ = strings.Cut(line.Address, ":")
	}
	for path, want := range map[string]int{"metrics": http.StatusOK, "debug/pprof/heap": http.StatusNotFound} {
		response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%s/%s", port, path))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("/%s: got %d, want %d", path, response.StatusCode, want)
		}
	}
}

// TestAdmin_FlagsReachTheServer serves profiles with --pprof, and knows the name of --admin-host alone.
func TestAdmin_FlagsReachTheServer(t *testing.T) {
	t.Parallel()
	s := operate(t, "--pprof", "--admin-host", "pong.example")
	for host, want := range map[string]int{"pong.example": http.StatusOK, "evil.example": http.StatusForbidden} {
		r, err := http.NewRequest(http.MethodGet, strings.Replace(s.Metrics, "metrics", "debug/pprof/heap", 1), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("a profile for the name %s: got %d, want %d", host, response.StatusCode, want)
		}
	}
}

func TestLoad_Flags(t *testing.T) {
	for _, c := range []struct {
		change func(*loadFlags)
		want   string
	}{
		{func(*loadFlags) {}, ""},
		{func(f *loadFlags) { f.impair = "L4" }, ""},
		{func(f *loadFlags) { f.impair = "delay=1ms" }, ""},
		{func(f *loadFlags) { f.admin = "http://127.0.0.1:9555/metrics" }, ""},
		{func(f *loadFlags) { f.matches = 0 }, "--matches 0"},
		{func(f *loadFlags) { f.matches = 1 << 20 }, "--matches 1048576"},
		{func(f *loadFlags) { f.duration = 0 }, "--for 0s"},
		{func(f *loadFlags) { f.ramp = -time.Second }, "--ramp -1s"},
		{func(f *loadFlags) { f.stateRate = 25 }, "--state-rate"},
		{func(f *loadFlags) { f.trust = "x" }, "--trust"},
		{func(f *loadFlags) { f.admin = "nowhere" }, "--admin"},
		{func(f *loadFlags) { f.impair = "L8.1" }, "does not change"},
		{func(f *loadFlags) { f.impair = "L14" }, "the same for all"},
		{func(f *loadFlags) { f.impair = "L99" }, "L99"},
		{func(f *loadFlags) { f.impair = "loss=200%" }, "--impair"},
	} {
		f := loadFlags{matches: 10, duration: time.Second}
		c.change(&f)
		cfg, err := f.config(newLoad(), "127.0.0.1")
		if c.want == "" && (err != nil || cfg.Matches != 10) || c.want != "" &&
			(err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: got error %v, want one with %q", f, err, c.want)
		}
	}
	up, down, err := parseImpair("L4")
	far, _ := lab.ParseProfiles("L4")
	if err != nil || up != far[0].Up[0] || down != far[0].Down[1] || up.Delay == 0 {
		t.Errorf("parseImpair(L4) = %+v, %+v, %v", up, down, err)
	}
}

// TestLoad_ProgressIsOneLine that is overwritten, and erased at the end.
func TestLoad_ProgressIsOneLine(t *testing.T) {
	var out strings.Builder
	tell, end := loadProgress(&out, load.Config{Matches: 5, For: 30 * time.Second})
	tell(load.Progress{Players: 3, Failed: 2})
	tell(load.Progress{Players: 8, Playing: 8, Measured: 4 * time.Second, Out: 1920, In: 640})
	end()
	for _, want := range []string{"3 of 10 players have joined, 0 play, 2 failed",
		"measuring 4 matches: 4 of 30 s, 1920 datagrams out, 640 in"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the progress lacks %q: %q", want, out.String())
		}
	}
	if strings.Contains(out.String(), "\n") || !strings.HasSuffix(out.String(), "\r\x1b[K") {
		t.Errorf("the progress was not erased: %q", out.String())
	}
}
