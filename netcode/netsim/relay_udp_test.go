package netsim

import (
	"errors"
	"fmt"
	"net"
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
	idle := r.clients[unmap(c.LocalAddr().(*net.UDPAddr).AddrPort())]
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

func TestRelayUDP_OutlivesAMissingServer(t *testing.T) {
	server, _ := echo(t)
	address := server.LocalAddr().(*net.UDPAddr)
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	r, _ := startRelay(t, RelayConfig{ToGame: address.String()})
	c := dial(t, "udp", r.GameAddr())
	for range 3 {
		before := r.Stats().Errors
		write(t, c, "anybody?")
		until(t, r, "noticed that there is no server", func(s RelayStats) bool { return s.Errors > before })
	}
	again, err := net.ListenUDP("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	go echoPackets(again)
	write(t, c, "back?")
	b := make([]byte, 100)
	for string(b) != "back?" { // the last earlier packet may have been sent twice and come back too
		n, err := c.Read(b[:cap(b)])
		if err != nil {
			t.Fatalf("the server is back, but the client receives nothing: %v; %+v", err, r.Stats())
		}
		b = b[:n]
	}
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
