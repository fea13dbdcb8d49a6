package deny

import (
	"net/netip"
	"slices"
)

// A set is a set of address prefixes that does not change. A lookup costs a map access for each length of prefix that
// the set has, however many prefixes there are.
type set struct {
	prefixes map[netip.Prefix]struct{}
	bits     [2][]int // the lengths of the prefixes of IPv4 and of IPv6
}

// newSet returns the set of the prefixes of some lists.
func newSet(lists ...[]netip.Prefix) *set {
	s := &set{prefixes: make(map[netip.Prefix]struct{})}
	for _, list := range lists {
		for _, p := range list {
			s.prefixes[p] = struct{}{}
			if bits := &s.bits[family(p.Addr())]; !slices.Contains(*bits, p.Bits()) {
				*bits = append(*bits, p.Bits())
			}
		}
	}
	return s
}

// family returns the index of an address's family in set.bits.
func family(a netip.Addr) int {
	if a.Is4() {
		return 0
	}
	return 1
}

// match returns a prefix of the set that has an address in it, and whether there is one.
func (s *set) match(a netip.Addr) (netip.Prefix, bool) {
	a = a.Unmap().WithZone("")
	for _, bits := range s.bits[family(a)] {
		if p, err := a.Prefix(bits); err == nil {
			if _, found := s.prefixes[p]; found {
				return p, true
			}
		}
	}
	return netip.Prefix{}, false
}
