//go:build siege && linux

package siege

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A namespace is a network namespace of a test: a host of its own on this machine. It is removed at the test's end,
// with everything in it.
type namespace string

// namespaces creates network namespaces. If this machine does not allow it, it says so and returns nil; the test then
// runs in its loopback form.
func namespaces(t testing.TB, names ...string) []namespace {
	t.Helper()
	var all []namespace
	for _, name := range names {
		s := namespace(fmt.Sprintf("sg%d%s", os.Getpid(), name))
		if out, err := exec.Command("ip", "netns", "add", string(s)).CombinedOutput(); err != nil {
			fmt.Printf("no network namespaces on this machine, so the loopback form runs: %v: %s\n", err,
				strings.TrimSpace(string(out)))
			return nil
		}
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", string(s)).Run() })
		s.do(t, "ip", "link", "set", "lo", "up")
		all = append(all, s)
	}
	return all
}

// do runs a command in the namespace.
func (s namespace) do(t testing.TB, words ...string) string {
	t.Helper()
	out, err := exec.Command("ip", append([]string{"netns", "exec", string(s)}, words...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("in %s: %v: %v: %s", s, words, err, out)
	}
	return string(out)
}

// connect joins two namespaces by a virtual cable whose ends have addresses with prefix lengths.
func connect(t testing.TB, a, b namespace, name string, ofA, ofB []string) {
	t.Helper()
	nameA, nameB := name+"a", name+"b"
	a.do(t, "ip", "link", "add", nameA, "type", "veth", "peer", "name", nameB, "netns", string(b))
	for _, end := range []struct {
		namespace
		name  string
		addrs []string
	}{{a, nameA, ofA}, {b, nameB, ofB}} {
		for _, addr := range end.addrs {
			words := []string{"ip", "addr", "add", addr, "dev", end.name}
			if strings.Contains(addr, ":") {
				words = append(words, "nodad")
			}
			end.do(t, words...)
		}
		end.do(t, "ip", "link", "set", end.name, "up")
	}
}

// within runs f on a thread in the namespace. Sockets that f opens stay there.
func (s namespace) within(t testing.TB, f func()) {
	t.Helper()
	if err := s.enter(f); err != nil {
		t.Fatalf("enter %s: %v", s, err)
	}
}

// enter does the same, and returns the error if there is no such namespace.
func (s namespace) enter(f func()) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked, so that the thread ends with the goroutine
		fd, err := unix.Open("/run/netns/"+string(s), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = unix.Setns(fd, unix.CLONE_NEWNET)
			unix.Close(fd)
		}
		if err == nil {
			f()
		}
		done <- err
	}()
	return <-done
}

// udp opens a socket in the namespace that is connected to an address.
func (s namespace) udp(t testing.TB, to netip.AddrPort) (c *net.UDPConn) {
	t.Helper()
	var err error
	s.within(t, func() { c, err = net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to)) })
	if err != nil {
		t.Fatalf("udp from %s to %v: %v", s, to, err)
	}
	return c
}

// play joins a player in the namespace, with one address for TLS and another for the game.
func (s namespace) play(t testing.TB, name string, control, game netip.AddrPort) *player {
	t.Helper()
	var raw net.Conn
	var err error
	s.within(t, func() { raw, err = dialFrom(netip.Addr{}, control) })
	if err != nil {
		t.Fatalf("%s in %s: %v", name, s, err)
	}
	g, err := handshake(raw)
	if err != nil {
		t.Fatalf("%s in %s: %v", name, s, err)
	}
	seat, err := g.join(joinAs(name))
	if err != nil {
		t.Fatalf("%s in %s: %v", name, s, err)
	}
	return startPlayer(t, seat, s.udp(t, game))
}
