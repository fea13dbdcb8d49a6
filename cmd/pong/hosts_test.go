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
