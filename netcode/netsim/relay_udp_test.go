package netsim

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRelayUDP_DelaysEachDirection(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Up: Profile{Delay: 30 * ms}, Down: Profile{Delay: 10 * ms}})
	c := dial(t, "udp", r.GameAddr())
	start := time.Now()
	write(t, c, "ping")
	wantRead(t, c, "ping")
	if got := time.Since(start); got < 40*ms {
		t.Errorf("the round trip took %v, want at least 40ms", got)
	}
}

func TestRelayUDP_ChangesNothing(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{})
	c := dial(t, "udp", r.GameAddr())
	for _, size := range []int{0, 1, 1200, 9000, largestPacket} {
		packet := strings.Repeat("x", size)
		write(t, c, packet)
		wantRead(t, c, packet)
	}
}

// TestRelayUDP_EachGamePortLeadsToItsOwn sends from one address to three game ports.
func TestRelayUDP_EachGamePortLeadsToItsOwn(t *testing.T) {
	servers := echoesInARow(t, 3)
	r, _ := startRelay(t, RelayConfig{ToGame: servers[0].LocalAddr().String(), GamePorts: len(servers)})
	c, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	for i := range servers {
		to := netip.AddrPortFrom(r.GameAddr().Addr(), r.GameAddr().Port()+uint16(i))
		if _, err := c.WriteToUDPAddrPort([]byte{byte(i)}, to); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, 2)
		n, from, err := c.ReadFromUDPAddrPort(answer)
		if err != nil || n != 1 || answer[0] != byte(i) || unmap(from) != to {
			t.Errorf("game port %d: %v answered %v (%v), want %v to answer [%d]", i, from, answer[:n], err, to, i)
		}
	}
	if n := r.Stats().Clients; n != len(servers) {
		t.Errorf("one address at %d game ports counts as %d clients, want one for each port", len(servers), n)
	}
}

// echoesInARow returns servers that send back what they receive, on ports that follow each other.
func echoesInARow(t *testing.T, n int) (servers []*net.UDPConn) {
	t.Helper()
	r := &Relay{config: RelayConfig{ListenGame: "127.0.0.1:0", GamePorts: n}}
	if err := r.listenGame(); err != nil {
		t.Fatal(err)
	}
	for _, c := range r.games {
		t.Cleanup(func() { _ = c.Close() })
		go echoPackets(c)
	}
	return r.games
}

// TestRelayUDP_ListensOnIPv4Alone on 0.0.0.0, where Go would listen on IPv6 as well.
func TestRelayUDP_ListensOnIPv4Alone(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{ListenGame: "0.0.0.0:0", ListenControl: "0.0.0.0:0"})
	for _, local := range []net.Addr{r.games[0].LocalAddr(), r.control.Addr()} {
		if ap := netip.MustParseAddrPort(local.String()); !ap.Addr().Is4() {
			t.Errorf("on 0.0.0.0 the relay listens at %v (%s), want an IPv4 address", local, local.Network())
		}
	}
}

func TestRelayUDP_RoutesReplies(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{})
	clients := make([]net.Conn, 10)
	for i := range clients {
		clients[i] = dial(t, "udp", r.GameAddr())
		write(t, clients[i], fmt.Sprint(i))
	}
	for i, c := range clients {
		wantRead(t, c, fmt.Sprint(i))
	}
	if n := r.Stats().Clients; n != len(clients) {
		t.Errorf("%d clients, want %d", n, len(clients))
	}
}

func TestRelayUDP_ClientsAreBounded(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Clients: 1})
	first, second := dial(t, "udp", r.GameAddr()), dial(t, "udp", r.GameAddr())
	write(t, first, "first")
	wantRead(t, first, "first")
	write(t, second, "second")
	write(t, first, "again")
	wantRead(t, first, "again")
	if s := r.Stats(); s.Clients != 1 || s.Refused != 1 || s.Up.Sent != 2 {
		t.Errorf("counts are %+v, want one client, one packet refused and two sent", s)
	}
}

func TestRelayUDP_ForgetsIdleClients(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{Idle: 20 * ms, Clients: 1})
	c := dial(t, "udp", r.GameAddr())
	write(t, c, "hello")
	wantRead(t, c, "hello")
	r.mu.Lock()
	idle := r.clients[relayKey{0, unmap(c.LocalAddr().(*net.UDPAddr).AddrPort())}]
	r.mu.Unlock()
	if idle != nil { // otherwise it was dropped already
		select {
		case <-idle.gone:
		case <-time.After(patience):
			t.Fatal("the relay still has a client that was idle for 20ms")
		}
	}
	if s := r.Stats(); s.Clients != 0 || s.Up.Delivered != 1 || s.Down.Delivered != 1 || s.Errors != 0 {
		t.Errorf("counts are %+v, want no client, one packet each way and no error", s)
	}
	write(t, c, "back") // there is room again, also for the same client
	wantRead(t, c, "back")
}

func TestRelayUDP_RetriesAfterAnOldFailure(t *testing.T) {
	r, l := &Relay{}, newTimedLink(Profile{}, 1)
	l.send([]byte("one"))
	l.send([]byte("two"))
	var tried []string
	r.pump(l, func(b []byte) error {
		tried = append(tried, string(b))
		switch len(tried) {
		case 1:
			return errors.New("connection refused, said of an earlier packet")
		case 3:
			return l.close()
		}
		return nil
	})
	if want := []string{"one", "one", "two"}; !slices.Equal(tried, want) {
		t.Errorf("tried to write %q, want %q", tried, want)
	}
	if n := r.Stats().Errors; n != 1 {
		t.Errorf("%d errors counted, want 1", n)
	}
}
