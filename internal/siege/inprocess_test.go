//go:build siege && linux

package siege

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
)

// An inside is a server in this process, on real sockets, whose goroutines and memory can be counted.
type inProcess struct {
	control, game netip.AddrPort
	log           *statusLog
	identity      *trust.Server
	stop          func()
}

// A logBook keeps the last status of a log.
type statusLog struct {
	mu   sync.Mutex // guards last
	last []byte
}

func (l *statusLog) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(`"msg":"status"`)) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.last = append(l.last[:0], b...)
	}
	return len(b), nil
}

// players returns how many sessions the last status told of, -1 if there was none.
func (l *statusLog) players() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var s struct{ Players int }
	if json.Unmarshal(l.last, &s) != nil {
		return -1
	}
	return s.Players
}

// within starts a server in this process. now is the clock of its certificates.
func startInProcess(t testing.TB, now func() time.Time) *inProcess {
	t.Helper()
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(now(), []string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	in := &inProcess{log: new(statusLog), identity: identity}
	in.control = control.Addr().(*net.TCPAddr).AddrPort()
	in.game = sockets[0].LocalAddr().(*net.UDPAddr).AddrPort()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, now), Auto: true, Rules: game.Rules{}, Log: slog.New(slog.NewJSONHandler(in.log, nil)),
		}, control, sockets)
	}()
	in.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	t.Cleanup(in.stop)
	return in
}

// serving lets players of the package play on a server inside.
func (in *inProcess) serving() *serving { return &serving{control: in.control, game: in.game} }

// ownDescriptors returns how many this process has open.
func ownDescriptors(t testing.TB) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// live returns the bytes of the heap that are in use, and of the stacks, after everything that can be freed is.
func liveMemory() (heap, stacks float64) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc), float64(m.StackInuse)
}
