package web

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/udp"
)

// A fakeSocket is a udp.Socket that notes what is sent to the network.
type fakeSocket struct {
	udp.Socket
	sent     []netip.AddrPort
	received bool
}

func (f *fakeSocket) Send(_ netip.Addr, to netip.AddrPort, _ []byte) { f.sent = append(f.sent, to) }
func (f *fakeSocket) Receive(func(batch []udp.Datagram)) error       { f.received = true; return nil }
func (f *fakeSocket) LocalAddr() net.Addr                            { return &net.UDPAddr{Port: 5556} }

var client = netip.MustParseAddrPort("203.0.113.7:4000")

// A page that does not read gets the newest datagrams, and the shard does not wait for it.
func TestMailbox_KeepsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all sessions
		var got []string
		reads := make(chan struct{})
		p := all.open(client, func(datagram []byte) error {
			got = append(got, string(datagram))
			<-reads // as when the queue of QUIC is full
			return errors.New("lost")
		})
		all.send(p.addr, []byte("0"))
		synctest.Wait() // the goroutine has taken it and waits for the page
		for n := 1; n <= 10; n++ {
			all.send(p.addr, fmt.Append(nil, n))
		}
		close(reads)
		synctest.Wait()
		if want := "[0 7 8 9 10]"; fmt.Sprint(got) != want {
			t.Errorf("a page that did not read got %v, want %s", got, want)
		}
		all.close(p)
		all.close(p)
		all.send(p.addr, []byte("late"))
		synctest.Wait()
		if len(got) != 5 {
			t.Errorf("a page that has left got %q", got[5:])
		}
	})
}

func TestSocket_LimitsWhatAPageSends(t *testing.T) {
	var all sessions
	fake := new(fakeSocket)
	s := &socket{Socket: fake, sessions: &all}
	greedy := all.open(client, func([]byte) error { return nil })
	other := all.open(client, func([]byte) error { return nil })
	defer all.close(greedy)
	defer all.close(other)
	for range 3 {
		data := []byte("x")
		for range 2 * maxQueued {
			s.put(greedy, time.Now(), data)
		}
		s.put(other, time.Now(), data)
		data[0] = 'y' // the queue has a copy
		count := map[netip.AddrPort]int{}
		if err := s.Receive(func(batch []udp.Datagram) {
			for _, d := range batch {
				if string(d.Data) != "x" {
					t.Errorf("received %q, want x", d.Data)
				}
				count[d.From]++
			}
		}); err != nil || !fake.received {
			t.Fatalf("Receive: error %v, received from the network: %v", err, fake.received)
		}
		if count[greedy.addr] != maxQueued || count[other.addr] != 1 {
			t.Errorf("received %d and %d datagrams of two pages, want %d and 1", count[greedy.addr], count[other.addr],
				maxQueued)
		}
	}
}

// Datagrams to pages never go to the network, and those to others always do.
func TestSocket_SendsToPagesAndToTheNetwork(t *testing.T) {
	var all sessions
	fake := new(fakeSocket)
	s := &socket{Socket: fake, sessions: &all}
	p := all.open(client, func([]byte) error { return nil })
	s.Send(netip.Addr{}, p.addr, []byte("x"))
	all.close(p)
	s.Send(netip.Addr{}, p.addr, []byte("x"))
	if len(fake.sent) != 0 {
		t.Errorf("datagrams to a page were sent to %v", fake.sent)
	}
	for _, to := range []string{"203.0.113.7:4000", "[2001:db8::7]:4000", "[fe80::7%eth0]:4000"} {
		s.Send(netip.Addr{}, netip.MustParseAddrPort(to), []byte("x"))
	}
	if len(fake.sent) != 3 {
		t.Errorf("%d datagrams to other players were sent to the network, want 3", len(fake.sent))
	}
}

// The address of a page is its client's for everything that limits clients.
func TestSession_HasTheAddressOfItsClient(t *testing.T) {
	var all sessions
	for _, from := range []string{"203.0.113.7:4000", "[2001:db8::7]:4000"} {
		one := all.open(netip.MustParseAddrPort(from), func([]byte) error { return nil })
		two := all.open(netip.MustParseAddrPort(from), func([]byte) error { return nil })
		if one.addr == two.addr {
			t.Errorf("two pages at %s have the same address %v", from, one.addr)
		}
		if got := netip.AddrPortFrom(one.addr.Addr().Unmap().WithZone(""), one.addr.Port()).String(); got != from {
			t.Errorf("a page at %s has the address %s without its zone", from, got)
		}
		all.close(one)
		all.close(two)
	}
}
