package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
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
		p.remove(last)
		p.fade(time.Now().Add(fadeEvery))
		if len(p.conns) != 0 || p.remembered() != 0 {
			t.Errorf("%s: %d connections and the crowds %v are left, want none", test.name, len(p.conns), p.crowds)
		}
	}
}

// remembered returns how many crowds there are.
func (p *pendingConns) remembered() (n int) {
	for _, crowds := range p.crowds {
		n += len(crowds)
	}
	return n
}

// TestPending_PrefixesThatNeverFinishAreEvictedFirst has 300 addresses open connections in turn that never finish their
// handshake, while a newcomer's connection is pending. None of the addresses has more connections than the newcomer.
func TestPending_PrefixesThatNeverFinishAreEvictedFirst(t *testing.T) {
	for _, stranger := range []string{"10.0.%d.1", "2001:db8:%x::1"} {
		p := newPendingConns(newRefusals())
		for i := range 5 * 300 {
			p.add(t.Context(), from{ip: fmt.Sprintf(stranger, i%300)}).spoke.Store(true)
		}
		newcomer := p.add(t.Context(), from{ip: "10.9.9.9"})
		for i := range 300 {
			p.add(t.Context(), from{ip: fmt.Sprintf(stranger, i)}).spoke.Store(true)
		}
		if newcomer.evicted() {
			t.Errorf("addresses %s: a newcomer is evicted in favor of strangers that never finish", stranger)
		}
	}
}

// TestPending_UnfinishedConnectionsAreForgotten refuses connections from more addresses than are remembered, and then
// waits.
func TestPending_UnfinishedConnectionsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPendingConns(newRefusals())
		unfinished := func(ip string) {
			c := p.add(t.Context(), from{ip: ip})
			p.refuse(c, "tls")
			p.remove(c)
		}
		for i := range 3 * mostCrowds {
			unfinished("10.9.9.9")
			unfinished(netip.AddrFrom4([4]byte{11, byte(i >> 16), byte(i >> 8), byte(i)}).String())
			if n := len(p.crowds[0]); n > mostCrowds {
				t.Fatalf("%d address prefixes are remembered, want at most %d", n, mostCrowds)
			}
		}
		if p.crowds[0][netip.MustParsePrefix("10.9.9.9/32")] == nil {
			t.Error("the address with the most unfinished connections is forgotten")
		}
		for range 20 {
			time.Sleep(fadeEvery)
			p.remove(p.add(t.Context(), from{ip: "10.1.1.1"}))
		}
		if n := p.remembered(); n != 0 {
			t.Errorf("%d crowds are remembered after a while without any, want none", n)
		}
	})
}

// TestPending_EvictionStopsTheWaitForAHandshake evicts a connection whose bytes have arrived and that waits for a place
// of the handshake limiter. It leaves the queue without having had a place.
func TestPending_EvictionStopsTheWaitForAHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pending := newPendingConns(newRefusals())
		limiter := newHandshakeLimiter(1)
		here, there := net.Pipe()
		c := pending.add(t.Context(), here)
		if err := limiter.acquire(t.Context(), crowding{}); err != nil {
			t.Fatal(err)
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
		if limiter.release(); limiter.free != 1 {
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
		identity, err := trust.NewIdentity(time.Now())
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
