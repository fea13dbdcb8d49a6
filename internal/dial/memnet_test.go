package dial_test

import (
	"context"
	"log/slog"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/memnet"
	"pong/internal/server"
	"pong/internal/trust"
	"pong/internal/udp"
)

// serveInMemory runs a real server on a network in memory until the test ends. It returns the Config with which to join
// it, but for the Transport.
func serveInMemory(t *testing.T) (*memnet.Network, dial.Config) {
	t.Helper()
	identity, err := trust.NewIdentity(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	network, address := memnet.New(), netip.MustParseAddrPort("203.0.113.5:5555")
	listener := network.Listen(address)
	socket := udp.NewSocket(network.ListenDatagrams(netip.AddrPortFrom(address.Addr(), 5556)))
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Serve(ctx, server.Config{
			TLS: trust.ServerTLS(identity, time.Now), Auto: true, Seed: 1, Log: slog.New(slog.DiscardHandler),
		}, listener, []udp.Socket{socket})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Serve ended with %v, want nil", err)
		}
	})
	return network, dial.Config{Address: address.String(), Trust: identity.Fingerprint().String()}
}

// TestDial_FromTheAddressToTheFirstStateAndBackAfterALoss dials a real server over a network in memory. The first STATE
// arrives; then the network is cut, and once it is whole again the same seat is taken over another connection.
func TestDial_FromTheAddressToTheFirstStateAndBackAfterALoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network, cfg := serveInMemory(t)
		const ip = "198.51.100.1"
		cfg.Transport = network.Host(ip)
		c, err := dial.Dial(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		until := func(what string, within time.Duration, met func(client.Frame) bool) {
			t.Helper()
			for end := time.Now().Add(within); ; time.Sleep(time.Second / 60) {
				c.Update(time.Now(), game.None)
				f := c.Frame(time.Now())
				if met(f) {
					return
				}
				if time.Now().After(end) {
					t.Fatalf("not within %v: %s; at %v (%v), tick %d", within, what, f.Stage, f.Reason, f.Tick)
				}
			}
		}
		until("the first STATE", time.Second, func(f client.Frame) bool {
			return f.Stage == client.StageWaiting && f.Figures.Received > 0
		})
		secret := c.Resume()
		network.Disconnect(ip)
		until("an attempt to redial", 5*time.Second, func(f client.Frame) bool {
			return f.Stage == client.StageLost && f.Attempt > 0
		})
		network.Reconnect(ip)
		until("another connection", 5*time.Second, func(f client.Frame) bool {
			return f.Stage == client.StageWaiting && c.Resume() != secret
		})
		if f := c.Frame(time.Now()); f.NewMatch {
			t.Error("the frame tells of another match, want the same seat")
		}
	})
}
