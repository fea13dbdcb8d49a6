// Package admin shows a running server to its operator, over HTTP at an address of its own:
//
//	/metrics        for Prometheus
//	/healthz        200 while all shards answer, otherwise 503: restart the server
//	/readyz         200 while players can join, otherwise 503: full, too busy, or ending
//	/debug/pprof/   profiles of the process, for this machine and if the operator wants them
//	/actions/...    what the operator does to clients: see actions.go
//
// Requests that a web page can cause are refused: see guard.go.
//
// All of it comes from a server.Monitor, which copies the loops' figures on request. Nothing here is on a datagram's
// path. A Meter computes the rates that the operator's table shows.
package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/semaphore"

	"pong/internal/server"
)

// Timeouts of a request. A profile takes as long as its request says, 30 s by default.
const (
	readWithin  = 5 * time.Second
	writeWithin = 2 * time.Minute
	lookWithin  = 2 * time.Second // a loop that does not answer for that long does not play ticks either
	lastWords   = time.Second     // for requests in progress when the server ends
)

// Listen opens the address. Private reports whether only this machine can reach it.
func Listen(address string) (listener net.Listener, private bool, err error) {
	listener, err = server.ListenTCP(address)
	if err != nil {
		return nil, false, fmt.Errorf("admin port: %w", err)
	}
	ap, err := netip.ParseAddrPort(listener.Addr().String())
	return listener, err == nil && ap.Addr().Unmap().IsLoopback(), nil
}

// A Config says what is served.
type Config struct {
	Monitor *server.Monitor

	// Hosts are the names under which the address can be used, besides IP addresses and localhost.
	Hosts []string

	// Profiles serves profiles to this machine. They cost the server time, and show what it computes.
	Profiles bool

	// Token is what a request for an action must have, from this machine. If empty, there are no actions.
	Token string

	Log *slog.Logger // If nil, nothing is logged.
}

// Serve answers requests until ctx is done.
func Serve(ctx context.Context, listener net.Listener, cfg Config) error {
	s := &http.Server{
		Handler: Handler(cfg), ReadTimeout: readWithin, WriteTimeout: writeWithin, MaxHeaderBytes: 1 << 14,
	}
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.Background(), lastWords)
		defer cancel()
		if s.Shutdown(last) != nil {
			s.Close()
		}
	})
	defer stop()
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("admin port: %w", err)
	}
	return nil
}

// Handler returns the handler of the requests.
func Handler(cfg Config) http.Handler {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	mux := figures(func() server.Snapshot { return cfg.Monitor.Look(0, 0) })
	if cfg.Profiles {
		for path, profile := range map[string]http.HandlerFunc{
			"": pprof.Index, "profile": pprof.Profile, "trace": pprof.Trace, "symbol": pprof.Symbol,
		} {
			mux.Handle("GET /debug/pprof/"+path, forThisMachine(profile))
		}
	}
	if cfg.Token != "" {
		actions{cfg.Monitor}.routes(mux, newTokenCheck(cfg.Token, cfg.Log))
	}
	return newGuard(cfg.Hosts, mux)
}

// figures returns the handler of metrics and health.
func figures(snapshot func() server.Snapshot) *http.ServeMux {
	source := newSource(snapshot)
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newShards(source),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry,
		promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: readWithin}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, ok := source.look()
		answer(w, ok, "alive", "a loop of the server does not answer")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		snap, ok := source.look()
		why := "ending, or not serving yet"
		if snap.Serving && snap.Full {
			why = "full, or too busy for a new match"
		}
		answer(w, ok && snap.Serving && !snap.Full, "ready", why)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, true, "Pong server: /metrics /healthz /readyz", "")
	})
	return mux
}

// answer writes the text for yes with status 200, or the text for no with status 503.
func answer(w http.ResponseWriter, ok bool, yes, no string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		yes = no
	}
	fmt.Fprintln(w, yes)
}

// A source takes snapshots of the server. A request waits at most lookWithin for one. Only one snapshot is taken at a
// time, so requests to a server that hangs leave one goroutine behind, however many there are.
type source struct {
	snapshot func() server.Snapshot
	busy     *semaphore.Weighted // held while a snapshot is taken
}

func newSource(snapshot func() server.Snapshot) *source {
	return &source{snapshot, semaphore.NewWeighted(1)}
}

// look returns a snapshot; ok is false if the server does not answer in time.
func (s *source) look() (snap server.Snapshot, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), lookWithin)
	defer cancel()
	if s.busy.Acquire(ctx, 1) != nil {
		return snap, false
	}
	taken := make(chan server.Snapshot, 1)
	go func() {
		defer s.busy.Release(1)
		taken <- s.snapshot()
	}()
	select {
	case snap = <-taken:
		return snap, true
	case <-ctx.Done():
		return snap, false
	}
}
