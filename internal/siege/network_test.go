//go:build siege && linux

package siege

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

func joinAs(name string) wire.Message { return wire.Message{Name: name} }

// serveIn starts a server in a namespace.
func (s namespace) serveIn(t testing.TB, host string, args ...string) *serving {
	t.Helper()
	words := append(serveArgs(host, filepath.Join(t.TempDir(), "certs")), args...)
	return serveCommand(t, pong(t, string(s), words...), host)
}

// gap returns the longest time without a STATE for a player around a moment.
func (p *player) gap(at time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	var longest time.Duration
	for i := 1; i < len(p.arrivals); i++ {
		if p.arrivals[i].After(at) && p.arrivals[i-1].Before(at.Add(2*time.Second)) {
			longest = max(longest, p.arrivals[i].Sub(p.arrivals[i-1]))
		}
	}
	return longest
}

// TestRebinding_GapIsShort plays through a router that masquerades, with a round trip of 50 ms, and makes the router
// forget the connection. The next datagram leaves from another port, which the server has to find out. Without
// namespaces the player changes its socket instead.
func TestRebinding_GapIsShort(t *testing.T) {
	rounds := either(3, 30)
	all := namespaces(t, "p", "r", "s")
	var p, other *player
	var rebind func()
	if all == nil {
		s := serve(t)
		_, game := relayTo(t, "", "127.0.0.2", s)
		p, other = s.play(t, "left"), s.play(t, "right")
		p.changeSocket(dialUDP(t, game))
		rebind = func() { p.changeSocket(dialUDP(t, game)) }
	} else {
		people, router, host := all[0], all[1], all[2]
		connect(t, people, router, "in", []string{"10.77.1.2/24"}, []string{"10.77.1.1/24"})
		connect(t, router, host, "out", []string{"10.77.2.1/24"}, []string{"10.77.2.2/24", "10.77.2.3/24"})
		people.do(t, "ip", "route", "add", "default", "via", "10.77.1.1")
		router.do(t, "sysctl", "-qw", "net.ipv4.ip_forward=1")
		router.do(t, "nft", "add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; "+
			"add rule ip nat post oifname outa masquerade fully-random")
		s := host.serveIn(t, "10.77.2.2")
		control, game := relayTo(t, host, "10.77.2.3", s)
		p, other = people.play(t, "left", control, game), people.play(t, "right", control, game)
		rebind = func() { router.do(t, "conntrack", "-D", "-p", "udp") }
	}
	poll(t, 20*time.Second, "the match plays", func() bool { return playing(p, other) })
	time.Sleep(2 * time.Second)
	p.read()
	var gaps []float64
	for range rounds {
		at := time.Now()
		rebind()
		time.Sleep(1500 * time.Millisecond)
		gaps = append(gaps, float64(p.gap(at))/float64(time.Millisecond))
	}
	figure("rebinding_round_trip", median(p.read().trips), "ms", reportOnly)
	figure("rebinding_gap_p50", median(gaps), "ms", reportOnly)
	figure("rebinding_gap_max", quantile(gaps, 1), "ms", under(200))
	if median(gaps) < 60 {
		t.Errorf("gaps of %.0f ms are too short: the connection was not rebound", gaps)
	}
	playsOn(t, time.Second, p, other)
}

