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

// An inProcess is a server in this process, on real sockets, so that its goroutines and memory can be counted.
type inProcess struct {
	control, game netip.AddrPort
	log           *statusLog
	identity      *trust.Server
	stop          func()
}

// A statusLog keeps the last status line of a log.
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

// players returns the number of sessions in the last status line, -1 if there was none.
func (l *statusLog) players() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	var s struct{ Players int }
	if json.Unmarshal(l.last, &s) != nil {
		return -1
	}
	return s.Players
}

// startInProcess starts a server in this process. Its certificates use the clock now.
func startInProcess(t testing.TB, now func() time.Time) *inProcess {
	t.Helper()
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(now())
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
			TLS: trust.ServerTLS(identity,
				now), Auto: true, Rules: game.Rules{}, Log: slog.New(slog.NewJSONHandler(in.log, nil)),
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

// serving returns the server's addresses in the form that players of this package use.
func (in *inProcess) serving() *serving { return &serving{control: in.control, game: in.game} }

// ownDescriptors returns the number of open file descriptors of this process.
func ownDescriptors(t testing.TB) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// liveMemory returns the bytes in use, of the heap and of stacks, after everything that can be freed was freed.
func liveMemory() (heap, stacks float64) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc), float64(m.StackInuse)
}
