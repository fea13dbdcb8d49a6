package shard

import (
	"net/netip"
	"testing"
)

func TestClientPrefix(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::ffff:2", true}, // the same /64
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%eth0", "fe80::1%eth1", true}, // zones are ignored
	} {
		got := ClientPrefix(netip.MustParseAddr(c.a)) == ClientPrefix(netip.MustParseAddr(c.b))
		if got != c.same {
			t.Errorf("%s and %s have the same prefix: %v, want %v", c.a, c.b, got, c.same)
		}
	}
	if got := ClientPrefix(netip.Addr{}); got != (netip.Prefix{}) {
		t.Errorf("ClientPrefix of an invalid address = %v, want an invalid prefix", got)
	}
}
