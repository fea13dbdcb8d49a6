//go:build siege && linux

package siege

import (
	"net"
	"testing"
	"time"

	"pong/internal/wire"
)

// A player holds the other one up: after START it closes the control channel, is silent for a second, which pauses the
// match, and comes back with one datagram. This went on for 150 s with 141 pauses, and the ball never flew. Now a pause
// costs 6 s of the budget at least.
func TestPauses_HolderIsOut(t *testing.T) {
	const given = 150 * time.Second
	s := serve(t)
	left := s.play(t, "left")
	holder, err := joinServer(source(1), s.control, wire.Message{Name: "holder"})
	if err != nil {
		t.Fatal(err)
	}
	socket, err := (&net.Dialer{LocalAddr: &net.UDPAddr{IP: net.IP(source(1).AsSlice())}}).Dial("udp", s.game.String())
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	_, _ = socket.Write(holder.register())
	for range 100 { // until the match begins
		time.Sleep(50 * time.Millisecond)
		_, _ = socket.Write(holder.ping())
		if playing(left) {
			break
		}
	}
	holder.Close()
	begun, out := time.Now(), func() bool { return len(s.with("pauses used up")) > 0 }
	for !out() && time.Since(begun) < given {
		time.Sleep(1150 * time.Millisecond)
		_, _ = socket.Write(holder.ping())
	}
	mustFigure(t, "pause_holder_out_after", time.Since(begun).Seconds(), "s", under(20))
	mustFigure(t, "pause_holder_pauses", float64(len(s.with("match paused"))), "pauses", atMost(10))
}
