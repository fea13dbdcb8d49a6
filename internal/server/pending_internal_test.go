package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/trust"
	"pong/internal/wire"
)

// from is a connection from an IP address.
type from struct {
	net.Conn
	ip string
}

func (f from) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(f.ip), Port: 4000} }
func (f from) Close() error         { return nil }

// TestPending_EvictionOrder fills the list with connections and adds one more. Evicted is one of the most crowded
// prefix, of those one that has not sent a byte, of those the oldest.
func TestPending_EvictionOrder(t *testing.T) {
	type group struct {
		name  string
		n     int
		ip    string // with the number of the connection, if it has a verb
		spoke int    // so many of the group have sent a byte: the oldest
	}
	for _, test := range []struct {
		name   string
		groups []group // oldest first; the first group is repeated until the list is full
		last   string  // the address of the connection that is one too many
		want   string  // the group and number of the evicted one
	}{
		{"all alike: the oldest", []group{{"a", 256, "10.0.%d.1", 0}}, "10.9.9.9", "a 0"},
		{"one address has two", []group{{"a", 254, "10.0.%d.1", 0}, {"b", 2, "10.1.1.1", 2}}, "10.9.9.9", "b 0"},
		{"the new one counts", []group{{"a", 255, "10.0.%d.1", 0}, {"b", 1, "10.1.1.1", 1}}, "10.1.1.1", "b 0"},
		{"silent ones first", []group{{"a", 256, "10.0.0.1", 200}}, "10.9.9.9", "a 200"},
		{"a crowd before silence", []group{{"a", 200, "10.0.%d.1", 0}, {"b", 56, "10.1.1.1", 56}}, "10.9.9.9", "b 0"},
		{"a /64", []group{{"a", 200, "10.0.%d.1", 0}, {"b", 56, "2001:db8:1:1::%x", 56}}, "10.9.9.9", "b 0"},
		{"a /56", []group{{"a", 200, "10.0.%d.1", 0}, {"b", 56, "2001:db8:1:%x::1", 56}}, "10.9.9.9", "b 0"},
		{"a /48", []group{{"a", 200, "10.0.%d.1", 0}, {"b", 56, "2001:db8:1:%x00::1", 56}}, "10.9.9.9", "b 0"},
		{"a school and an attacker with a /48",
			[]group{{"school", 40, "10.0.0.1", 40}, {"attacker", 216, "2001:db8:1:%x::1", 216}}, "10.0.0.1",
			"attacker 0"},
		{"an attacker's neighbour in the /48",
			[]group{{"neighbour", 1, "2001:db8:1:ff00::1", 0}, {"attacker", 255, "2001:db8:1:%02x::1", 255}},
			"2001:db8:1:ff00::1", "attacker 0"},
		{"new ones are not silent yet",
			[]group{{"old", 200, "10.0.%d.1", 200}, {"new", 56, "10.1.%d.1", 0}}, "10.9.9.9", "old 0"},
	} {
		p := newPendingConns(newRefusals())
		names := make(map[*pendingConn]string)
		for _, g := range test.groups {
			for i := range g.n {
				ip := g.ip
				if fmt.Sprintf(g.ip, i) != g.ip+fmt.Sprintf("%%!(EXTRA int=%d)", i) {
					ip = fmt.Sprintf(g.ip, i)
				}
				c := p.add(t.Context(), from{ip: ip})
				if c.spoke.Store(i < g.spoke); g.name != "new" {
					c.added = c.added.Add(-silentAfter)
				}
				names[c] = fmt.Sprint(g.name, " ", i)
			}
		}
		if len(p.conns) != maxPending {
			t.Fatalf("%s: %d connections are pending, want %d", test.name, len(p.conns), maxPending)
		}
		last := p.add(t.Context(), from{ip: test.last})
		for c, name := range names {
			if got, want := c.evicted(), name == test.want; got != want {
				t.Errorf("%s: %s is evicted: %v, want %v", test.name, name, got, want)
			}
			p.remove(c)
		}
		if p.remove(last); len(p.conns) != 0 || len(p.crowds[0])+len(p.crowds[1])+len(p.crowds[2]) != 0 {
			t.Errorf("%s: %d connections and the crowds %v are left, want none", test.name, len(p.conns), p.crowds)
		}
	}
}

// TestPending_EvictionStopsTheWaitForAHandshake evicts a connection whose bytes have arrived and that waits for a place
// of the handshake limiter. It leaves the queue without having had a place.
func TestPending_EvictionStopsTheWaitForAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pending := newPendingConns(newRefusals())
		limiter := newHandshakeLimiter(1)
		here, there := net.Pipe()
		c := pending.add(t.Context(), here)
		if !limiter.sem.TryAcquire(1) {
			t.Fatal("the limiter has no place")
		}
		failed := make(chan error, 1)
		limited := &limitedConn{Conn: c.Conn, pending: c, limiter: limiter}
		go func() {
			failed <- limited.Handshake(func() error {
				if _, err := limited.Read(make([]byte, 10)); err != nil {
					return err
				}
				return errors.New("the handshake has begun")
			})
		}()
		if _, err := there.Write([]byte("hello")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		pending.evictOne()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("Handshake() = %v after the eviction, want %v", err, context.Canceled)
		}
		limiter.sem.Release(1)
		if !limiter.sem.TryAcquire(1) {
			t.Error("the evicted connection holds a place")
		}
		pending.refuse(c, "tls")
		pending.remove(c)
		if got := pending.refusals.take(); len(got) != 1 || got["too_few_descriptors"] != 1 {
			t.Errorf("refusals are %v, want the eviction alone", got)
		}
	})
}

// TestPending_EvictedClientIsSentAnError evicts a client after its handshake. It receives an ERROR with the code busy.
func TestPending_EvictedClientIsSentAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		identity, err := trust.NewIdentity(time.Now(), []string{"pong"})
		if err != nil {
			t.Fatal(err)
		}
		s := newServer(Config{TLS: trust.ServerTLS(identity, time.Now)}, t.Context(), nil)
		here, there := net.Pipe()
		go s.serveControl(s.pending.add(t.Context(), here))
		conn := tls.Client(there, &tls.Config{
			InsecureSkipVerify: true, NextProtos: []string{trust.ALPN}, ServerName: "pong",
		})
		defer conn.Close()
		if err := conn.Handshake(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for i := range maxPending {
			s.pending.add(t.Context(), from{ip: fmt.Sprintf("10.0.%d.1", i)}).spoke.Store(true)
		}
		m, err := wire.ReadMessage(bufio.NewReader(conn))
		if err != nil || m.Type != wire.Error || m.Code != wire.CodeBusy || m.Message == "" {
			t.Errorf("the evicted client receives %+v, %v, want ERROR with the code %q", m, err, wire.CodeBusy)
		}
		if got := s.refusals.take(); len(got) != 1 || got["too_many_pending"] != 1 {
			t.Errorf("refusals are %v, want one that is too many", got)
		}
	})
}
