package shard

import "net/netip"

// ClientPrefix is whom one limit is for: an IPv4 address, or the /64 that one IPv6 customer has.
func ClientPrefix(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits)
	return p
}
