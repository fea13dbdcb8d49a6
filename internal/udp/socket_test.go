package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"
)

// eachSocket runs a test with every kind of Socket, bound to a host. The test gets a remote end that can reach it.
func eachSocket(t *testing.T, host string, test func(*testing.T, *remote)) {
	t.Helper()
	for name, listen := range map[string]func(string, int) (Socket, error){
		"Listen": Listen,
		"NewSocket": func(host string, port int) (Socket, error) {
			conn, err := listenUDP(host, port)
			if err != nil {
				return nil, err
			}
			return NewSocket(conn), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := listen(host, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			test(t, newRemote(t, s))
		})
	}
}

// A remote is an ordinary socket that sends to a Socket over loopback.
type remote struct {
	*net.UDPConn
	t       testing.TB
	socket  Socket
	address netip.AddrPort
}

func newRemote(t testing.TB, s Socket) *remote {
	t.Helper()
	port := s.LocalAddr().(*net.UDPAddr).Port
	conn, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetReadBuffer(1 << 20)
	return &remote{conn, t, s, conn.LocalAddr().(*net.UDPAddr).AddrPort()}
}

func (f *remote) send(b []byte) {
	f.t.Helper()
	if _, err := f.Write(b); err != nil {
		f.t.Fatal(err)
	}
}

// testTimeout is a limit for events that happen at once unless the machine stands still.
const testTimeout = 10 * time.Second

// received receives n datagrams from the Socket.
func (f *remote) received(n int) []Datagram { return f.receivedAfter(time.Millisecond, n) }

// receivedAfter receives n datagrams. Each Receive follows a Wait of the given duration.
func (f *remote) receivedAfter(wait time.Duration, n int) (all []Datagram) {
	f.t.Helper()
	take := func(batch []Datagram) {
		for _, d := range batch {
			d.Data = slices.Clone(d.Data) // it is valid only in take
			all = append(all, d)
		}
	}
	for end := time.Now().Add(testTimeout); len(all) < n; {
		if time.Now().After(end) {
			f.t.Fatalf("%d of %d datagrams have arrived", len(all), n)
		}
		if err := f.socket.Wait(time.Now().Add(wait)); err != nil {
			f.t.Fatal(err)
		}
		if err := f.socket.Receive(take); err != nil {
			f.t.Fatal(err)
		}
	}
	return all
}

// TestSocket_CarriesDatagramsBothWays sends more datagrams in each direction than fit a batch. They arrive unchanged,
// in order and once, and an IPv4 address has one form whatever the socket is bound to.
func TestSocket_CarriesDatagramsBothWays(t *testing.T) {
	for _, host := range []string{"127.0.0.1", ""} {
		eachSocket(t, host, func(t *testing.T, f *remote) {
			const n = 150
			text := func(i int) []byte { return fmt.Appendf(nil, "datagram %0*d", i, i) }
			for i := range n {
				f.send(text(i))
			}
			got := f.received(n)
			if len(got) != n {
				t.Errorf("%d datagrams have arrived of %d", len(got), n)
			}
			for i, d := range got {
				if string(d.Data) != string(text(i)) || d.From != f.address {
					t.Fatalf("datagram %d is %q from %v, want %q from %v", i, d.Data, d.From, text(i), f.address)
				}
			}
			for i := range n {
				f.socket.Send(netip.Addr{}, f.address, text(i))
			}
			if refused := f.socket.Flush(); refused != 0 {
				t.Errorf("%d datagrams were refused, want none", refused)
			}
			_ = f.SetReadDeadline(time.Now().Add(testTimeout))
			var b [2048]byte
			for i := range n {
				if k, err := f.Read(b[:]); err != nil || string(b[:k]) != string(text(i)) {
					t.Fatalf("datagram %d arrives as %q, %v; want %q", i, b[:k], err, text(i))
				}
			}
		})
	}
}

// TestSocket_ShowsTooLongDatagrams wants a datagram that is too long to be received with MaxDatagram bytes.
func TestSocket_ShowsTooLongDatagrams(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		sizes := []int{MaxDatagram - 1, MaxDatagram, 9000, 0, 5}
		for _, n := range sizes {
			f.send(make([]byte, n))
		}
		for i, d := range f.received(len(sizes)) {
			if want := min(sizes[i], MaxDatagram); len(d.Data) != want {
				t.Errorf("of a datagram with %d bytes %d are received, want %d", sizes[i], len(d.Data), want)
			}
		}
	})
}

// TestSocket_WakeEndsWait wakes a Wait of an hour, before it begins or while it is running.
func TestSocket_WakeEndsWait(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		woken := make(chan error)
		for range 50 {
			go func() { woken <- f.socket.Wait(time.Now().Add(time.Hour)) }()
			f.socket.Wake() // before or during Wait, by chance
			select {
			case err := <-woken:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(testTimeout):
				t.Fatal("Wake does not end a Wait")
			}
		}
	})
}

// TestSocket_CountsRefusedDatagrams sends to addresses that the system refuses, between others that it accepts.
func TestSocket_CountsRefusedDatagrams(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		for _, to := range []string{"[2001:db8::1]:9", "127.0.0.1:0"} { // of another family; to no port
			f.socket.Send(netip.Addr{}, f.address, []byte("before"))
			f.socket.Send(netip.Addr{}, netip.MustParseAddrPort(to), []byte("nowhere"))
			f.socket.Send(netip.Addr{}, f.address, []byte("after"))
			if n := f.socket.Flush(); n != 1 {
				t.Errorf("Flush() = %d after a datagram to %s, want 1", n, to)
			}
			if n := f.socket.Flush(); n != 0 {
				t.Errorf("a second Flush() = %d, want 0", n)
			}
			_ = f.SetReadDeadline(time.Now().Add(testTimeout))
			for _, want := range []string{"before", "after"} {
				var b [16]byte
				if n, err := f.Read(b[:]); err != nil || string(b[:n]) != want {
					t.Errorf("received %q, error %v; want %q", b[:n], err, want)
				}
			}
		}
	})
}

// TestSocket_ReceivesWithoutTimeToWait receives after Waits until a time in the past.
func TestSocket_ReceivesWithoutTimeToWait(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		const n = 100
		for i := range n {
			f.send([]byte{byte(i)})
		}
		for i, d := range f.receivedAfter(-time.Second, n) {
			if int(d.Data[0]) != i {
				t.Fatalf("datagram %d is number %d", i, d.Data[0])
			}
		}
	})
}

// A scriptedConn is a PacketConn with ten datagrams, an error about some address before each, and no more in time.
type scriptedConn struct {
	PacketConn
	reads int
}

func (c *scriptedConn) SetReadDeadline(time.Time) error { return nil }

func (c *scriptedConn) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	switch c.reads++; {
	case c.reads > 20:
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	case c.reads%2 == 1:
		return 0, netip.AddrPort{}, errors.New("connection refused, by one of the clients")
	}
	return copy(b, "datagram"), netip.AddrPort{}, nil
}

// TestNewSocket_HintsEndNoReceive receives for a loop that is behind. Errors about single addresses hold up nothing
// that has arrived.
func TestNewSocket_HintsEndNoReceive(t *testing.T) {
	s := NewSocket(&scriptedConn{})
	if err := s.Wait(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	n := 0
	if err := s.Receive(func(batch []Datagram) { n += len(batch) }); err != nil || n != 10 {
		t.Errorf("Receive takes %d datagrams, error %v; want all 10 that have arrived", n, err)
	}
}
