//go:build siege && linux

package siege

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
)

// waitingForServer is the sentence of a screen on which both players are present. It is false where nothing arrives.
const waitingForServer = "Both players are here"

// TestEveryday_OneWay drops what the server sends over UDP to one client; the other direction works. The match pauses,
// and every screen shows why.
func TestEveryday_OneWay(t *testing.T) {
	t.Run("in a match", func(t *testing.T) {
		t.Parallel()
		e := newEverydayNet(t, 3)
		if e == nil {
			return
		}
		left, right := e.match()
		watcher := e.watch(2, "Eve")
		cut := time.Now()
		e.block(0, "input", e.udpDown())
		const nothing = "Nothing has arrived from the server over UDP"
		figure("everyday_one_way_named", left.reads(cut, 10*time.Second, nothing).Seconds(), "s", under(3))
		e.server.wait("match paused")
		mustFigure(t, "everyday_one_way_paused", time.Since(cut).Seconds(), "s", under(10))
		points := e.server.scores()
		right.reads(cut, 10*time.Second, "The connection to Ann is interrupted. The match is paused")
		watcher.reads(cut, 10*time.Second, "The connection to Ann is interrupted. The match is paused")
		if long() {
			freed := func() bool { return len(e.server.with("player removed")) > 0 }
			poll(t, 80*time.Second, "the seat is freed", freed)
			mustFigure(t, "everyday_one_way_freed", time.Since(cut).Seconds(), "s", under(75))
			figure("everyday_one_way_redials", float64(len(e.server.with(`"resumed"`))), "", under(10))
			left.reads(cut, 20*time.Second, nothing+" for 60 s")
		} else {
			e.unblock(0)
			open := time.Now()
			poll(t, 30*time.Second, "the match continues", func() bool { return left.plays() && right.plays() })
			figure("everyday_one_way_back", time.Since(open).Seconds(), "s", under(5))
			if n := len(e.server.with("player removed")); n > 0 {
				t.Errorf("%d players were removed, want none", n)
			}
		}
		if n := e.server.scores() - points; n > 0 && long() {
			t.Errorf("%d points were played against a player who saw nothing, want none", n)
		}
		for _, screen := range []*chaosPlayer{left, right, watcher} {
			screen.neverReads(cut, waitingForServer+". Waiting")
		}
	})
	t.Run("from the beginning", func(t *testing.T) {
		t.Parallel()
		e := newEverydayNet(t, 2)
		if e == nil {
			return
		}
		e.block(0, "input", e.udpDown())
		start := time.Now()
		left, right := e.join(0, "Ann", false), e.join(1, "Ben", false)
		left.reads(start, 10*time.Second, fmt.Sprintf("nothing comes back from UDP 10.78.0.1:%d", e.server.Game))
		right.reads(start, 10*time.Second, "Waiting for the game connection (UDP) to Ann")
		time.Sleep(either(3*time.Second, 30*time.Second))
		if n := len(e.server.with(`"started"`)); n > 0 {
			t.Error("the match began without a player to whom nothing comes")
		}
		left.neverReads(start, waitingForServer)
		right.neverReads(start, waitingForServer)
	})
	t.Run("to a watcher", func(t *testing.T) {
		t.Parallel()
		e := newEverydayNet(t, 4)
		if e == nil {
			return
		}
		e.match()
		watcher := e.watch(2, "Eve")
		cut := time.Now()
		e.block(2, "input", e.udpDown())
		e.block(3, "input", e.udpDown())
		late := e.join(3, "Joe", true)
		figure("everyday_one_way_watcher_named", watcher.reads(cut, 10*time.Second,
			"Nothing has arrived from the server over UDP").Seconds(), "s", under(3))
		late.reads(cut, 10*time.Second, fmt.Sprintf("nothing comes back from UDP 10.78.3.1:%d", e.server.Game))
		time.Sleep(either(8*time.Second, 40*time.Second))
		watcher.neverReads(cut, waitingForServer)
		late.neverReads(cut, waitingForServer)
		late.neverReads(cut, "No one is playing here")
		e.unblock(2)
		e.unblock(3)
		poll(t, 20*time.Second, "both watch again", func() bool { return watcher.plays() && late.plays() })
	})
}

