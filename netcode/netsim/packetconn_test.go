package netsim

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPipe_DelaysEachDirectionByItsProfile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Profile{Delay: 140 * ms}, Profile{Delay: 10 * ms}, 1)
		start := time.Now()
		if _, err := client.WriteTo([]byte("ping"), client.RemoteAddr()); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, from, err := server.ReadFrom(b)
		if err != nil || string(b[:n]) != "ping" || from.String() != client.LocalAddr().String() ||
			time.Since(start) != 140*ms {
			t.Fatalf("server read %q from %v, %v after %v; want \"ping\" from %v after 140ms", b[:n], from, err,
				time.Since(start), client.LocalAddr())
		}
		if _, err := server.WriteTo([]byte("pong"), from); err != nil {
			t.Fatal(err)
		}
		n, address, err := client.ReadFromUDPAddrPort(b)
		if err != nil || string(b[:n]) != "pong" || address.String() != server.LocalAddr().String() ||
			time.Since(start) != 150*ms {
			t.Fatalf("client read %q from %v, %v after %v; want \"pong\" from %v after 150ms", b[:n], address, err,
				time.Since(start), server.LocalAddr())
		}
	})
}

func TestPipe_LosesPacketsToOtherAddresses(t *testing.T) {
	client, server := Pipe(Profile{}, Profile{}, 1)
	mapped := netip.AddrPortFrom(netip.AddrFrom16(server.local.Addr().As16()), server.local.Port())
	for _, test := range []struct {
		to   netip.AddrPort
		sent uint64
	}{
		{netip.MustParseAddrPort("192.0.2.2:3"), 0},
		{netip.MustParseAddrPort("192.0.2.9:2"), 0},
		{server.local, 1},
		{mapped, 2},
	} {
		if n, err := client.WriteToUDPAddrPort([]byte("x"), test.to); n != 1 || err != nil {
			t.Errorf("write to %v: %d, %v, want 1 and no error", test.to, n, err)
		}
		if got := client.Stats().Sent; got != test.sent {
			t.Errorf("after a write to %v %d packets were sent, want %d", test.to, got, test.sent)
		}
	}
	if _, err := client.WriteTo(nil, &net.TCPAddr{}); err == nil ||
		!strings.Contains(err.Error(), "not a *net.UDPAddr") {
		t.Errorf("write to a TCP address: %v", err)
	}
	if _, err := client.Write(make([]byte, largestPacket+1)); err == nil {
		t.Error("wrote a packet that no datagram holds")
	}
}

func TestPipe_TruncatesAsSocketsDo(t *testing.T) {
	client, server := Pipe(Profile{}, Profile{}, 1)
	for _, packet := range []string{"first", "second"} {
		if _, err := client.Write([]byte(packet)); err != nil {
			t.Fatal(err)
		}
	}
	var b [3]byte
	for _, want := range []string{"fir", "sec"} {
		if n, err := server.Read(b[:]); err != nil || string(b[:n]) != want {
			t.Errorf("read %q, %v, want %q", b[:n], err, want)
		}
	}
}

func TestPipe_Deadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Profile{Delay: 100 * ms}, Profile{}, 1)
		if _, err := client.Write([]byte("late")); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := server.SetReadDeadline(start.Add(50 * ms)); err != nil {
			t.Fatal(err)
		}
		_, err := server.Read(nil)
		var timeout net.Error
		if !errors.Is(err, os.ErrDeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() ||
			time.Since(start) != 50*ms {
			t.Errorf("read: %v after %v, want a timeout after 50ms", err, time.Since(start))
		}
		if err := server.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		var b [4]byte
		if n, err := server.Read(b[:]); err != nil || string(b[:n]) != "late" || time.Since(start) != 100*ms {
			t.Errorf("read %q, %v after %v, want \"late\" after 100ms", b[:n], err, time.Since(start))
		}
		if err := client.SetDeadline(time.Now()); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Write(nil); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write after the deadline: %v", err)
		}
		if _, err := client.Read(nil); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read after the deadline: %v", err)
		}
	})
}

func TestPipe_Close(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := Pipe(Profile{Delay: 10 * ms}, Profile{Delay: 10 * ms}, 1)
		if _, err := client.Write([]byte("last")); err != nil {
			t.Fatal(err)
		}
		if err := client.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		_, readErr := client.Read(nil)
		_, writeErr := client.Write(nil)
		for what, err := range map[string]error{
			"read": readErr, "write": writeErr, "close again": client.Close(),
			"set deadline":       client.SetDeadline(time.Time{}),
			"set write deadline": client.SetWriteDeadline(time.Time{}),
		} {
			if !errors.Is(err, net.ErrClosed) {
				t.Errorf("%s after close: %v, want net.ErrClosed", what, err)
			}
		}
		var b [4]byte
		if n, err := server.Read(b[:]); err != nil || string(b[:n]) != "last" {
			t.Errorf("the other end read %q, %v, want what was sent before the close", b[:n], err)
		}
		if _, err := server.Write([]byte("x")); err != nil {
			t.Errorf("write to a closed end: %v, want it to vanish", err)
		}
	})
}

func TestPipe_Set(t *testing.T) {
	client, _ := Pipe(Profile{}, Profile{}, 1)
	client.Set(Profile{Loss: 1})
	if _, err := client.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if s := client.Stats(); s.Sent != 1 || s.Lost != 1 {
		t.Errorf("with a loss of 1 the counts are %+v", s)
	}
}
