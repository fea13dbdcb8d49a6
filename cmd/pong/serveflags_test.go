package main

import (
	"net/netip"
	"testing"
)

func TestNetworkOf_HidesWhoItIs(t *testing.T) {
	for a, want := range map[string]string{
		"10.1.2.3": "10.1.2.0/24", "2001:db8:1:2::3": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48",
	} {
		if got := networkOf(netip.MustParseAddr(a)); got != want {
			t.Errorf("networkOf(%s) = %q, want %q", a, got, want)
		}
	}
}
