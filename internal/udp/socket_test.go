package udp

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pong/netcode/sealed"
)

// eachSocket runs a test on every kind of Socket, over a host. The test gets one that listens and a client's address
// to talk to it.
func eachSocket(t *testing.T, host string, test func(*testing.T, *remote)) {
	t.Helper()
	for name, listen := range map[string]func(string, int) (Socket, error){
		"this system's": Listen,
		"one by one": func(host string, port int) (Socket, error) {
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

// A far end talks to a Socket over loopback.
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

// testTimeout is for how long something is awaited that happens at once on a machine that is not stopped.
const testTimeout = 10 * time.Second

// received takes n datagrams from the socket.
func (f *remote) received(n int) []Datagram { return f.receivedAfter(time.Millisecond, n) }

// receivedAfter takes n datagrams, each time after a Wait of a duration.
func (f *remote) receivedAfter(wait time.Duration, n int) (all []Datagram) {
	f.t.Helper()
	take := func(batch []Datagram) {
		for _, d := range batch {
			d.Data = slices.Clone(d.Data) // it is lent
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

// TestSocket_CarriesDatagramsBothWays sends more datagrams each way than a batch holds: they come whole, in order and once, and an IPv4
// address has one form whatever the socket listens on.
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
				t.Errorf("%d datagrams were refused", refused)
			}
			_ = f.SetReadDeadline(time.Now().Add(testTimeout))
			var b [2048]byte
			for i := range n {
				if k, err := f.Read(b[:]); err != nil || string(b[:k]) != string(text(i)) {
					t.Fatalf("datagram %d comes back as %q, error %v; want %q", i, b[:k], err, text(i))
				}
			}
		})
	}
}

// TestSocket_ShowsTooLongDatagrams hands over a datagram of any length so that it can be seen to be too long or empty.
func TestSocket_ShowsTooLongDatagrams(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		sizes := []int{sealed.MaxDatagram, sealed.MaxDatagram + 1, 9000, 0, 5}
		for _, n := range sizes {
			f.send(make([]byte, n))
		}
		for i, d := range f.received(len(sizes)) {
			if want := min(sizes[i], sealed.MaxDatagram+1); len(d.Data) != want {
				t.Errorf("a datagram of %d bytes is handed over as %d, want %d", sizes[i], len(d.Data), want)
			}
		}
	})
}

// TestSocket_WakeEndsWait wakes a Wait that would last for an hour: one that is under way, and one that begins later.
func TestSocket_WakeEndsWait(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		woken := make(chan error)
		for range 50 {
			go func() { woken <- f.socket.Wait(time.Now().Add(time.Hour)) }()
			f.socket.Wake() // before Wait or during it, as it happens
			select {
			case err := <-woken:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(testTimeout):
				t.Fatal("a Wait sleeps over a Wake")
			}
		}
	})
}

// TestSocket_CountsRefusedDatagrams sends to where nothing can be sent: that is counted, and stops nothing else.
func TestSocket_CountsRefusedDatagrams(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		for _, to := range []string{"[2001:db8::1]:9", "127.0.0.1:0"} { // of another family; to no port
			f.socket.Send(netip.Addr{}, f.address, []byte("before"))
			f.socket.Send(netip.Addr{}, netip.MustParseAddrPort(to), []byte("nowhere"))
			f.socket.Send(netip.Addr{}, f.address, []byte("after"))
			if n := f.socket.Flush(); n != 1 {
				t.Errorf("%d datagrams were refused to %s, want 1", n, to)
			}
			if n := f.socket.Flush(); n != 0 {
				t.Errorf("%d datagrams are counted again", n)
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

// TestSocket_ReceivesWithoutTimeToWait receives though there is never time to wait.
func TestSocket_ReceivesWithoutTimeToWait(t *testing.T) {
	eachSocket(t, "127.0.0.1", func(t *testing.T, f *remote) {
		const n = 100
		for i := range n {
			f.send([]byte{byte(i)})
		}
		for i, d := range f.receivedAfter(-time.Second, n) {
			if int(d.Data[0]) != i {
				t.Fatalf("datagram %d is the one sent as %d", i, d.Data[0])
			}
		}
	})
}
