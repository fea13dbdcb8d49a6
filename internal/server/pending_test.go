package server_test

import (
	"crypto/tls"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// closedWithin wants a connection to be closed by the server after a while, but not before.
func closedWithin(r *rig, c net.Conn, least, most time.Duration) {
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

// clientHello returns what a client says first.
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

// TestPending_SilentConnectionsKeepNobodyOut lets 300 strangers connect from as many addresses and say nothing: a player gets in at once, and
// each stranger is closed after 5 s (mended 8).
func TestPending_SilentConnectionsKeepNobodyOut(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		var strangers []net.Conn
		for i := range 300 {
			strangers = append(strangers, r.tcp(fmt.Sprintf("10.0.%d.%d", i/200, i%200)))
		}
		start := time.Now()
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
		closedWithin(r, strangers[len(strangers)-1], 0, 5*time.Second-time.Since(start)+time.Millisecond)
		r.run(10 * time.Second)
		if n := r.logged.refusals("too_many_handshakes"); n < 44 {
			r.Errorf("%d strangers are counted as too many, want the 44 over 256 at least\n%s", n, r.logged)
		}
		if n := r.logged.refusals("tls"); n < 250 {
			r.Errorf("%d strangers are counted as failed handshakes, want the other 250 or so", n)
		}
	})
}

// TestPending_HandshakeDeadlineIsAbsolute sends the first bytes of a good handshake, one every 4 s: the deadline of 5 s is absolute.
func TestPending_HandshakeDeadlineIsAbsolute(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		hello := clientHello(r)
		for i := range 64 {
			c := r.tcp(fmt.Sprintf("10.0.0.%d", i))
			defer dribble(c, hello, 4*time.Second)()
		}
		c := r.tcp("10.0.1.1")
		_, _ = c.Write(hello[:1])
		time.Sleep(4 * time.Second)
		_, _ = c.Write(hello[1:2])
		closedWithin(r, c, 900*time.Millisecond, 1100*time.Millisecond)
		left, right := r.two()
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, left, right))
	})
}

// TestPending_JoinDeadline has strangers do TLS and no JOIN, or half of one: they are told and closed after 5 s more.
func TestPending_JoinDeadline(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		silent, half := r.raw("10.0.0.1"), r.raw("10.0.0.2")
		start := time.Now()
		defer dribble(half, []byte(joinLine), 400*time.Millisecond)()
		silent.refused(wire.CodeTimeout)
		half.refused(wire.CodeTimeout)
		if took := time.Since(start); took < 4900*time.Millisecond || took > 5100*time.Millisecond {
			r.Errorf("both are closed after %v, want 5 s", took)
		}
	})
}

// TestPending_SlowClientJoins takes 4 s to begin the handshake and 4 s more to say JOIN, and is let in.
func TestPending_SlowClientJoins(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		tcp := r.tcp("10.0.0.1")
		time.Sleep(4 * time.Second)
		c := r.secure(tcp)
		time.Sleep(4 * time.Second)
		c.say(joinLine)
		if m := c.hear(); m.Type != wire.Welcome {
			r.Errorf("after 8 s the answer to JOIN is %+v, want WELCOME: each step has 5 s of its own", m)
		}
		c.Close()
	})
}

// TestPending_LimitsConnectionsPerPrefix has a hundred silent connections from the player's own address, or from other addresses of its
// IPv6 network. Only 16 of them are kept, and the player still gets in.
func TestPending_LimitsConnectionsPerPrefix(t *testing.T) {
	for _, test := range []struct{ name, strangers, player string }{
		{"IPv4", "10.0.0.1", "10.0.0.1"},
		{"IPv4 in IPv6", "::ffff:10.0.0.1", "10.0.0.1"},
		{"IPv6", "2001:db8:0:1::%x", "2001:db8:0:1::ffff"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, nil, func(r *rig) {
				var open atomic.Int32
				for i := range 100 {
					ip := test.strangers
					if test.name == "IPv6" {
						ip = fmt.Sprintf(ip, i+1)
					}
					c := r.tcp(ip)
					open.Add(1)
					go func() {
						_, _ = c.Read(make([]byte, 1))
						open.Add(-1)
					}()
				}
				far := r.tcp("2001:db8:0:2::1") // of another network
				p := r.joinAs(r.config("player", test.player))
				r.want(time.Second, "the player is in", at(client.StageWaiting, p))
				synctest.Wait()
				if n := open.Load(); n != 15 {
					r.Errorf("%d connections from one address are kept beside the player, want 15", n)
				}
				closedWithin(r, far, 3*time.Second, 5*time.Second+time.Millisecond)
				r.run(10 * time.Second)
				if n := r.logged.refusals("too_many_from_address"); n != 85 {
					r.Errorf("%d are counted as too many from one address, want the 84 over 16, and one for the player\n%s", n, r.logged)
				}
			})
		})
	}
}

// TestPending_ManyPlayersAtOnce has 200 players join at the same moment over a slow network, sixteen from each address.
func TestPending_ManyPlayersAtOnce(t *testing.T) {
	bubble(t, func(s *settings) { s.down = netsim.Profile{Delay: 100 * time.Millisecond} }, func(r *rig) {
		const n = 200
		failed := make(chan error, n)
		for i := range n {
			go func() {
				c, err := dial.Dial(r.Context(), r.config("p", fmt.Sprintf("10.1.0.%d", i/16)))
				if err == nil {
					err = c.Close()
				}
				failed <- err
			}()
		}
		for range n {
			if err := <-failed; err != nil {
				r.Errorf("one of %d players at once: %v", n, err)
			}
		}
	})
}
