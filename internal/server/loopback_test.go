package server_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/server"
	"pong/internal/trust"
)

// loopback is a server on real sockets.
type loopback struct {
	address string
	key     string
	control net.Listener
	logged  *logged
	stop    func()
}

// newLoopback starts a server on free ports of the loopback interface. It is stopped at the end of the test.
func newLoopback(t *testing.T) *loopback {
	t.Helper()
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	r := &loopback{
		address: control.Addr().String(), key: identity.Fingerprint().String(), control: control, logged: new(logged),
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, time.Now), Auto: true, Rules: game.DefaultRules(),
			Log: slog.New(slog.NewJSONHandler(r.logged, nil)),
		}, control, sockets)
	}()
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(3 * time.Second):
			t.Error("Serve does not end")
		}
	}
	t.Cleanup(r.stop)
	return r
}

func (r *loopback) join(t *testing.T, name string) *player {
	t.Helper()
	c, err := dial.Dial(t.Context(), dial.Config{Address: r.address, Name: name, Trust: r.key})
	if err != nil {
		t.Fatalf("%s cannot join: %v", name, err)
	}
	t.Cleanup(func() { c.Close() })
	return &player{Client: c}
}

// until updates the players' clients in real time until something has happened.
func until(t *testing.T, within time.Duration, what string, happened func() bool, players ...*player) {
	t.Helper()
	frames := time.NewTicker(time.Second / 60)
	defer frames.Stop()
	late := time.After(within)
	for !happened() {
		select {
		case now := <-frames.C:
			for _, p := range players {
				p.frame(now)
			}
		case <-late:
			for _, p := range players {
				t.Logf("%v %v", p.view.Stage, p.view.Reason)
			}
			t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// TestLoopback_Match plays over real sockets. A key moves the paddle for both players, and when the server stops both
// are told and no goroutine is left (row 15, row 16).
func TestLoopback_Match(t *testing.T) {
	before := runtime.NumGoroutine()
	r := newLoopback(t)
	left, right := r.join(t, "left"), r.join(t, "right")
	until(t, 10*time.Second, "the ball is in play", at(client.StagePlaying, left, right), left, right)
	start := right.view.Paddle[0]
	left.hand = func(client.Frame) game.Input { return game.Up }
	until(t, 20*time.Second, "the other player sees the paddle move",
		func() bool { return right.view.Paddle[0] < start-50 }, left, right)
	// The mean of some twenty round trips, because a machine may stand still now and then.
	until(t, 20*time.Second, "a round trip on one machine takes less than 5 ms", func() bool {
		l, r := left.view.Figures, right.view.Figures
		return min(l.Samples, r.Samples) >= 20 && max(l.Latency, r.Latency) < 5
	}, left, right)
	t.Logf("latency %.2f ms, jitter %.2f ms", left.view.Figures.Latency, left.view.Figures.Jitter)
	r.stop()
	until(t, 20*time.Second, "both are told that the server ends", at(client.StageLost, left, right), left, right)
	left.Close()
	right.Close()
	settle := time.NewTicker(10 * time.Millisecond)
	defer settle.Stop()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		<-settle.C
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("%d goroutines before and %d after\n%s", before, runtime.NumGoroutine(),
		stacks[:runtime.Stack(stacks, true)])
}

// TestLoopback_SilentConnections opens 300 real connections that send nothing, and joins from the same address (mended
// 8).
func TestLoopback_SilentConnections(t *testing.T) {
	r := newLoopback(t)
	for range 300 {
		c, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	p := r.join(t, "player")
	until(t, 5*time.Second, "the player has joined", func() bool { return p.view.Presence[0] == client.Online }, p)
}

// TestListen_PortInUse listens on ports that are in use. The error names the port.
func TestListen_PortInUse(t *testing.T) {
	r := newLoopback(t)
	taken := r.control.Addr().(*net.TCPAddr).Port
	if _, _, err := server.Listen("127.0.0.1", taken, 0, 1); err == nil {
		t.Error("Listen on a TCP port that is in use: no error")
	}
	udp, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	port := udp.LocalAddr().(*net.UDPAddr).Port
	if _, _, err := server.Listen("127.0.0.1", 0, port, 1); err == nil {
		t.Error("Listen on a UDP port that is in use: no error")
	} else if want := fmt.Sprint(port); !strings.Contains(err.Error(), "game port") ||
		!strings.Contains(err.Error(), want) {
		t.Errorf("Listen on a UDP port that is in use: %v, want an error that names the game port %s", err, want)
	}
}