func dialUDP(t testing.TB, to netip.AddrPort) net.Conn {
	t.Helper()
	c, err := net.Dial("udp", to.String())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// relayTo runs pong link in front of a server, with 25 ms each way, and returns its addresses.
func relayTo(t testing.TB, in namespace, host string, s *serving) (control, game netip.AddrPort) {
	t.Helper()
	link := run(t, pong(t, string(in), "link", "--listen", host, "--to", s.control.Addr().String(), "--delay", "25ms",
		"--control-port", port(s.Control), "--game-port", port(s.Game)))
	link.wait("Relaying")
	addr := netip.MustParseAddr(host)
	return netip.AddrPortFrom(addr, s.Control), netip.AddrPortFrom(addr, s.Game)
}

// TestMTU_NoFragments plays over the narrowest paths that the standards allow: 1280 bytes for IPv6, 576 for IPv4. No
// datagram may need fragments.
func TestMTU_NoFragments(t *testing.T) {
	for _, c := range []struct {
		mtu          int
		people, host string
	}{{1280, "10.77.1.2", "10.77.1.1"}, {576, "10.77.1.2", "10.77.1.1"}, {1280, "fd77::2", "fd77::1"}} {
		t.Run(fmt.Sprintf("%d to %s", c.mtu, c.host), func(t *testing.T) {
			all := namespaces(t, "p", "s")
			if all == nil {
				s := serve(t)
				left, right := s.match(t)
				playsOn(t, time.Second, left, right)
				return
			}
			people, host := all[0], all[1]
			bits := "/24"
			if strings.Contains(c.host, ":") {
				bits = "/64"
			}
			connect(t, people, host, "w", []string{c.people + bits}, []string{c.host + bits})
			people.do(t, "ip", "link", "set", "wa", "mtu", fmt.Sprint(c.mtu))
			host.do(t, "ip", "link", "set", "wb", "mtu", fmt.Sprint(c.mtu))
			s := host.serveIn(t, c.host)
			left, right := people.play(t, "left", s.control, s.game), people.play(t, "right", s.control, s.game)
			poll(t, 20*time.Second, "the match plays", func() bool { return playing(left, right) })
			playsOn(t, either(2*time.Second, 20*time.Second), left, right)
			cut := 0
			for _, in := range all {
				for _, table := range []string{"/proc/net/snmp", "/proc/net/snmp6"} {
					cut += fragments(in.do(t, "cat", table))
				}
			}
			name := strings.ReplaceAll(fmt.Sprintf("mtu_%d_v%d_fragments", c.mtu, 4+2*strings.Count(bits, "/64")), " ",
				"")
			mustFigure(t, name, float64(cut), "", atMost(0))
		})
	}
}

// fragments returns the number of fragments created, from a table of the system's counters.
func fragments(table string) (n int) {
	var names []string
	for line := range strings.Lines(table) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 2 && fields[0] == "Ip6FragCreates":
			var k int
			_, _ = fmt.Sscan(fields[1], &k)
			n += k
		case len(fields) > 2 && fields[0] == "Ip:" && names == nil:
			names = fields
		case len(fields) > 2 && fields[0] == "Ip:":
			for i, name := range names {
				if name == "FragCreates" {
					var k int
					_, _ = fmt.Sscan(fields[i], &k)
					n += k
				}
			}
		}
	}
	return n
}

// TestSpoofed_SourcesAreNotTrusted sends datagrams with the addresses of others, through a raw socket: garbage,
// copies, and datagrams that only a player can make, authentic and new. The others receive nothing for the first two,
// and at most as many bytes as were sent in their name for the third. The match continues at its address.
func TestSpoofed_SourcesAreNotTrusted(t *testing.T) {
	all := namespaces(t, "p", "s")
	if all == nil {
		t.Log("without namespaces, only addresses of this machine can be forged: " +
			"TestDatagrams_HostileOnesAreRefused does it in memory")
		return
	}
	people, host := all[0], all[1]
	const victim = "10.77.1.66"
	connect(t, people, host, "w", []string{"10.77.1.2/24", victim + "/24"}, []string{"10.77.1.1/24"})
	s := host.serveIn(t, "10.77.1.1")
	left, right := people.play(t, "left", s.control, s.game), people.play(t, "right", s.control, s.game)
	poll(t, 20*time.Second, "the match plays", func() bool { return playing(left, right) })
	time.Sleep(time.Second)

	var raw int
	var ear *net.UDPConn
	var err error
	people.within(t, func() {
		raw, err = unix.Socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_RAW)
		if err == nil {
			ear, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(victim), Port: 7777})
		}
	})
	if err != nil {
		t.Fatalf("raw socket: %v", err)
	}
	defer unix.Close(raw)
	defer ear.Close()
	spoof := func(payload []byte) {
		packet := spoofed(netip.MustParseAddrPort(victim+":7777"), s.game, payload)
		if err := unix.Sendto(raw, packet, 0, &unix.SockaddrInet4{Addr: s.game.Addr().As4()}); err != nil {
			t.Fatalf("send with a forged source: %v", err)
		}
	}
	received := func() (n int) {
		_ = ear.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
		var b [2048]byte
		for {
			k, err := ear.Read(b[:])
			if err != nil {
				return n
			}
			n += k
		}
	}
	left.mu.Lock()
	tape := left.sentTape
	left.mu.Unlock()
	for i := range 5000 {
		b := append([]byte(nil), tape[i%len(tape)]...)
		if i%2 == 0 {
			b[i%len(b)] ^= 0x10
		}
		spoof(b)
	}
	mustFigure(t, "spoofed_unauthentic_answered", float64(received()), "bytes", atMost(0))

	// Mallory is a player too, and sends everything in the name of the victim: authentic, newest, and long enough for
	// a challenge.
	var carrier net.Conn
	people.within(t, func() { carrier, err = dialFrom(netip.Addr{}, s.control) })
	if err != nil {
		t.Fatal(err)
	}
	g, err := handshake(carrier)
	if err != nil {
		t.Fatal(err)
	}
	mallory, err := g.join(joinAs("mallory"))
	if err != nil {
		t.Fatal(err)
	}
	defer mallory.leave()
	own := people.udp(t, s.game)
	defer own.Close()
	_, _ = own.Write(mallory.register())
	time.Sleep(100 * time.Millisecond)
	in := 0
	for range either(50, 500) {
		b := mallory.seal(wire.AppendInput(nil, mallory.stamp(), wire.Input{Newest: 9,
			Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 4}}}))
		in += len(b)
		spoof(b)
		time.Sleep(20 * time.Millisecond)
	}
	out := received()
	mustFigure(t, "spoofed_authentic_out_over_in", float64(out)/float64(in), "bytes out per byte in", atMost(1))
	if out == 0 {
		t.Error("no challenge was sent, so the test shows nothing")
	}
	if moved := len(s.with("moved to another address")); moved > 0 {
		t.Errorf("the server moved a session %d times to an address that proved nothing, want never", moved)
	}
	playsOn(t, time.Second, left, right)
}

