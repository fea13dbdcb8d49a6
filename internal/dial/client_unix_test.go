//go:build unix

package dial_test

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
)

// TestClient_ClosedUDPPortIsNamed joins a server whose game port is closed. It needs Unix: on Windows, Go turns off the
// system's reports about closed ports of UDP, so a player reads that nothing has arrived.
func TestClient_ClosedUDPPortIsNamed(t *testing.T) {
	f := serveTLS(t, nil, answers(line(welcome())))
	c, err := join(t, dial.Config{Address: f.address, Trust: f.key()})
	if err != nil {
		t.Fatal(err)
	}
	v := frames(t, c, 20*time.Second, client.StageLost)
	if v.Reason != client.ReasonUDPRefused || v.Server.Control != f.address || v.Server.Game != "127.0.0.1:9" {
		t.Errorf("the reason is %v with %v, want %v with the addresses", v.Reason, v.Server, client.ReasonUDPRefused)
	}
}
