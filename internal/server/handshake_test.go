package server

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/trust"
)

// TestHandshakeLimiter_BoundsConcurrentWork opens many connections at once. The server computes as many of their
// handshakes at the same time as there are places, and silent connections keep no place.
func TestHandshakeLimiter_BoundsConcurrentWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const places, silent, strangers = 2, 5, 10 // with fewer connections than one address may have
		identity, err := trust.NewIdentity(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		cfg := trust.ServerTLS(identity, time.Now)
		leaf := cfg.GetCertificate
		var computing, failed atomic.Int64
		work := make(chan struct{})
		cfg.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			computing.Add(1)
			<-work
			computing.Add(-1)
			return leaf(hello)
		}
		s := newServer(Config{TLS: cfg}, t.Context(), nil)
		s.handshakes = newHandshakeLimiter(places)
		var all sync.WaitGroup
		connect := func() net.Conn {
			here, there := net.Pipe()
			all.Go(func() { s.serveControl(s.pending.add(t.Context(), here)) })
			return there
		}
		for range silent {
			conn := connect()
			defer conn.Close()
		}
		for range strangers {
			conn := connect()
			all.Go(func() {
				defer conn.Close()
				cfg := &tls.Config{InsecureSkipVerify: true, NextProtos: []string{trust.ALPN}, ServerName: "pong"}
				if tls.Client(conn, cfg).Handshake() != nil {
					failed.Add(1)
				}
			})
		}
		for i := range strangers {
			synctest.Wait()
			if n, want := computing.Load(), int64(min(places, strangers-i)); n != want {
				t.Errorf("after %d handshakes %d are computed at once, want %d", i, n, want)
			}
			if computing.Load() == 0 {
				break
			}
			work <- struct{}{}
		}
		close(work)
		all.Wait() // for the silent connections until their deadline
		if n := failed.Load(); n > 0 {
			t.Errorf("%d of %d handshakes failed, want none", n, strangers)
		}
		if n := s.handshakes.free; n != places {
			t.Errorf("%d places are free after all handshakes, want %d", n, places)
		}
	})
}

// TestHandshakeLimiter_LeastCrowdedComesFirst has connections wait for a place, of which a newcomer is the last.
func TestHandshakeLimiter_LeastCrowdedComesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newHandshakeLimiter(1)
		_ = l.acquire(t.Context(), crowding{})
		var order []string
		for _, c := range []struct {
			name string
			of   crowding
		}{
			{"first of a crowd", crowding{9, 9, 9}}, {"second of a crowd", crowding{9, 9, 9}},
			{"customer with a wide prefix", crowding{3, 2, 1}}, {"customer with a narrow one", crowding{3, 1, 1}},
			{"newcomer", crowding{1, 1, 1}},
		} {
			go func() {
				_ = l.acquire(t.Context(), c.of)
				order = append(order, c.name)
				l.release()
			}()
			synctest.Wait()
		}
		l.release()
		synctest.Wait()
		want := []string{"newcomer", "customer with a narrow one", "customer with a wide prefix", "first of a crowd",
			"second of a crowd"}
		if !slices.Equal(order, want) {
			t.Errorf("places are granted in the order %q, want %q", order, want)
		}
	})
}

// TestHandshakeLimiter_EvictedConnectionsHoldNoPlace ends waits, some of them at the moment at which the place is
// granted.
func TestHandshakeLimiter_EvictedConnectionsHoldNoPlace(t *testing.T) {
	l := newHandshakeLimiter(1)
	for range 1000 {
		if err := l.acquire(t.Context(), crowding{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() {
			err := l.acquire(ctx, crowding{})
			if err == nil {
				l.release()
			}
			ended <- err
		}()
		go cancel()
		l.release()
		<-ended
		if l.free != 1 || len(l.waiting) != 0 {
			t.Fatalf("%d places are free and %d wait, want 1 and none", l.free, len(l.waiting))
		}
	}
}

// TestLimitedConn_CloseWrite closes one direction of the connection beneath. linger depends on that, so that a refused
// client can read why.
func TestLimitedConn_CloseWrite(t *testing.T) {
	half := &halfCloser{}
	if err := (&limitedConn{Conn: half}).CloseWrite(); err != nil || !half.closed {
		t.Errorf("CloseWrite() = %v, and the connection beneath is closed for writing: %v, want true", err, half.closed)
	}
}

// TestLimitedConn_WaitsForAPlaceOncePerFlight reads a message in parts during a handshake, and the rest after it. The
// message arrives at once, so the connection keeps its place between the parts.
func TestLimitedConn_WaitsForAPlaceOncePerFlight(t *testing.T) {
	here, there := net.Pipe()
	defer here.Close()
	limiter := newHandshakeLimiter(1)
	c := &limitedConn{Conn: here, pending: newPendingConns(newRefusals()).add(t.Context(), here), limiter: limiter}
	go func() {
		_, _ = there.Write([]byte("ClientHello, JOIN"))
		there.Close()
	}()
	read := func(n int) string {
		b := make([]byte, n)
		got, _ := c.Read(b)
		return string(b[:got])
	}
	err := c.Handshake(func() error {
		first := read(6)
		if limiter.free > 0 {
			t.Error("there is a free place while a handshake is computed")
		}
		if got := first + read(5); got != "ClientHello" {
			t.Errorf("the handshake reads %q, want ClientHello", got)
		}
		return nil
	})
	if limiter.free != 1 {
		t.Error("the place is not free after the handshake")
	}
	if got := read(20); err != nil || got != ", JOIN" {
		t.Errorf("after the handshake (%v) the connection reads %q, want the rest", err, got)
	}
	if got := read(20); got != "" {
		t.Errorf("then the connection reads %q, want its end", got)
	}
}

type halfCloser struct {
	net.Conn
	closed bool
}

func (h *halfCloser) CloseWrite() error {
	h.closed = true
	return nil
}
