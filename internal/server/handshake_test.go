package server

import (
	"crypto/tls"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/trust"
)

// TestHandshakeLimiter_BoundsConcurrentWork: of many strangers only so many have the server compute at once, while others who say
// nothing keep nobody waiting.
func TestHandshakeLimiter_BoundsConcurrentWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const threads, silent, strangers = 2, 5, 10 // together as many as may come from one address
		identity, err := trust.NewIdentity(time.Now(), []string{"pong"})
		if err != nil {
			t.Fatal(err)
		}
		cfg := trust.ServerTLS(identity, time.Now)
		leaf := cfg.GetCertificate
		var computing, failed atomic.Int64
		work := make(chan struct{})
		cfg.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			computing.Add(1)
			<-work // as long as it takes
			computing.Add(-1)
			return leaf(hello)
		}
		s := newServer(Config{TLS: cfg}, t.Context(), nil)
		s.handshakes = make(handshakeLimiter, threads)
		var all sync.WaitGroup
		come := func() net.Conn {
			here, there := net.Pipe()
			all.Go(func() { s.serveControl(t.Context(), here, s.pending.add(here)) })
			return there
		}
		for range silent {
			conn := come()
			defer conn.Close()
		}
		for range strangers {
			conn := come()
			all.Go(func() {
				defer conn.Close()
				if tls.Client(conn, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{trust.ALPN}, ServerName: "pong"}).Handshake() != nil {
					failed.Add(1)
				}
			})
		}
		for i := range strangers {
			synctest.Wait()
			if n, want := computing.Load(), int64(min(threads, strangers-i)); n != want {
				t.Errorf("after %d handshakes %d compute at once, want %d", i, n, want)
			}
			if computing.Load() == 0 {
				break
			}
			work <- struct{}{}
		}
		close(work)
		all.Wait() // the silent ones for as long as they have
		if n := failed.Load(); n > 0 {
			t.Errorf("%d of %d handshakes have failed", n, strangers)
		}
		if len(s.handshakes) > 0 {
			t.Errorf("%d turns are still taken", len(s.handshakes))
		}
	})
}

// TestLimitedConn_CloseWrite: who was refused still reads why, because the connection beneath is closed in one
// direction first.
func TestLimitedConn_CloseWrite(t *testing.T) {
	half := &halfCloser{}
	if err := (&limitedConn{Conn: half}).CloseWrite(); err != nil || !half.closed {
		t.Errorf("CloseWrite: %v, and the connection beneath: %v", err, half.closed)
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
