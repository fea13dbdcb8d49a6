package nearby

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"
)

// loopback returns a socket of the loopback interface.
func loopback(t *testing.T) *net.UDPConn {
	t.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestAsk_FindsAServer asks a server over the loopback interface.
func TestAsk_FindsAServer(t *testing.T) {
	server := loopback(t)
	done := make(chan struct{})
	all := netip.MustParsePrefix("127.0.0.0/8")
	go func() {
		defer close(done)
		serve(server, func() Game { return game }, all.Contains, func() {})
	}()
	defer func() { server.Close(); <-done }()
	at := server.LocalAddr().(*net.UDPAddr).AddrPort()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	want := game
	want.Address = netip.AddrPortFrom(at.Addr(), game.Address.Port())
	got, err := ask(ctx, []*net.UDPConn{loopback(t)}, []netip.Prefix{all}, at)
	if err != nil || len(got) != 1 || got[0] != want {
		t.Errorf("found %+v, error %v; want %+v", got, err, want)
	}
	// An answer from another network is not taken.
	other := netip.MustParsePrefix("10.0.0.0/8")
	if got, err := ask(ctx, []*net.UDPConn{loopback(t)}, []netip.Prefix{other}, at); err != nil || len(got) != 0 {
		t.Errorf("from another network: found %+v, error %v; want nothing", got, err)
	}
}

func TestAsk_EndsWithItsContext(t *testing.T) {
	silent := loopback(t)
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	began := time.Now()
	got, err := ask(ctx, []*net.UDPConn{loopback(t)}, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		silent.LocalAddr().(*net.UDPAddr).AddrPort())
	if took := time.Since(began); err != nil || len(got) != 0 || took >= answersWithin {
		t.Errorf("found %+v, error %v, after %v; want nothing, and at once", got, err, took)
	}
	if got, err := ask(t.Context(), nil, nil, group); err != nil || len(got) != 0 {
		t.Errorf("without a network: found %+v, error %v; want nothing", got, err)
	}
}

// TestServe_AnswersNobodyElse: a question from another network, and packets that are none, are not answered.
func TestServe_AnswersNobodyElse(t *testing.T) {
	server := loopback(t)
	done := make(chan struct{})
	described := 0
	go func() {
		defer close(done)
		serve(server, func() Game { described++; return game }, func(netip.Addr) bool { return false }, func() {})
	}()
	conn := loopback(t)
	defer conn.Close()
	question, err := appendQuestion(7)
	if err != nil {
		t.Fatal(err)
	}
	for _, packet := range [][]byte{question, {}, {1, 2, 3}, make([]byte, 1400)} {
		if _, err := conn.WriteTo(packet, server.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	if n, _, err := conn.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("an answer of %d bytes has come, want none", n)
	}
	server.Close()
	if <-done; described != 0 {
		t.Errorf("the game was described %d times, want never", described)
	}
}
