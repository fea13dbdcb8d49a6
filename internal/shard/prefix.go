package shard

import "net/netip"

// ClientPrefix returns the address range that one client is assumed to control: an IPv4 address, or an IPv6 /64. Limits
// count by it.
func ClientPrefix(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits)
	return p
}
