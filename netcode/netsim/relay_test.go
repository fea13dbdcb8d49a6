package netsim

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"
)

const patience = time.Minute // of every read on a real socket

// An echo is a server on loopback that sends back everything it receives, over UDP and TCP.
func echo(t *testing.T) (game *net.UDPConn, control net.Listener) {
	t.Helper()
	game, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	control, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = game.Close(), control.Close() })
	go echoPackets(game)
	go func() {
		for {
			c, err := control.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return game, control
}

func echoPackets(c *net.UDPConn) {
	b := make([]byte, largestPacket)
	for {
		n, from, err := c.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		_, _ = c.WriteToUDPAddrPort(b[:n], from)
	}
}

// startRelay runs a relay until the test ends or stop is called; it leads to an echo server if config names no server.
func startRelay(t *testing.T, config RelayConfig) (r *Relay, stop func()) {
	t.Helper()
	game, control := echo(t)
	if config.ToGame == "" {
		config.ToGame = game.LocalAddr().String()
	}
	if config.ToControl == "" {
		config.ToControl = control.Addr().String()
	}
	r, err := ListenRelay(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	stopped := false
	stop = func() {
		t.Helper()
		cancel()
		if stopped {
			return
		}
		stopped = true
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("run: %v", err)
			}
		case <-time.After(patience):
			t.Error("Run has not returned after its context ended")
		}
	}
	t.Cleanup(stop)
	return r, stop
}

func dial(t *testing.T, network string, to netip.AddrPort) net.Conn {
	t.Helper()
	c, err := net.Dial(network, to.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, c net.Conn, packet string) {
	t.Helper()
	if _, err := c.Write([]byte(packet)); err != nil {
		t.Fatal(err)
	}
}

func wantRead(t *testing.T, c net.Conn, want string) {
	t.Helper()
	b := make([]byte, largestPacket)
	n, err := c.Read(b)
	if err != nil || string(b[:n]) != want {
		t.Fatalf("read %.40q, %v, want %.40q", b[:n], err, want)
	}
}

// until waits until the counts of a relay meet a condition.
func until(t *testing.T, r *Relay, what string, done func(RelayStats) bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(r.Stats()); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("the relay has not %s: %+v", what, r.Stats())
		}
	}
}

func TestRelay_ListenErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	takenUDP, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer takenUDP.Close()
	for _, test := range []struct {
		config RelayConfig
		want   string
	}{
		{RelayConfig{}, "find game server \"\""},
		{RelayConfig{ToGame: "127.0.0.1"}, "missing port"},
		{RelayConfig{ToGame: "127.0.0.1:0"}, "needs a port"},
		{RelayConfig{ToGame: "127.0.0.1:1", Up: Profile{Loss: 2}}, "up: loss 2"},
		{RelayConfig{ToGame: "127.0.0.1:1", Down: Profile{Loss: 2}}, "down: loss 2"},
		{RelayConfig{ToGame: "127.0.0.1:1", ListenGame: takenUDP.LocalAddr().String()}, "listen for game traffic"},
		{RelayConfig{ToGame: "127.0.0.1:1", ToControl: "127.0.0.1:1", ListenControl: taken.Addr().String()},
			"listen for control connections"},
	} {
		if _, err := ListenRelay(test.config); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.config, err, test.want)
		}
	}
}

func TestRelay_EndsAndLeavesNothing(t *testing.T) {
	r, stop := startRelay(t, RelayConfig{Up: Profile{Delay: time.Hour}})
	game, control := dial(t, "udp", r.GameAddr()), dial(t, "tcp", r.ControlAddr())
	write(t, game, "never arrives")
	write(t, control, "nor does this")
	until(t, r, "served a client of each kind",
		func(s RelayStats) bool { return s.Clients+s.Conns == 2 && s.Up.Sent == 1 })
	stop()
	stack := make([]byte, 1<<20)
	for line := range bytes.Lines(stack[:runtime.Stack(stack, true)]) {
		if bytes.Contains(line, []byte("netsim.(*Relay)")) || bytes.Contains(line, []byte("netsim.copyDelayed")) {
			t.Errorf("a goroutine is still running after Run: %s", line)
		}
	}
	if _, err := control.Read(make([]byte, 1)); err == nil || strings.Contains(err.Error(), "timeout") {
		t.Errorf("read from a relay that has ended: %v, want the connection closed", err)
	}
	if s := r.Stats(); s.Clients != 0 || s.Conns != 0 || s.Up.Sent != 1 || s.Up.InFlight != 0 {
		t.Errorf("after the end the counts are %+v, want no client and one packet sent up and abandoned", s)
	}
}

func TestRelay_CloseEndsRun(t *testing.T) {
	game, _ := echo(t)
	r, err := ListenRelay(RelayConfig{ToGame: game.LocalAddr().String()})
	if err != nil {
		t.Fatal(err)
	}
	if r.ControlAddr().IsValid() {
		t.Errorf("a relay without ToControl listens on TCP %v", r.ControlAddr())
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if r.client(relayKey{0, netip.MustParseAddrPort("127.0.0.1:1")}) != nil {
		t.Error("a closed relay accepted a new client")
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.Run(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("run after close: %v, context %v", err, ctx.Err())
	}
}

func TestRelay_Set(t *testing.T) {
	r, _ := startRelay(t, RelayConfig{})
	c := dial(t, "udp", r.GameAddr())
	write(t, c, "before")
	wantRead(t, c, "before")
	r.Set(Profile{Duplicate: 1}, Profile{})
	write(t, c, "after")
	wantRead(t, c, "after")
	wantRead(t, c, "after")
	other := dial(t, "udp", r.GameAddr())
	write(t, other, "new")
	wantRead(t, other, "new")
	wantRead(t, other, "new")
	if s := r.Stats(); s.Up.Sent != 3 || s.Up.Duplicated != 2 || s.Down.Delivered != 5 || s.Clients != 2 {
		t.Errorf("counts are %+v", s)
	}
}