// TestEveryday_UDPBlocked drops or rejects what a client sends over UDP, as hotels and schools do.
func TestEveryday_UDPBlocked(t *testing.T) {
	for name, verdict := range map[string]string{"dropped": "drop", "rejected": "reject"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEverydayNet(t, 1)
			if e == nil {
				return
			}
			e.block(0, "output", "udp dport "+port(e.server.Game)+" "+verdict)
			start := time.Now()
			left := e.join(0, "Ann", false)
			took := left.reads(start, 10*time.Second, fmt.Sprintf("The server answers on TCP 10.78.0.1:%d, but ",
				e.server.Control))
			figure("everyday_udp_"+name+"_named", took.Seconds(), "s", under(3))
			line := e.server.wait("joined over TCP, but nothing arrives over UDP")
			figure("everyday_udp_"+name+"_logged", time.Since(start).Seconds(), "s", under(4))
			if want := fmt.Sprintf(`"udp_port":%d`, e.server.Game); !strings.Contains(line, want) {
				t.Errorf("the operator reads %s, want %s", line, want)
			}
			e.unblock(0)
			right := e.join(0, "Ben", false)
			poll(t, 30*time.Second, "the match plays", func() bool { return left.plays() && right.plays() })
		})
	}
}

// TestEveryday_OtherAddress blocks the first addresses of the server's name, or their UDP. The client plays over the
// one that works.
func TestEveryday_OtherAddress(t *testing.T) {
	t.Run("UDP of IPv6 is dropped", func(t *testing.T) {
		t.Parallel()
		e := newEverydayNet(t, 2)
		if e == nil {
			return
		}
		e.block(0, "output", "meta nfproto ipv6 udp dport "+port(e.server.Game)+" drop")
		start := time.Now()
		v4, v6 := e.at(0)[0], e.at(0)[1]
		left, right := e.join(0, "Ann", false, v6, v4), e.join(1, "Ben", false)
		poll(t, 30*time.Second, "the match plays", func() bool { return left.plays() && right.plays() })
		figure("everyday_other_family", time.Since(start).Seconds(), "s", under(6))
	})
	t.Run("two of three are dead", func(t *testing.T) {
		t.Parallel()
		e := newEverydayNet(t, 2)
		if e == nil {
			return
		}
		e.block(0, "output", "ip daddr { 10.99.0.1, 10.99.0.2 } drop")
		e.clients[0].do(t, "ip", "route", "add", "default", "via", e.at(0)[0])
		start := time.Now()
		left := e.join(0, "Ann", false, "10.99.0.1", "10.99.0.2", e.at(0)[0])
		figure("everyday_two_dead_joined", time.Since(start).Seconds(), "s", under(5))
		right := e.join(1, "Ben", false)
		poll(t, 30*time.Second, "the match plays", func() bool { return left.plays() && right.plays() })
		cut := time.Now()
		e.restart()
		up := time.Now()
		poll(t, 60*time.Second, "the match plays again", func() bool {
			_, played := left.firstMoment(up, client.StageCountdown)
			return played && left.plays() && right.plays()
		})
		left.printScreen("restart", cut)
		figure("everyday_two_dead_back", time.Since(up).Seconds(), "s", under(5))
	})
}

// TestEveryday_ControlFlow drops one flow of TCP alone while UDP works, as after a change of address. The opponent
// leaves meanwhile, and the player must read that within 25 s.
func TestEveryday_ControlFlow(t *testing.T) {
	t.Parallel()
	e := newEverydayNet(t, 2)
	if e == nil {
		return
	}
	left, right := e.match()
	cut := time.Now()
	flows := e.clients[0].do(t, "ss", "-Htn", "state", "established")
	fields := strings.Fields(flows)
	if len(fields) != 4 {
		t.Fatalf("the client has the flows %q, want one", flows)
	}
	local := fields[2][strings.LastIndexByte(fields[2], ':')+1:]
	e.block(0, "output", "tcp sport "+local+" drop")
	e.block(0, "input", "tcp dport "+local+" drop")
	time.Sleep(3 * time.Second)
	if !left.plays() || !right.plays() {
		t.Error("the match did not go on without the control channel of one player")
	}
	gone := time.Now()
	right.stop()
	took := left.reads(gone, 25*time.Second, "Ben has left")
	mustFigure(t, "everyday_control_flow_opponent_left", took.Seconds(), "s", under(25))
	left.printScreen("Ann", cut)
	left.neverReads(gone, waitingForServer)
	late := e.join(1, "Joe", false)
	poll(t, 30*time.Second, "a new match plays", func() bool { return left.plays() && late.plays() })
	opponent := func() string { v := left.frame(); return v.Names[1-v.Me] }
	left.neverReads(gone, "Ben has joined")
	poll(t, 25*time.Second, "the new opponent has its name", func() bool { return opponent() == "Joe" })
	figure("everyday_control_flow_named", time.Since(gone).Seconds(), "s", under(25))
}
