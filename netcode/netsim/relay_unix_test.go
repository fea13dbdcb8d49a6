//go:build unix

package netsim

import (
	"net"
	"testing"
)

// TestRelayUDP_OutlivesAMissingServer needs Unix: on Windows, Go turns off the system's reports about closed ports of
// UDP.
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
