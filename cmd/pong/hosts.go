package main

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"pong/internal/trust"
)

// hosts returns the hosts under which players reach the server, the best one first.
func (f *serveFlags) hosts() []string {
	if f.acme.host == "" {
		return reachable(f.listen)
	}
	return append([]string{f.acme.host}, reachable(f.listen)...)
}

// joinLink returns the join link that the operator sends to players. A link to the name of --acme needs no fingerprint.
func (s *serving) joinLink(key trust.Fingerprint) string {
	f := s.flags
	at := ports{control: portOf(s.control.Addr()), game: portOf(s.sockets[0].LocalAddr())}
	return linkTo(f.listen, f.acme.host, s.outside(), at, key).String()
}

// ports are those on which a server listens.
type ports struct{ control, game int }

// linkTo returns the join link to a server that listens on a host: with the address that is advertised, the public name
// that needs no fingerprint, or the best address of this machine, and with further addresses of it.
func linkTo(listen, public string, outside advertised, at ports, key trust.Fingerprint) trust.JoinLink {
	var addresses []string
	add := func(host string) {
		addresses = append(addresses, net.JoinHostPort(host, strconv.Itoa(at.control)))
	}
	host := public
	if outside.host != "" {
		host, addresses = outside.host, []string{outside.address(at.control)}
	} else if public != "" {
		add(public)
	}
	if outside.reachesGame(at.game) {
		for _, h := range linked(listen) {
			add(h)
		}
	}
	link := trust.JoinLink{Address: addresses[0], Key: key, HasKey: host == "" || host != public}
	return link.WithFurther(addresses[1:])
}

// withoutFurther returns a join link with its first address alone, for a QR code or a narrow screen.
func withoutFurther(link string) string {
	l, err := trust.ParseJoinLink(link)
	if err != nil {
		return link
	}
	return l.WithFurther(nil).String()
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

// An ownAddress is an address of this machine.
type ownAddress struct {
	netip.Addr
	virtual bool // it leads to virtual machines, containers or a VPN, by the name of its interface
}

// ownAddresses returns the addresses of this machine in the families of a host to listen on.
func ownAddresses(listen string) (own []ownAddress) {
	interfaces, _ := net.Interfaces()
	for _, i := range interfaces {
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			prefix, err := netip.ParsePrefix(a.String())
			ip := prefix.Addr().Unmap()
			if err == nil && i.Flags&net.FlagUp != 0 && (ip.Is4() || listen != "0.0.0.0") { // which is IPv4 alone
				own = append(own, ownAddress{ip, isVirtual(i.Name)})
			}
		}
	}
	return own
}

// isVirtual reports whether an interface has the name of one that leads to virtual machines, containers or a VPN.
func isVirtual(name string) bool {
	if bridge, ok := strings.CutPrefix(name, "br-"); ok && len(bridge) == 12 { // of Docker
		return true
	}
	return slices.ContainsFunc([]string{
		"docker", "podman", "veth", "vEthernet", "virbr", "vmnet", "vboxnet", "cni", "tun", "tap", "utun", "wg",
	}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// isAll reports whether a host to listen on stands for all addresses of this machine.
func isAll(listen string) bool {
	ip := net.ParseIP(listen)
	return listen == "" || ip != nil && ip.IsUnspecified()
}

// reachable returns the hosts under which players reach a server that listens on a host, the best one first.
func reachable(listen string) []string {
	if !isAll(listen) {
		return []string{listen}
	}
	var own []netip.Addr
	for _, a := range ownAddresses(listen) {
		own = append(own, a.Addr)
	}
	return orderHosts(own, routed())
}

// linked returns the hosts that a join link names for a server that listens on a host, the best one first.
func linked(listen string) []string {
	if !isAll(listen) {
		return []string{listen}
	}
	return linkHosts(ownAddresses(listen), routed())
}

// linkHosts returns those addresses of a machine that may lead other players to it, or the best one if there is none:
// the IPv4 addresses of real interfaces, and the public IPv6 address that is used towards the internet. It has others,
// too, which are temporary.
func linkHosts(own []ownAddress, routed []netip.Addr) []string {
	var all, some []netip.Addr
	for _, a := range own {
		all = append(all, a.Addr)
		switch onRoute := slices.Contains(routed, a.Addr); {
		case a.IsLoopback() || a.IsLinkLocalUnicast():
		case a.Is4() && (onRoute || !a.virtual), a.Is6() && onRoute && !a.IsPrivate():
			some = append(some, a.Addr)
		}
	}
	if len(some) == 0 {
		return orderHosts(all, routed)[:1]
	}
	return orderHosts(some, routed)[:len(some)]
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
