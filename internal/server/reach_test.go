package server_test

import (
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
)

// The addresses of a server whose name has several. All lead to the same server, unless they are dead.
const (
	named  = "pong.test:5555"
	first6 = "2001:db8:7::1"
	dead1  = "192.0.2.1"
	dead2  = "192.0.2.2"
)

// joinNamed joins a player by the name of the server.
func (r *rig) joinNamed(name string) *player {
	r.Helper()
	cfg := r.config(name, "198.51.100."+string(rune('1'+len(r.players))))
	cfg.Address = named
	return r.joinAs(cfg)
}

// TestReach_UDPBlockedIsNamed loses all datagrams while the control channel works. After 2 s the player and the
// operator read which port is not reached, and the same when the server gives the seat up.
func TestReach_UDPBlockedIsNamed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		r.net.BlockDatagrams(controlAddr.Addr().String())
		p := r.join("ann")
		r.want(2100*time.Millisecond, "the player reads that UDP is blocked", func() bool {
			return p.view.Stage == client.StageLost && p.view.Reason == client.ReasonUDPBlocked
		})
		const want = "The server answers on TCP 203.0.113.5:5555, but nothing comes back from UDP 203.0.113.5:5556."
		if got := front.Notice(&p.view); !strings.HasPrefix(got, want) || !strings.Contains(got, "let UDP port 5556") {
			r.Errorf("the player reads %q, want %q and what to do", got, want)
		}
		r.run(200 * time.Millisecond)
		const message = "joined over TCP, but nothing arrives over UDP"
		logged := r.logged.entries(message)
		if len(logged) != 1 || logged[0]["from"] != "198.51.100.1" || logged[0]["udp_port"] != 5556.0 {
			r.Errorf("the operator reads %v, want one line %q with the player's address and the port", logged, message)
		}
		r.want(10*time.Second, "the server frees the seat", at(client.StageClosed, p))
		if p.view.Reason != client.ReasonUDPBlocked {
			r.Errorf("at the end the reason is %v, want %v", p.view.Reason, client.ReasonUDPBlocked)
		}
	})
}

// TestReach_PlayerWhoRegistersIsNotReported joins a player over a path with a round trip of a second.
func TestReach_PlayerWhoRegistersIsNotReported(t *testing.T) {
	bubble(t, func(s *settings) {
		s.up.Delay, s.down.Delay = 500*time.Millisecond, 500*time.Millisecond
	}, func(r *rig) {
		p := r.join("ann")
		r.run(4 * time.Second)
		for _, reason := range p.reasons {
			if reason == client.ReasonUDPBlocked {
				r.Errorf("the player reads the reasons %v, want none of blocked UDP", p.reasons)
			}
		}
		if n := len(r.logged.entries("joined over TCP, but nothing arrives over UDP")); n != 0 {
			r.Errorf("%d players are reported as unreached, want none", n)
		}
	})
}

// TestReach_OtherFamily has a name with an IPv6 address, which datagrams do not pass, and an IPv4 address. The player
// is at the match within 5 s, keeps the seat, and uses the address that has worked after a restart of the server.
func TestReach_OtherFamily(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		r.net.Name("pong.test", first6, controlAddr.Addr().String())
		r.net.Alias(first6, controlAddr.Addr().String())
		r.net.BlockDatagrams(first6)
		p := r.joinNamed("ann")
		r.want(5*time.Second, "a STATE arrives", func() bool { return p.view.Figures.Received > 0 })
		r.run(time.Second) // the former connection is closed
		if p.view.Server.Game != "203.0.113.5:5556" {
			r.Errorf("the game channel leads to %s, want the IPv4 address", p.view.Server.Game)
		}
		if n := len(r.logged.entries("match closed")); n != 0 {
			r.Errorf("%d matches were closed, want the player to keep the seat", n)
		}
		before := len(r.net.Paths())
		r.stopped(time.Second)
		<-r.ended
		r.run(3 * time.Second)
		r.restart()
		r.want(5*time.Second, "the player is back", at(client.StageWaiting, p))
		for _, path := range r.net.Paths()[before:] {
			if path.Server.Addr().String() == first6 {
				r.Error("the address that had not worked was tried first")
			}
		}
	})
}

// TestReach_TwoOfThreeAddressesAreDead joins a server by a name of which two addresses do not answer, and again after a
// restart of the server. Each takes less than 5 s.
func TestReach_TwoOfThreeAddressesAreDead(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		r.net.Name("pong.test", dead1, dead2, controlAddr.Addr().String())
		r.net.Kill(dead1)
		r.net.Kill(dead2)
		start := time.Now()
		left, right := r.joinNamed("left"), r.joinNamed("right")
		if took := time.Since(start); took > 1100*time.Millisecond {
			r.Errorf("two joins took %v, want half a second each", took)
		}
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		for down := time.Second; down < 14*time.Second; down += 1700 * time.Millisecond { // in any part of an attempt
			r.stopped(time.Second)
			<-r.ended
			r.run(down)
			r.restart()
			r.want(5*time.Second, "the players are back", at(client.StageCountdown, left, right))
			r.want(5*time.Second, "the ball is in play again", at(client.StagePlaying, left, right))
		}
	})
}
