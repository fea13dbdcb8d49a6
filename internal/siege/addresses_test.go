//go:build siege && linux

package siege

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// botAt starts a pong bot in a namespace, which joins a room of a server at an address.
func (s namespace) botAt(t testing.TB, server *serving, addr, room, name string) *process {
	t.Helper()
	return run(t, pong(t, string(s), "bot", net.JoinHostPort(addr, port(server.Control)), "--json", "--name", name,
		"--room", room, "--level", "easy", "--matches", "0", "--trust", server.Fingerprint))
}

// namesOf returns how many lines of a server's log with a text are about each name.
func (s *serving) namesOf(text string) map[string]int {
	names := make(map[string]int)
	for _, line := range s.with(text) {
		var l struct{ Name string }
		if json.Unmarshal([]byte(line), &l) == nil {
			names[l.Name]++
		}
	}
	return names
}

// TestAddresses_PlayersMoveAtEach runs a server with two addresses of each family, without a list of addresses to
// listen at. At each of the four, two bots play. Then their own addresses are taken away, as when people leave a
// network, and all have others left. Each bot has to move in its session: its socket receives nothing that the server
// sends from another address than the one that was dialled.
func TestAddresses_PlayersMoveAtEach(t *testing.T) {
	t.Parallel() // it mostly waits
	all := namespaces(t, "ap", "as")
	if all == nil {
		t.Log("without namespaces, no address can be taken away from this machine: " +
			"TestSocket_AnswersFromTheAddressAsked needs none")
		return
	}
	people, host := all[0], all[1]
	dialled := []struct{ name, addr string }{
		{"v4-first", "10.77.1.1"}, {"v4-second", "10.77.1.11"}, {"v6-first", "fd77::1"}, {"v6-second", "fd77::11"},
	}
	connect(t, people, host, "w", []string{"10.77.1.2/24", "10.77.1.3/24", "fd77::2/64"},
		[]string{"10.77.1.1/24", "10.77.1.11/24", "fd77::1/64", "fd77::11/64"})
	people.do(t, "sysctl", "-qw", "net.ipv4.conf.all.promote_secondaries=1") // else the second one goes too
	// A deprecated address is used if there is no other.
	people.do(t, "ip", "addr", "add", "fd77::3/64", "dev", "wa", "nodad", "preferred_lft", "0")
	s := host.serveIn(t, "")
	var bots []*process
	for i, at := range dialled {
		for _, side := range []string{"a", "b"} {
			bots = append(bots, people.botAt(t, s, at.addr, at.name, fmt.Sprint(side, i)))
		}
	}
	poll(t, 30*time.Second, "four matches have begun", func() bool { return len(s.with(`"started"`)) == len(dialled) })
	time.Sleep(time.Second)

	for _, addr := range []string{"10.77.1.2/24", "fd77::2/64"} {
		people.do(t, "ip", "addr", "del", addr, "dev", "wa")
	}
	const moved = "moved to another address"
	back := func() int { return len(s.namesOf(moved)) + len(s.namesOf(`"resumed"`)) }
	poll(t, 20*time.Second, "all bots are back", func() bool { return back() >= len(bots) })
	for i, at := range dialled {
		n := 0
		for _, side := range []string{"a", "b"} {
			n += min(s.namesOf(moved)[fmt.Sprint(side, i)], 1)
		}
		mustFigure(t, "roaming_stuck_at_"+strings.ReplaceAll(at.name, "-", "_"), float64(2-n), "of 2 players",
			atMost(0))
	}
	mustFigure(t, "roaming_joined_again", float64(len(s.with(`"resumed"`))), "of 8 players", atMost(0))
	_, before := bots[len(bots)-1].score()
	poll(t, 10*time.Second, "the last bot plays on", func() bool {
		_, tick := bots[len(bots)-1].score()
		return tick > before+60
	})
}

// TestAddresses_DifferForTCPAndUDP plays through a provider's NAT with a pool of addresses, which gives the control
// channel and the game channel of each player different ones. The server is dialled at its second address.
func TestAddresses_DifferForTCPAndUDP(t *testing.T) {
	t.Parallel() // it mostly waits
	all := namespaces(t, "bp", "br", "bs")
	if all == nil {
		t.Log("without namespaces there is no NAT: TestRegister_FromAnotherAddressIsChallenged does it in memory")
		return
	}
	people, router, host := all[0], all[1], all[2]
	connect(t, people, router, "in", []string{"10.77.1.2/24"}, []string{"10.77.1.1/24"})
	connect(t, router, host, "out", []string{"10.77.2.1/24", "10.77.2.3/24", "10.77.2.4/24"},
		[]string{"10.77.2.2/24", "10.77.2.12/24"})
	people.do(t, "ip", "route", "add", "default", "via", "10.77.1.1")
	router.do(t, "sysctl", "-qw", "net.ipv4.ip_forward=1")
	router.do(t, "nft", "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; "+
		"add rule ip nat post oifname outa meta l4proto tcp snat to 10.77.2.3; "+
		"add rule ip nat post oifname outa meta l4proto udp snat to 10.77.2.4")
	s := host.serveIn(t, "")
	began := time.Now()
	bots := []*process{people.botAt(t, s, "10.77.2.12", "pool", "one"), people.botAt(t, s, "10.77.2.12", "pool", "two")}
	poll(t, 30*time.Second, "the match has begun", func() bool { return len(s.with(`"started"`)) == 1 })
	figure("cgnat_from_dial_to_start", time.Since(began).Seconds(), "s", reportOnly)
	joined := s.with(`"joined"`)
	for _, bot := range bots {
		poll(t, 10*time.Second, "a bot plays", func() bool {
			_, tick := bot.score()
			return tick > 180
		})
	}
	if len(joined) != 2 {
		t.Errorf("the players have joined %d times, want 2:\n%v", len(joined), joined)
	}
	for _, line := range joined {
		var l struct{ Addr netip.Addr }
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Addr != netip.MustParseAddr("10.77.2.3") {
			t.Errorf("a player has joined from %v (%v), want 10.77.2.3: the NAT is not as it should be", l.Addr, err)
		}
	}
	mustFigure(t, "cgnat_joined_again", float64(len(s.with(`"resumed"`))), "of 2 players", atMost(0))
}

// TestAddresses_LinkLocal plays at a second link-local address of a server. Such an address counts with its interface.
func TestAddresses_LinkLocal(t *testing.T) {
	t.Parallel() // it mostly waits
	all := namespaces(t, "cp", "cs")
	if all == nil {
		t.Log("without namespaces there is no other machine on the link")
		return
	}
	people, host := all[0], all[1]
	connect(t, people, host, "w", []string{"fe80::77:2/64"}, []string{"fe80::77:1/64", "fe80::77:11/64"})
	s := host.serveIn(t, "")
	const dialled = "fe80::77:11%wa"
	one, two := people.botAt(t, s, dialled, "link", "one"), people.botAt(t, s, dialled, "link", "two")
	poll(t, 30*time.Second, "both bots play", func() bool {
		_, a := one.score()
		_, b := two.score()
		return min(a, b) > 60
	})
}
