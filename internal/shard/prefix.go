package shard

import "net/netip"

// ClientPrefix returns the address range that one client is assumed to control: an IPv4 address, or an IPv6 /64. Limits
// count by it.
func ClientPrefix(a netip.Addr) netip.Prefix {
	a = withoutZone(a)
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits)
	return p
}

// withoutZone returns an address as the other end has it. The zone is a matter of this end: it names a network
// interface or, in the addresses of players in a browser, one of their connections.
func withoutZone(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
