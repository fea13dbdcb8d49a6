// Package admin shows a running server to those who operate it, over HTTP on an address of its own:
//
//	/metrics        for Prometheus
//	/healthz        200 while all shards answer, else 503: restart it
//	/readyz         200 while players can join, else 503: full, too busy, or ending
//	/debug/pprof/   profiles of the process, on a loopback address only
//
// All of it comes from a server.Monitor, which asks the loops for copies of their figures when it is asked itself.
// Nothing here is on the way of a datagram.
package admin

import (
	"context"
	"errors"
	"fmt"
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

// The times of a request. A profile takes as long as its request says, 30 s if it does not.
const (
	readWithin  = 5 * time.Second
	writeWithin = 2 * time.Minute
	lookWithin  = 2 * time.Second // a loop that does not answer for so long plays no ticks either
	lastWords   = time.Second
)

// Listen opens the address. It reports whether that can be reached from this machine only.
func Listen(address string) (listener net.Listener, private bool, err error) {
	listener, err = net.Listen("tcp", address)
	if err != nil {
		return nil, false, fmt.Errorf("admin port: %w", err)
	}
	ap, err := netip.ParseAddrPort(listener.Addr().String())
	return listener, err == nil && ap.Addr().Unmap().IsLoopback(), nil
}

// Serve answers requests until ctx is done. Profiles are served only if wanted: they cost the server time whenever
// somebody asks, and there is no password.
func Serve(ctx context.Context, listener net.Listener, monitor *server.Monitor, profiles bool) error {
	s := &http.Server{
		Handler: Handler(monitor, profiles), ReadTimeout: readWithin, WriteTimeout: writeWithin, MaxHeaderBytes: 1 << 14,
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

// Handler answers the requests.
func Handler(monitor *server.Monitor, profiles bool) http.Handler {
	return handler(func() server.Snapshot { return monitor.Look(0, 0) }, profiles)
}

func handler(snapshot func() server.Snapshot, profiles bool) http.Handler {
	source := newSource(snapshot)
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newShards(source),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: readWithin}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, ok := source.look()
		say(w, ok, "alive", "a loop of the server does not answer")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		snap, ok := source.look()
		why := "ending, or not begun"
		if snap.Serving && snap.Full {
			why = "full, or too busy for a new match"
		}
		say(w, ok && snap.Serving && !snap.Full, "ready", why)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		say(w, true, "Pong server: /metrics /healthz /readyz", "")
	})
	if profiles {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	}
	return mux
}

func say(w http.ResponseWriter, ok bool, yes, no string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		yes = no
	}
	fmt.Fprintln(w, yes)
}

// A source takes snapshots of the server, for several requests at a time. Requests do not wait longer than lookWithin
// if the server does not answer; while one snapshot is under way no other is taken, so requests to a server that hangs
// leave nothing behind.
type source struct {
	snapshot func() server.Snapshot
	busy     *semaphore.Weighted // held while a snapshot is under way
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
