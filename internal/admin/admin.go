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

func handler(source func() server.Snapshot, profiles bool) http.Handler {
	look := newLooker(source)
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newShards(look),
	)
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: readWithin}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, ok := look.look()
		say(w, ok, "alive", "a loop of the server does not answer")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		snap, ok := look.look()
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

// A looker looks at the server for several requests at a time, and does not hang with it: while one look hangs there is
// no other, so that those who ask in vain leave nothing behind.
type looker struct {
	source func() server.Snapshot
	turn   chan struct{}
}

func newLooker(source func() server.Snapshot) *looker { return &looker{source, make(chan struct{}, 1)} }

// look reports false if the server does not answer in time.
func (l *looker) look() (snap server.Snapshot, ok bool) {
	late := time.NewTimer(lookWithin)
	defer late.Stop()
	select {
	case l.turn <- struct{}{}:
	case <-late.C:
		return snap, false
	}
	seen := make(chan server.Snapshot, 1)
	go func() {
		seen <- l.source()
		<-l.turn
	}()
	select {
	case snap = <-seen:
		return snap, true
	case <-late.C:
		return snap, false
	}
}
