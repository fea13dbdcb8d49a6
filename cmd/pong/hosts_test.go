package main

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// The address that players can reach most probably is the first, in whatever order the system lists them: Windows has
// IPv6 first, and containers and virtual machines add interfaces.
func TestHosts_BestComesFirst(t *testing.T) {
	addrs := func(text string) (all []netip.Addr) {
		for _, word := range strings.Fields(text) {
			all = append(all, netip.MustParseAddr(word))
		}
		return all
	}
	for _, test := range []struct{ name, own, routed, want string }{
		{"Windows at home", "fd00::2 fe80::1 2001:db8::7 192.168.1.20 ::1 127.0.0.1", "192.168.1.20 2001:db8::7",
			"192.168.1.20 2001:db8::7 fd00::2 127.0.0.1"},
		{"containers and a VPN", "172.17.0.1 100.64.3.2 10.0.0.5", "10.0.0.5",
			"10.0.0.5 172.17.0.1 100.64.3.2 127.0.0.1"},
		{"IPv6 alone", "fd00::2 fe80::1 2001:db8::7", "2001:db8::7", "2001:db8::7 fd00::2 127.0.0.1"},
		{"private IPv6 on the route", "fd00::2 192.168.1.20", "fd00::2", "192.168.1.20 fd00::2 127.0.0.1"},
		{"no way to the internet", "fd00::2 2001:db8::7 192.168.1.20", "",
			"192.168.1.20 2001:db8::7 fd00::2 127.0.0.1"},
		{"a cable between two machines", "fe80::1 169.254.7.7", "", "169.254.7.7 127.0.0.1"},
		{"private IPv6 alone", "fe80::1 fd00::2", "", "fd00::2 127.0.0.1"},
		{"nothing", "127.0.0.1 ::1", "", "127.0.0.1"},
	} {
		if got := orderHosts(addrs(test.own), addrs(test.routed)); !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%s: %s are ordered as %v, want %s", test.name, test.own, got, test.want)
		}
	}
}

// A join link names the addresses that may lead another player here, and no others.
func TestHosts_OfALink(t *testing.T) {
	for _, test := range []struct{ name, own, routed, want string }{
		{"containers and a VPN", "docker0=172.17.0.1 br-0123456789ab=172.18.0.1 tun0=10.8.0.6 wlan0=192.168.1.20",
			"192.168.1.20", "192.168.1.20"},
		{"two networks and IPv6", "lo=127.0.0.1 lo=::1 eth0=10.0.0.5 eth0=fd00::2 eth0=fe80::1 eth0=2001:db8::7 " +
			"eth0=2001:db8::99 wlan0=192.168.1.20", "192.168.1.20 2001:db8::7", "192.168.1.20 2001:db8::7 10.0.0.5"},
		{"all goes through a VPN", "tun0=10.8.0.6 wlan0=192.168.1.20", "10.8.0.6", "10.8.0.6 192.168.1.20"},
		{"a bridge of a person", "br-lan=192.168.1.1 eth1=203.0.113.7", "203.0.113.7", "203.0.113.7 192.168.1.1"},
		{"containers alone", "lo=127.0.0.1 docker0=172.17.0.1", "", "172.17.0.1"},
		{"private IPv6 alone", "eth0=fe80::1 eth0=fd00::2", "fd00::2", "fd00::2"},
		{"a cable", "eth0=169.254.7.7", "", "169.254.7.7"},
		{"nothing", "lo=127.0.0.1", "", "127.0.0.1"},
	} {
		var own []ownAddress
		for word := range strings.FieldsSeq(test.own) {
			name, ip, _ := strings.Cut(word, "=")
			own = append(own, ownAddress{netip.MustParseAddr(ip), isVirtual(name)})
		}
		var routed []netip.Addr
		for word := range strings.FieldsSeq(test.routed) {
			routed = append(routed, netip.MustParseAddr(word))
		}
		if got := linkHosts(own, routed); !slices.Equal(got, strings.Fields(test.want)) {
			t.Errorf("%s: of %s the link has %v, want %s", test.name, test.own, got, test.want)
		}
	}
}
