//go:build siege && linux

package siege

import (
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"
)

// longestPacket is what the router of TestSegments_PassANarrowPath lets through, with the headers of IP and TCP.
const longestPacket = "1300"

// TestSegments_PassANarrowPath plays through a router that drops longer packets of TCP without an ICMP message. The
// server has the lineage of three rotations, so that its part of the handshake needs several segments, too. Two bots
// join over IPv4, and two over IPv6; each pair plays. A connection without the limit shows that the router does drop
// what is longer.
func TestSegments_PassANarrowPath(t *testing.T) {
	all := namespaces(t, "p", "r", "s")
	if all == nil {
		t.Log("without namespaces there is no such path: TestMaxSegment_HoldsAtBothEnds reads the limit of sockets")
		return
	}
	people, router, host := all[0], all[1], all[2]
	connect(t, people, router, "in", []string{"10.77.1.2/24", "fd77:1::2/64"}, []string{"10.77.1.1/24", "fd77:1::1/64"})
	connect(t, router, host, "out", []string{"10.77.2.1/24", "fd77:2::1/64"}, []string{"10.77.2.2/24", "fd77:2::2/64"})
	router.do(t, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
	router.do(t, "nft", "add table inet narrow; "+
		"add chain inet narrow forward { type filter hook forward priority 0; }; "+
		"add rule inet narrow forward meta l4proto tcp meta length > "+longestPacket+" counter drop")
	for _, end := range []struct {
		namespace
		name, v4, v6 string
	}{{people, "ina", "10.77.1.1", "fd77:1::1"}, {host, "outb", "10.77.2.1", "fd77:2::1"}} {
		end.do(t, "ip", "route", "add", "default", "via", end.v4)
		end.do(t, "ip", "route", "add", "default", "via", end.v6)
		end.do(t, "ip", "link", "set", end.name, "gso_max_segs", "1") // the router sees packets as they are on a wire
	}
	if unlimitedPasses(t, people, host) {
		t.Fatal("a connection without the limit passes, so the path shows nothing")
	}

	certs := filepath.Join(t.TempDir(), "certs")
	for range 3 {
		first := serveCommand(t, pong(t, string(host), serveArgs("::", certs)...), "::")
		rotate := run(t, pong(t, string(host), "trust", "rotate", "--certs", certs))
		poll(t, 20*time.Second, "the identity is rotated", func() bool { return !rotate.running() })
		first.terminate()
	}
	s := serveCommand(t, pong(t, string(host), serveArgs("::", certs)...), "::")
	for _, server := range []string{"10.77.2.2", "fd77:2::2"} {
		var bots []*process
		for range 2 {
			bots = append(bots, run(t, pong(t, string(people), "bot", net.JoinHostPort(server, port(s.Control)),
				"--json", "--trust", s.Fingerprint)))
		}
		for _, b := range bots {
			b.wait(`"tick"`)
			if err := b.stderr.String(); err != "" {
				t.Errorf("a bot at %s printed %q, want nothing", server, err)
			}
		}
	}
}

// unlimitedPasses reports whether a text longer than a segment arrives over a connection without the limit.
func unlimitedPasses(t *testing.T, from, to namespace) bool {
	t.Helper()
	var listener net.Listener
	var err error
	to.within(t, func() { listener, err = net.Listen("tcp", "10.77.2.2:0") })
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var near net.Conn
	from.within(t, func() { near, err = net.Dial("tcp", listener.Addr().String()) })
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	far, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	text := make([]byte, 2000)
	if _, err := near.Write(text); err != nil {
		t.Fatal(err)
	}
	_ = far.SetReadDeadline(time.Now().Add(2 * time.Second))
	_, err = io.ReadFull(far, text)
	return err == nil
}
