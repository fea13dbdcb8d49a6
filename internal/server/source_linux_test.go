package server_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/server"
	"pong/internal/trust"
)

// The test of this file needs Linux, which has all addresses of 127.0.0.0/8: Windows has them too, but Wine ignores the
// address that a datagram is to be sent from.

// TestServe_AnswersFromTheAddressAsked joins over an address from which the system would not answer on its own: to a
// client on this machine it answers from the client's address. The client's socket accepts datagrams from the server's
// address only.
func TestServe_AnswersFromTheAddressAsked(t *testing.T) {
	for name, host := range map[string]string{"both families": "", "IPv4": "0.0.0.0"} {
		t.Run(name, func(t *testing.T) {
			identity, err := trust.NewIdentity(time.Now())
			if err != nil {
				t.Fatal(err)
			}
			control, sockets, err := server.Listen(host, 0, 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			ctx := t.Context()
			go func() {
				defer close(ended)
				cfg := server.Config{TLS: trust.ServerTLS(identity, time.Now), Auto: true}
				_ = server.Serve(ctx, cfg, control, sockets)
			}()
			t.Cleanup(func() { <-ended }) // ctx is done by then
			port := strconv.Itoa(control.Addr().(*net.TCPAddr).Port)
			var players []*player
			for _, ip := range []string{"127.0.0.9", "127.0.0.1"} {
				cfg := dial.Config{Address: net.JoinHostPort(ip, port), Trust: identity.Fingerprint().String()}
				c, err := dial.Dial(ctx, cfg)
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				players = append(players, &player{Client: c})
			}
			until(t, 10*time.Second, "the ball is in play for both players", at(client.StagePlaying, players...),
				players...)
		})
	}
}
