package main

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strconv"

	"pong/internal/trust"
)

// hosts returns the hosts under which players reach the server, the best one first.
func (f *serveFlags) hosts() []string {
	if f.acme.host == "" {
		return reachable(f.listen)
	}
	return append([]string{f.acme.host}, reachable(f.listen)...)
}

// joinLink returns the join link that the operator sends to players. A link to a public name needs no fingerprint.
func (s *serving) joinLink(key trust.Fingerprint) string {
	address := net.JoinHostPort(s.flags.hosts()[0], strconv.Itoa(portOf(s.control.Addr())))
	return trust.JoinLink{Address: address, Key: key, HasKey: s.flags.acme.host == ""}.String()
}

// portOf returns the port of a TCP or UDP address.
func portOf(a net.Addr) int {
	switch a := a.(type) {
	case *net.TCPAddr:
		return a.Port
	case *net.UDPAddr:
		return a.Port
	}
	return 0
}

// reachable returns the hosts under which players reach a server that listens on a host, the best one first.
func reachable(listen string) []string {
	if ip := net.ParseIP(listen); listen != "" && (ip == nil || !ip.IsUnspecified()) {
		return []string{listen}
	}
	var own []netip.Addr
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		prefix, err := netip.ParsePrefix(a.String())
		ip := prefix.Addr().Unmap()
		if err == nil && (ip.Is4() || listen != "0.0.0.0") { // that host listens on IPv4 alone
			own = append(own, ip)
		}
	}
	return orderHosts(own, routed())
}

// routed returns the addresses that this machine uses towards the internet, if it has a way there: those of the
// interfaces with the default routes. It sends nothing.
func routed() (own []netip.Addr) {
	for network, far := range map[string]string{"udp4": "192.0.2.1:9", "udp6": "[2001:db8::1]:9"} { // of documentation
		if conn, err := net.Dial(network, far); err == nil {
			own = append(own, conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap())
			conn.Close()
		}
	}
	return own
}

// orderHosts orders the addresses of a machine for a join link, of which most people copy the first. The interface of
// the default route leads to the other players more often than that of a virtual machine or a container. Most home
// networks have IPv4, and a private IPv6 address is of no use beyond them. A link-local IPv6 address needs the name of
// an interface, which differs from machine to machine, so it is left out.
func orderHosts(own, routed []netip.Addr) []string {
	rank := func(a netip.Addr) int {
		onRoute := slices.Contains(routed, a)
		switch {
		case a.IsLinkLocalUnicast():
			return 5
		case a.Is4() && onRoute:
			return 0
		case a.Is6() && a.IsPrivate():
			return 4
		case a.Is6() && onRoute:
			return 1
		case a.Is4():
			return 2
		}
		return 3
	}
	own = slices.DeleteFunc(slices.Clone(own), func(a netip.Addr) bool {
		return a.IsLoopback() || a.Is6() && a.IsLinkLocalUnicast()
	})
	slices.SortStableFunc(own, func(a, b netip.Addr) int { return cmp.Compare(rank(a), rank(b)) })
	var hosts []string
	for _, a := range own {
		hosts = append(hosts, a.String())
	}
	return append(hosts, "127.0.0.1")
}
