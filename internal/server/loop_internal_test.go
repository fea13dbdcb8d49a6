package server

import (
	"context"
	"sync"
	"testing"
	"time"
)

// newTestServer returns a server without clients, whose one shard runs until the test ends.
func newTestServer(tb testing.TB) *server {
	tb.Helper()
	control, sockets, err := Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		tb.Fatal(err)
	}
	control.Close()
	ctx, stop := context.WithCancel(context.Background())
	s := newServer(Config{}, ctx, sockets)
	ended := make(chan error)
	go func() { ended <- s.loops[0].run(ctx) }()
	tb.Cleanup(func() {
		stop()
		<-ended
		sockets[0].Close()
	})
	return s
}

// TestLoop_CommandsWhileItEnds gives a loop commands from many goroutines while it ends. Each command runs once, or do
// returns false; no goroutine waits forever.
func TestLoop_CommandsWhileItEnds(t *testing.T) {
	for range 20 {
		_, sockets, err := Listen("127.0.0.1", 0, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		l := newServer(Config{}, ctx, sockets).loops[0]
		var all sync.WaitGroup
		all.Go(func() {
			if err := l.run(ctx); err != nil {
				t.Errorf("run: %v", err)
			}
		})
		for range 100 { // more than the queue holds
			all.Go(func() {
				for ran := 0; ; ran++ {
					n := 0
					if !l.do(func(time.Time) { n++ }) {
						return
					}
					if n != 1 {
						t.Errorf("a command has run %d times, want once", n)
					}
					if ran == 2 {
						stop()
					}
				}
			})
		}
		all.Wait()
		stop()
		if l.do(func(time.Time) { t.Error("a command runs after the loop has ended") }) {
			t.Error("do() = true after the loop has ended")
		}
		sockets[0].Close()
	}
}
