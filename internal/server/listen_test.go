package server_test

import (
	"net"
	"testing"

	"pong/internal/server"
)

// TestListen_FamiliesOfAllAddresses looks whether the ports of a server are open on IPv6.
func TestListen_FamiliesOfAllAddresses(t *testing.T) {
	works := false // IPv6, on this machine
	if c, err := net.ListenPacket("udp6", "[::1]:0"); err == nil {
		works = true
		c.Close()
	}
	for host, want := range map[string]bool{"0.0.0.0": false, "::": true, "": true} {
		control, sockets, err := server.Listen(host, 0, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		for network, at := range map[string]net.Addr{"tcp6": control.Addr(), "udp6": sockets[0].LocalAddr()} {
			if got := usesIPv6(t, network, at); got != (want && works) {
				t.Errorf("--listen %q on %s: IPv6 is %v, want %v", host, network, got, want && works)
			}
		}
		control.Close()
		sockets[0].Close()
	}
}

// usesIPv6 reports whether a port of the IPv6 loopback address is taken.
func usesIPv6(t *testing.T, network string, at net.Addr) bool {
	t.Helper()
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		t.Fatal(err)
	}
	address := net.JoinHostPort("::1", port)
	if network == "tcp6" {
		c, err := net.Dial(network, address)
		if err == nil {
			c.Close()
		}
		return err == nil
	}
	c, err := net.ListenPacket(network, address)
	if err == nil {
		c.Close()
	}
	return err != nil
}

// TestListen_PortsOfShardsFollowEachOther also if the system chooses the first one.
func TestListen_PortsOfShardsFollowEachOther(t *testing.T) {
	control, sockets, err := server.Listen("127.0.0.1", 0, 0, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer control.Close()
	first := sockets[0].LocalAddr().(*net.UDPAddr).Port
	for i, s := range sockets {
		defer s.Close()
		if got := s.LocalAddr().(*net.UDPAddr).Port; got != first+i {
			t.Errorf("shard %d has port %d, want %d: %d shards from port %d on", i, got, first+i, len(sockets), first)
		}
	}
}

// TestListen_PortInUseIsRefused opens the same ports twice: on all addresses, and on one of them. On Windows both could
// be open unless a socket says that its port is its own.
func TestListen_PortInUseIsRefused(t *testing.T) {
	for _, hosts := range [][2]string{{"", "127.0.0.1"}, {"0.0.0.0", "127.0.0.1"}, {"127.0.0.1", ""}, {"", ""},
		{"127.0.0.1", "127.0.0.1"}} {
		control, games, err := server.Listen(hosts[0], 0, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		tcp, udp := control.Addr().(*net.TCPAddr).Port, games[0].LocalAddr().(*net.UDPAddr).Port
		for name, ports := range map[string][2]int{"TCP": {tcp, 0}, "UDP": {0, udp}} {
			second, others, err := server.Listen(hosts[1], ports[0], ports[1], 1)
			if err != nil {
				continue
			}
			t.Errorf("two servers listen on one %s port, on the hosts %q and %q; want an error", name, hosts[0],
				hosts[1])
			second.Close()
			others[0].Close()
		}
		control.Close()
		games[0].Close()
	}
}