// spoofed returns an IPv4 packet with a UDP datagram and any source. The system fills in the IP checksum, and a UDP
// checksum of 0 means none (RFC 768).
func spoofed(from, to netip.AddrPort, payload []byte) []byte {
	b := make([]byte, 28, 28+len(payload))
	b[0], b[8], b[9] = 0x45, 64, unix.IPPROTO_UDP
	binary.BigEndian.PutUint16(b[2:], uint16(28+len(payload)))
	copy(b[12:], from.Addr().AsSlice())
	copy(b[16:], to.Addr().AsSlice())
	binary.BigEndian.PutUint16(b[20:], from.Port())
	binary.BigEndian.PutUint16(b[22:], to.Port())
	binary.BigEndian.PutUint16(b[24:], uint16(8+len(payload)))
	return append(b, payload...)
}

// TestChangeOfFamily_GapIsShort plays over IPv4 until that address is removed, and continues from an IPv6 address:
// another socket, another family, the same session. Here the shell around the Session changes the socket at once; how
// soon the client's own shell notices is not measured.
func TestChangeOfFamily_GapIsShort(t *testing.T) {
	all := namespaces(t, "p", "s")
	if all == nil {
		s := serveCommand(t, pong(t, "", serveArgs("", filepath.Join(t.TempDir(), "certs"))...), "")
		left, right := s.match(t)
		left.changeSocket(dialUDP(t, netip.AddrPortFrom(netip.IPv6Loopback(), s.Game)))
		time.Sleep(time.Second)
		playsOn(t, time.Second, left, right)
		return
	}
	people, host := all[0], all[1]
	connect(t, people, host, "w", []string{"10.77.1.2/24", "10.77.1.3/24", "fd77::2/64"},
		[]string{"10.77.1.1/24", "fd77::1/64"})
	s := host.serveIn(t, "")
	v4, v6 := netip.MustParseAddr("10.77.1.1"), netip.MustParseAddr("fd77::1")
	at := func(a netip.Addr, p uint16) netip.AddrPort { return netip.AddrPortFrom(a, p) }
	left := people.play(t, "left", at(v4, s.Control), at(v4, s.Game))
	right := people.play(t, "right", at(v6, s.Control), at(v6, s.Game))
	poll(t, 20*time.Second, "the match plays", func() bool { return playing(left, right) })
	time.Sleep(time.Second)
	now := time.Now()
	people.do(t, "ip", "addr", "del", "10.77.1.2/24", "dev", "wa")
	left.changeSocket(people.udp(t, at(v6, s.Game)))
	time.Sleep(1500 * time.Millisecond)
	figure("change_of_family_gap", float64(left.gap(now))/float64(time.Millisecond), "ms", under(200))
	playsOn(t, either(time.Second, 5*time.Second), left, right)
	if moved := len(s.with("moved to another address")); moved != 1 {
		t.Errorf("the server logged %d moves, want one", moved)
	}
}
