package load

import (
	"net"
	"net/netip"
	"testing"
	"time"
)

// TestTransport_CarriesDatagramsOfManyPlayers sends datagrams of players with their own addresses, and receives
// answers with the time of arrival.
func TestTransport_CarriesDatagramsOfManyPlayers(t *testing.T) {
	epoch := time.Now()
	for name, open := range map[string]func() (transport, error){
		"the system's": func() (transport, error) { return openTransport(epoch, netip.MustParseAddr("127.0.0.1")) },
		"sockets":      func() (transport, error) { return newPlayerSockets(epoch), nil },
	} {
		t.Run(name, func(t *testing.T) {
			server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			to := server.LocalAddr().(*net.UDPAddr).AddrPort()
			c, err := open()
			if err != nil {
				t.Fatal(err)
			}
			defer c.close()
			const players = 100 // more than a batch
			for i := range players {
				if err := c.add(source(i, to.Addr()), to); err != nil {
					t.Fatal(err)
				}
			}
			for i := range players {
				c.send(i, []byte{byte(i), 42})
			}
			c.flush()
			from := map[netip.Addr]bool{}
			for range players {
				b := make([]byte, 100)
				_ = server.SetReadDeadline(time.Now().Add(5 * time.Second))
				n, peer, err := server.ReadFromUDPAddrPort(b)
				if err != nil {
					t.Fatalf("the server received datagrams of %d players, then: %v", len(from), err)
				}
				want := source(int(b[0]), to.Addr())
				if n != 2 || b[1] != 42 || want.IsValid() && peer.Addr() != want {
					t.Fatalf("the server received %v from %v, want it from %v", b[:n], peer, want)
				}
				from[peer.Addr()] = true
				if _, err := server.WriteToUDPAddrPort(b[:1], peer); err != nil {
					t.Fatal(err)
				}
			}
			if hasSources(to.Addr()) && len(from) != players {
				t.Errorf("the server saw %d addresses, want one for each of %d players", len(from), players)
			}
			seen, late := map[byte]bool{}, time.Now().Add(5*time.Second)
			for len(seen) < players && time.Now().Before(late) {
				c.receive(func(at time.Duration, b []byte) {
					if now := time.Since(epoch); at > now || at < now-5*time.Second || len(b) != 1 {
						t.Fatalf("received %d bytes with arrival time %v, want 1 byte in the 5 s before %v", len(b), at,
							now)
					}
					seen[b[0]] = true
				})
			}
			if len(seen) != players || c.failed() != 0 {
				t.Errorf("%d of %d answers arrived, %d datagrams were not sent; want all", len(seen), players,
					c.failed())
			}
		})
	}
}

func TestSource_IsAnotherLoopbackAddressForEachPlayer(t *testing.T) {
	loopback := netip.MustParseAddr("127.0.0.1")
	if !hasSources(loopback) {
		t.Log("this system has only one loopback address")
	} else {
		seen := map[netip.Addr]bool{}
		for i := range 2 * MaxMatches {
			a := source(i, loopback)
			if seen[a] || !a.IsLoopback() || a.As4()[1] == 0 {
				t.Fatalf("player %d has address %v, want one in 127.1.0.0 or above that no other player has", i, a)
			}
			seen[a] = true
		}
	}
	for _, far := range []string{"::1", "192.0.2.1"} {
		if a := source(3, netip.MustParseAddr(far)); a.IsValid() {
			t.Errorf("source address towards %s: got %v, want none", far, a)
		}
	}
}
