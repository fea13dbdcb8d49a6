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

// A flakySocket fails between datagrams with errors that are hints about one peer, and returns IPv4 addresses in their
// IPv6 form. Sockets of real systems do both.
type flakySocket struct {
	*memnet.Socket
	mu            sync.Mutex // guards what follows
	reads, writes int
}

func (f *flakySocket) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	f.mu.Lock()
	f.reads++
	fail := f.reads%3 == 0
	f.mu.Unlock()
	if fail {
		return 0, netip.AddrPort{}, syscall.ECONNREFUSED
	}
	n, from, err := f.Socket.ReadFromUDPAddrPort(b)
	return n, netip.AddrPortFrom(netip.AddrFrom16(from.Addr().As16()), from.Port()), err
}

func (f *flakySocket) WriteToUDPAddrPort(b []byte, to netip.AddrPort) (int, error) {
	f.mu.Lock()
	f.writes++
	fail := f.writes%10 == 0
	f.mu.Unlock()
	if fail {
		return 0, syscall.ENOBUFS
	}
	return f.Socket.WriteToUDPAddrPort(b, to)
}

// TestLoop_SurvivesSocketErrors plays over a flakySocket.
func TestLoop_SurvivesSocketErrors(t *testing.T) {
	bubble(t, func(s *settings) {
		s.wrap = func(s *memnet.Socket) udp.PacketConn { return &flakySocket{Socket: s} }
	}, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		r.run(10 * time.Second)
		if !playing(left, right) || r.games[0].Stray() > 0 {
			r.Errorf("stages %v and %v with %d stray datagrams, want play and none",
				left.view.Stage, right.view.Stage, r.games[0].Stray())
		}
	})
}

// TestLoop_CountsTooLongDatagrams sends a datagram that is one byte too long. It must not be cut to a valid one.
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
