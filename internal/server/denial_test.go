package server

import (
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A deniedConn records what is written to it and whether it was closed.
type deniedConn struct {
	net.Conn
	written []byte
	closed  atomic.Bool
}

func (c *deniedConn) SetWriteDeadline(time.Time) error { return nil }

func (c *deniedConn) Write(b []byte) (int, error) {
	c.written = append(c.written, b...)
	return len(b), nil
}

func (c *deniedConn) Close() error {
	c.closed.Store(true)
	return nil
}

// TestDenials_AreBounded: each client is sent the alert, few connections stay open for it, and none for long.
func TestDenials_AreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDenials()
		conns := make([]deniedConn, 2*maxDenials)
		open := func() (n int) {
			for i := range conns {
				if !conns[i].closed.Load() {
					n++
				}
			}
			return n
		}
		for i := range conns {
			d.close(&conns[i])
			if string(conns[i].written) != string(accessDenied) {
				t.Fatalf("client %d was sent %x, want %x", i, conns[i].written, accessDenied)
			}
		}
		if n := open(); n != maxDenials {
			t.Errorf("of %d connections %d are open, want %d", len(conns), n, maxDenials)
		}
		time.Sleep(denialWithin)
		synctest.Wait()
		if n := open(); n != 0 {
			t.Errorf("%v later %d connections are open, want none", denialWithin, n)
		}
	})
}
