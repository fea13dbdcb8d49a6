package dial_test

import (
	"net"
	"testing"
	"time"

	"pong/internal/dial"
	"pong/internal/game"
)

// TestSystem_SendsGameTrafficVia sends game traffic to another address than the server's.
func TestSystem_SendsGameTrafficVia(t *testing.T) {
	relay, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer relay.Close()
	f := serveTLS(t, nil, answers(line(welcome())))
	via := dial.System{Via: relay.LocalAddr().String()}
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: via})
	if err != nil {
		t.Fatal(err)
	}
	c.Update(time.Now(), game.None)
	_ = relay.SetReadDeadline(time.Now().Add(5 * time.Second))
	var b [2048]byte
	if n, err := relay.Read(b[:]); err != nil || n == 0 || b[0] != 9 {
		t.Errorf("no sealed datagram arrives at Via: %d bytes, %v", n, err)
	}
	_, err = join(t, dial.Config{Address: f.address, Trust: f.key(), Transport: dial.System{Via: "nowhere"}})
	refused(t, err, "nowhere")
}
