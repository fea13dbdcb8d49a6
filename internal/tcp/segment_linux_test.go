package tcp_test

import (
	"context"
	"net"
	"testing"

	"golang.org/x/sys/unix"

	"pong/internal/tcp"
)

// The test of this file needs Linux, which tells how long the segments of a connection are.

// TestMaxSegment_HoldsAtBothEnds opens connections over loopback, whose packets may have 65536 bytes, with the limit
// at both ends or at one. It reads the longest segment that each end sends. Where both ends are without the limit,
// segments are longer, so the test can fail.
func TestMaxSegment_HoldsAtBothEnds(t *testing.T) {
	plainListen := func(_ context.Context, network, address string) (net.Listener, error) {
		return net.Listen(network, address)
	}
	plainDial := func(_ context.Context, address string) (net.Conn, error) { return net.Dial("tcp", address) }
	for _, test := range []struct {
		name    string
		listen  func(context.Context, string, string) (net.Listener, error)
		dial    func(context.Context, string) (net.Conn, error)
		limited bool
	}{
		{"both ends", tcp.Listen, tcp.Dial, true},
		{"the server", tcp.Listen, plainDial, true},
		{"the client", plainListen, tcp.Dial, true},
		{"no end", plainListen, plainDial, false},
	} {
		for _, host := range []string{"127.0.0.1", "::1"} {
			listener, err := test.listen(t.Context(), "tcp", net.JoinHostPort(host, "0"))
			if err != nil && host == "::1" {
				t.Logf("this machine has no IPv6: %v", err)
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			near, err := test.dial(t.Context(), listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			far, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			for end, conn := range map[string]net.Conn{"client": near, "server": far} {
				if n := segment(t, conn); n < 536 || (n <= tcp.MaxSegment) != test.limited {
					t.Errorf("with the limit at %s, on %s, the %s sends segments of %d bytes; at most %d: want %v",
						test.name, host, end, n, tcp.MaxSegment, test.limited)
				}
				conn.Close()
			}
			listener.Close()
		}
	}
}

// segment returns the longest segment that a connection sends, without options.
func segment(t *testing.T, conn net.Conn) (n int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		n, failed = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG)
	}); err != nil || failed != nil {
		t.Fatalf("TCP_MAXSEG cannot be read: %v, %v", err, failed)
	}
	return n
}
