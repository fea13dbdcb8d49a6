package server_test

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/wire"
)

// TestServe_WatcherWaitsOnOneConnection for half a minute, until a match begins in its room. Its connection is not
// evicted when too many others are pending, although its address has one of these, too.
func TestServe_WatcherWaitsOnOneConnection(t *testing.T) {
	var accepted atomic.Int64
	bubble(t, func(s *settings) {
		s.listener = func(l net.Listener) net.Listener { return countingListener{l, &accepted} }
	}, func(r *rig) {
		cfg := r.config("watcher", "10.0.0.1")
		cfg.Watch, cfg.AwaitMatch, cfg.Room = true, true, "oak-7"
		type outcome struct {
			c   *dial.Client
			err error
		}
		done := make(chan outcome, 1)
		go func() {
			c, err := dial.Dial(r.Context(), cfg)
			done <- outcome{c, err}
		}()
		r.run(29 * time.Second)
		r.dialTLS("10.0.0.1")
		const strangers = 300
		for i := range strangers {
			r.dialStream(fmt.Sprintf("10.1.%d.%d", i/100, i%100))
		}
		r.run(time.Second)
		if n := accepted.Load() - strangers - 1; n != 1 {
			r.Errorf("a watcher that waits has made %d connections in 30 s, want 1", n)
		}
		if n := len(r.logged.entries("watcher joined")); n > 0 {
			r.Error("the watcher joined without a match")
		}
		for i, name := range []string{"left", "right"} {
			player := r.config(name, fmt.Sprintf("198.51.100.%d", i+1))
			player.Room = "oak-7"
			r.joinAs(player)
		}
		r.run(5 * time.Second)
		select {
		case o := <-done:
			if o.err != nil {
				r.Fatalf("the watcher waited and got %v, want a match", o.err)
			}
			o.c.Close()
		default:
			r.Fatal("the watcher still waits 5 s after two players have joined its room")
		}
	})
}

// TestServe_WatchersThatWaitAreLimited expects the others of an address to be closed, and one of another address to
// wait. When those that waited have gone, there is room for another one.
func TestServe_WatchersThatWaitAreLimited(t *testing.T) {
	const most = 16
	bubble(t, func(s *settings) { s.MaxPerAddress = most }, func(r *rig) {
		ctx, cancel := context.WithCancel(r.Context())
		ended := make(chan error, 20)
		wait := func(ctx context.Context, i int) {
			cfg := r.config("watcher", fmt.Sprintf("10.0.%d.1", i/(cap(ended)-1)))
			cfg.Watch, cfg.AwaitMatch = true, true
			c, err := dial.Dial(ctx, cfg)
			if err == nil {
				c.Close()
			}
			ended <- err
		}
		for i := range cap(ended) {
			go wait(ctx, i)
		}
		r.run(20 * time.Second)
		if n := len(ended); n != cap(ended)-1-most {
			r.Errorf("of %d watchers from one address and another one %d have been sent away, want all but %d of the "+
				"first", cap(ended)-1, n, most)
		}
		cancel()
		r.run(time.Second)
		if n := len(ended); n != cap(ended) {
			r.Fatalf("%d of %d watchers have ended after they were cancelled, want all", n, cap(ended))
		}
		for range cap(ended) {
			<-ended
		}
		ctx, cancel = context.WithCancel(r.Context())
		defer cancel()
		go wait(ctx, 0)
		r.run(20 * time.Second)
		if len(ended) > 0 {
			r.Errorf("afterwards a watcher is sent away: %v, want it to wait in a place that is free again", <-ended)
		}
	})
}

// TestServe_PacesAWatcherThatWaits sends JOINs for a match that does not exist at once, and then nothing. The server
// reads no more than two of them a second, and ends the wait after 5 s without one.
func TestServe_PacesAWatcherThatWaits(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		const join = `{"type":"JOIN","version":1,"name":"watcher","role":"watcher"}`
		c := r.dialTLS("10.0.0.1")
		c.send(join + "\n" + join + "\n" + join)
		start := time.Now()
		for _, test := range []struct {
			code string
			want time.Duration // since the start
		}{
			{wire.CodeMatch, 0},
			{wire.CodeMatch, 500 * time.Millisecond},
			{wire.CodeMatch, time.Second},
			{wire.CodeTimeout, 6500 * time.Millisecond},
		} {
			m := c.next()
			if at := time.Since(start); m.Type != wire.Error || m.Code != test.code || at != test.want {
				r.Errorf("after %v the answer is %+v, want ERROR %s after %v", at, m, test.code, test.want)
			}
		}
	})
}

// A countingListener counts the connections that it accepts.
type countingListener struct {
	net.Listener
	n *atomic.Int64
}

func (l countingListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		l.n.Add(1)
	}
	return c, err
}
