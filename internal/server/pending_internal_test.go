package server

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
)

// TestPending_EvictionStopsTheWaitForAHandshake evicts a connection that waits for a place of the handshake limiter.
func TestPending_EvictionStopsTheWaitForAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pending := newPendingConns(newRefusals())
		limiter := newHandshakeLimiter(1)
		conn, _ := net.Pipe()
		c := pending.add(t.Context(), conn)
		if !limiter.sem.TryAcquire(1) {
			t.Fatal("the limiter has no place")
		}
		failed := make(chan error, 1)
		limited := &limitedConn{Conn: c.Conn, limiter: limiter}
		go func() {
			failed <- limited.Handshake(c.ctx, func() error { return errors.New("the handshake has begun") })
		}()
		synctest.Wait()
		pending.evictOldest()
		if err := <-failed; !errors.Is(err, c.ctx.Err()) || c.ctx.Err() == nil {
			t.Errorf("Handshake() = %v after the eviction, want %v", err, c.ctx.Err())
		}
		pending.refuse(c, "tls")
		pending.remove(c)
		if got := pending.refusals.take(); len(got) != 1 || got["too_few_descriptors"] != 1 {
			t.Errorf("refusals are %v, want the eviction alone", got)
		}
	})
}
