//go:build linux || darwin

package udp

import (
	"net/netip"
	"testing"
	"time"
)

// The test of this file needs Unix: Wine ignores the packet info of a datagram that is sent.

// TestSocket_AnswersFromTheAddressAsked sends to an address of the machine from which it would not answer by itself: to
// a receiver on the same machine, the system sends from the receiver's address. A connected socket receives from the
// address it has sent to only.
func TestSocket_AnswersFromTheAddressAsked(t *testing.T) {
	for _, host := range []string{"0.0.0.0", ""} {
		eachSocket(t, host, func(t *testing.T, f *remote) {
			for _, address := range loopbackAddresses {
				conn, d := dialAsked(t, f, netip.MustParseAddr(address))
				f.socket.Send(d.To, d.From, []byte("state"))
				if n := f.socket.Flush(); n != 0 {
					t.Errorf("%d datagrams from %v to %v were refused", n, d.To, d.From)
				}
				_ = conn.SetReadDeadline(time.Now().Add(testTimeout))
				var b [16]byte
				if n, err := conn.Read(b[:]); err != nil || string(b[:n]) != "state" {
					t.Errorf("a client of %v has received %q, error %v; want the answer from there", address, b[:n],
						err)
				}
			}
		})
	}
}
