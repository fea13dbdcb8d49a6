package memnet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/memnet"
	"pong/netcode/netsim"
)

var (
	streamAddr = netip.MustParseAddrPort("203.0.113.5:5555")
	socketAddr = netip.MustParseAddrPort("203.0.113.5:5556")
)

// dialStream returns both ends of a new stream.
func dialStream(t *testing.T, n *memnet.Network, l *memnet.Listener) (near, far *memnet.Conn) {
	t.Helper()
	a, err := n.Host("198.51.100.1").DialStream(t.Context(), streamAddr.String())
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return a.(*memnet.Conn), b.(*memnet.Conn)
}

func TestConn_CarriesBytesBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		l := n.Listen(streamAddr)
		near, far := dialStream(t, n, l)
		if got := far.RemoteAddr().String(); got != near.LocalAddr().String() ||
			near.RemoteAddr().String() != streamAddr.String() {
			t.Errorf("far.RemoteAddr() = %s and near.RemoteAddr() = %s, want %s and %s", got, near.RemoteAddr(),
				near.LocalAddr(), streamAddr)
		}
		for _, c := range [][2]net.Conn{{near, far}, {far, near}} {
			var b [8]byte
			if _, err := c[0].Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			if k, err := c[1].Read(b[:]); err != nil || string(b[:k]) != "hello" {
				t.Errorf("Read = %q, %v, want %q", b[:k], err, "hello")
			}
		}
	})
}

func TestConn_FailsAsATCPConnectionDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		near, far := dialStream(t, n, n.Listen(streamAddr))
		var b [8]byte

		start := time.Now()
		_ = near.SetReadDeadline(start.Add(time.Second))
		if _, err := near.Read(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("Read past its deadline: %v after %v", err, time.Since(start))
		}
		far.SetWindow(3)
		_ = near.SetWriteDeadline(time.Now().Add(time.Second))
		if k, err := near.Write([]byte("hello")); k != 3 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Write into a window of 3 bytes = %d, %v, want 3 and a deadline", k, err)
		}

		if err := near.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(far); err != nil || string(rest) != "hel" {
			t.Errorf("after CloseWrite the peer reads %q, %v, want %q and the end", rest, err, "hel")
		}
		_ = near.SetReadDeadline(time.Time{})
		if _, err := far.Write([]byte("bye")); err != nil {
			t.Errorf("after CloseWrite the peer cannot write: %v", err)
		}
		if k, err := near.Read(b[:]); err != nil || string(b[:k]) != "bye" {
			t.Errorf("after CloseWrite Read = %q, %v, want %q", b[:k], err, "bye")
		}
		near.Close()
		if _, err := far.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("Write to a closed peer: %v, want %v", err, io.ErrClosedPipe)
		}
		if _, err := near.Read(b[:]); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Read after Close: %v, want %v", err, net.ErrClosed)
		}
	})
}

func TestListener_ClosedRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		l := n.Listen(streamAddr)
		accepted := make(chan error)
		go func() {
			_, err := l.Accept()
			accepted <- err
		}()
		l.Close()
		if err := <-accepted; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Accept of a closed listener: %v, want %v", err, net.ErrClosed)
		}
		for _, address := range []string{streamAddr.String(), "203.0.113.5:9"} {
			_, err := n.Host("198.51.100.1").DialStream(t.Context(), address)
			if !errors.Is(err, syscall.ECONNREFUSED) {
				t.Errorf("dial %s: %v, want %v", address, err, syscall.ECONNREFUSED)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := n.Host("198.51.100.1").DialStream(ctx, streamAddr.String()); !errors.Is(err, context.Canceled) {
			t.Errorf("dial with a canceled context: %v", err)
		}
		n.Listen(streamAddr) // as a server that starts again does
		if _, err := n.Host("198.51.100.1").DialStream(t.Context(), streamAddr.String()); err != nil {
			t.Errorf("dial a new listener at the same address: %v", err)
		}
	})
}

func TestSocket_CarriesDatagramsBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		n.SetLink(netsim.Profile{Delay: 30 * time.Millisecond}, netsim.Profile{Delay: 50 * time.Millisecond})
		socket := n.ListenDatagrams(socketAddr)
		defer socket.Close()
		near, _ := dialStream(t, n, n.Listen(streamAddr))
		c, err := n.Host("198.51.100.1").DialDatagrams(t.Context(), near, int(socketAddr.Port()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if got := c.RemoteAddr().String(); got != socketAddr.String() {
			t.Errorf("RemoteAddr() = %s, want %s", got, socketAddr)
		}
		start := time.Now()
		_, _ = c.Write([]byte("up"))
		var b [8]byte
		k, from, err := socket.ReadFromUDPAddrPort(b[:])
		if err != nil || string(b[:k]) != "up" || from.Addr() != netip.MustParseAddr("198.51.100.1") ||
			time.Since(start) != 30*time.Millisecond {
			t.Errorf("received %q from %v, %v after %v, want %q after 30ms", b[:k], from, err, time.Since(start), "up")
		}
		start = time.Now()
		_, _ = socket.WriteToUDPAddrPort([]byte("down"), from)
		if k, err := c.Read(b[:]); err != nil || string(b[:k]) != "down" || time.Since(start) != 50*time.Millisecond {
			t.Errorf("received %q, %v after %v, want %q after 50ms", b[:k], err, time.Since(start), "down")
		}

		stranger := netip.MustParseAddrPort("192.0.2.1:1")
		socket.Inject(stranger, []byte("x"))
		if k, from, err := socket.ReadFromUDPAddrPort(b[:]); err != nil || string(b[:k]) != "x" || from != stranger {
			t.Errorf("injected %q arrives as %q from %v, %v", "x", b[:k], from, err)
		}
		_, _ = socket.WriteToUDPAddrPort([]byte("nowhere"), stranger)
		if socket.Stray() != 1 || socket.Received() != 1 {
			t.Errorf("Stray() = %d and Received() = %d, want 1 and 1", socket.Stray(), socket.Received())
		}
		_ = socket.SetReadDeadline(time.Now().Add(time.Second))
		if _, _, err := socket.ReadFromUDPAddrPort(b[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read past the deadline: %v", err)
		}
	})
}

func TestNetwork_Disconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := memnet.New()
		socket := n.ListenDatagrams(socketAddr)
		defer socket.Close()
		l := n.Listen(streamAddr)
		near, _ := dialStream(t, n, l)
		host := n.Host("198.51.100.1")
		c, err := host.DialDatagrams(t.Context(), near, int(socketAddr.Port()))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		n.Disconnect("198.51.100.1")
		_, _ = c.Write([]byte("lost"))
		if _, err := host.DialStream(t.Context(), streamAddr.String()); !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("dial from a disconnected host: %v, want %v", err, syscall.ENETUNREACH)
		}
		if _, err := n.Host("198.51.100.2").DialStream(t.Context(), streamAddr.String()); err != nil {
			t.Errorf("dial from another host: %v", err)
		}
		n.Reconnect("198.51.100.1")
		if _, err := host.DialDatagrams(t.Context(), near, int(socketAddr.Port())); err != nil {
			t.Errorf("dial from a reconnected host: %v", err)
		}
		synctest.Wait()
		if n := socket.Received(); n != 0 {
			t.Errorf("%d datagrams of a disconnected host arrived, want none", n)
		}
		if s, p := len(n.Streams()), len(n.Paths()); s != 2 || p != 2 {
			t.Errorf("%d streams and %d paths, want 2 and 2", s, p)
		}
	})
}
