package server_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// wantClosed fails unless the server closes a connection within a time, but not before another.
func wantClosed(r *rig, c net.Conn, least, most time.Duration) {
	r.Helper()
	start := time.Now()
	_ = c.SetReadDeadline(start.Add(most))
	var b [512]byte
	for {
		if _, err := c.Read(b[:]); err != nil {
			break
		}
	}
	if took := time.Since(start); took < least || took >= most {
		r.Errorf("closed after %v, want between %v and %v", took, least, most)
	}
}

// clientHello returns the first message of a TLS handshake.
func clientHello(r *rig) []byte {
	r.Helper()
	near, far := net.Pipe()
	defer near.Close()
	hello := make([]byte, 4096)
	got := make(chan int)
	go func() {
		n, _ := far.Read(hello)
		far.Close()
		got <- n
	}()
	_ = tls.Client(near, clientTLS()).Handshake()
	return hello[:<-got]
}

// TestPending_SilentConnectionsKeepNobodyOut opens 300 silent connections from as many addresses. Players can join at
// once, and each silent connection is closed after 5 s (mended 8).
func TestPending_SilentConnectionsKeepNobodyOut(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		var silent []net.Conn
		for i := range 300 {
			silent = append(silent, r.dialStream(fmt.Sprintf("10.0.%d.%d", i/200, i%200)))
		}
		start := time.Now()
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		wantClosed(r, silent[len(silent)-1], 0, 5*time.Second-time.Since(start)+time.Millisecond)
		r.run(10 * time.Second)
		if n := r.logged.refusals("too_many_pending"); n < 44 {
			r.Errorf("%d connections are counted as too many, want at least the 44 beyond 256\n%s", n, r.logged)
		}
		if n := r.logged.refusals("tls"); n < 250 {
			r.Errorf("%d handshakes are counted as failed, want about 256", n)
		}
	})
}

// TestPending_HandshakeDeadlineIsAbsolute sends the first bytes of a valid handshake, one every 4 s. The deadline of 5
// s is for all of it.
func TestPending_HandshakeDeadlineIsAbsolute(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		hello := clientHello(r)
		for i := range 64 {
			c := r.dialStream(fmt.Sprintf("10.0.0.%d", i))
			defer trickle(c, hello, 4*time.Second)()
		}
		c := r.dialStream("10.0.1.1")
		_, _ = c.Write(hello[:1])
		time.Sleep(4 * time.Second)
		_, _ = c.Write(hello[1:2])
		wantClosed(r, c, 900*time.Millisecond, 1100*time.Millisecond)
		left, right := r.joinTwo()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
	})
}

// TestPending_JoinDeadline sends no JOIN after the handshake, or one that is too slow. Both are refused after 5 s.
func TestPending_JoinDeadline(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		silent, half := r.dialTLS("10.0.0.1"), r.dialTLS("10.0.0.2")
		start := time.Now()
		defer trickle(half, []byte(joinLine), 400*time.Millisecond)()
		silent.wantRefused(wire.CodeTimeout)
		half.wantRefused(wire.CodeTimeout)
		if took := time.Since(start); took < 4900*time.Millisecond || took > 5100*time.Millisecond {
			r.Errorf("the connections are closed after %v, want 5 s", took)
		}
	})
}

// TestPending_SlowClientJoins takes 4 s to begin the handshake and 4 s more to send JOIN.
func TestPending_SlowClientJoins(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		tcp := r.dialStream("10.0.0.1")
		time.Sleep(4 * time.Second)
		c := r.handshake(tcp)
		time.Sleep(4 * time.Second)
		c.send(joinLine)
		if m := c.next(); m.Type != wire.Welcome {
			r.Errorf("the answer to a JOIN after 8 s is %+v, want WELCOME", m)
		}
		c.Close()
	})
}

// TestPending_CrowdedPrefixIsEvictedFirst opens 300 silent connections from the player's own address, or from other
// addresses of its IPv6 prefix, and one from another prefix before them. The player can join, and of the others only
// connections of the crowded prefix are closed.
func TestPending_CrowdedPrefixIsEvictedFirst(t *testing.T) {
	for _, test := range []struct{ name, strangers, player string }{
		{"IPv4", "10.0.0.1", "10.0.0.1"},
		{"IPv4 in IPv6", "::ffff:10.0.0.1", "10.0.0.1"},
		{"IPv6", "2001:db8:0:1::%x", "2001:db8:0:1::ffff"},
		{"IPv6 /48", "2001:db8:0:%x::1", "2001:db8:0:ffff::1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, nil, func(r *rig) {
				var open atomic.Int32
				far := r.dialStream("2001:db8:1:2::1") // of another prefix
				for i := range 300 {
					ip := test.strangers
					if strings.Contains(ip, "%") {
						ip = fmt.Sprintf(ip, i+1)
					}
					c := r.dialStream(ip)
					open.Add(1)
					go func() {
						_, _ = c.Read(make([]byte, 1))
						open.Add(-1)
					}()
				}
				p := r.joinAs(r.config("player", test.player))
				r.want(time.Second, "the player has joined", at(client.StageWaiting, p))
				synctest.Wait()
				if n := open.Load(); n != 254 {
					r.Errorf("%d silent connections of one prefix are open, want 254: 256 without the player and the "+
						"one of another prefix", n)
				}
				wantClosed(r, far, 3*time.Second, 5*time.Second+time.Millisecond)
				r.run(10 * time.Second)
				if n := r.logged.refusals("too_many_pending"); n != 46 {
					r.Errorf("%d connections are counted as too many, want 46\n%s", n, r.logged)
				}
			})
		})
	}
}

// TestPending_ManyPlayersAtOnce joins 200 players at the same moment over a slow network, all from the same address.
func TestPending_ManyPlayersAtOnce(t *testing.T) {
	bubble(t, func(s *settings) { s.down = netsim.Profile{Delay: 100 * time.Millisecond} }, func(r *rig) {
		const n = 200
		failed := make(chan error, n)
		for range n {
			go func() {
				c, err := dial.Dial(r.Context(), r.config("p", "10.1.0.1"))
				if err == nil {
					err = c.Close()
				}
				failed <- err
			}()
		}
		for range n {
			if err := <-failed; err != nil {
				r.Errorf("one of %d players cannot join: %v", n, err)
			}
		}
	})
}
