package server_test

import (
	"net/netip"
	"sync"
	"syscall"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/memnet"
	"pong/internal/udp"
)

// odd is a socket as systems have them: between datagrams it fails with what is only a hint about somebody, and it
// shows IPv4 addresses as IPv6 ones.
type odd struct {
	*memnet.Socket
	mu    sync.Mutex // guards turn
	turn  int
	tries int
}

func (o *odd) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	o.mu.Lock()
	o.turn++
	fail := o.turn%3 == 0
	o.mu.Unlock()
	if fail {
		return 0, netip.AddrPort{}, syscall.ECONNREFUSED
	}
	n, from, err := o.Socket.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(netip.AddrFrom16(from.Addr().As16()), from.Port()), err
}

func (o *odd) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	o.mu.Lock()
	o.tries++
	fail := o.tries%10 == 0
	o.mu.Unlock()
	if fail {
		return 0, syscall.ENOBUFS
	}
	return o.Socket.WriteToUDPAddrPort(b, to)
}

// TestLoop_SurvivesSocketErrors plays over a socket that fails now and then and maps addresses.
func TestLoop_SurvivesSocketErrors(t *testing.T) {
	bubble(t, func(s *settings) {
		s.wrap = func(s *memnet.Socket) udp.PacketConn { return &odd{Socket: s} }
	}, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.run(10 * time.Second)
		if !playing(left, right) || r.games[0].Stray() > 0 {
			r.Errorf("stages %v and %v, %d datagrams went astray: errors of a socket are hints, addresses have one form",
				left.view.Stage, right.view.Stage, r.games[0].Stray())
		}
	})
}

// TestLoop_CountsTooLongDatagrams counts a datagram that is longer than any of ours as malformed: it must not be cut to size unseen.
func TestLoop_CountsTooLongDatagrams(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		long := make([]byte, 1201)
		long[0] = 9
		r.games[0].Inject(netip.MustParseAddrPort("192.0.2.1:1"), long)
		time.Sleep(11 * time.Second)
		if n := r.logged.refusals("malformed"); n != 1 {
			r.Errorf("%d datagrams are counted as malformed, want 1\n%s", n, r.logged)
		}
	})
}
