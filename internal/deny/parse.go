package deny

import (
	"fmt"
	"net/netip"
	"strings"
)

// Parse reads a list of prefixes, one a line: 192.0.2.0/24, 2001:db8::/48, or an address alone. A # begins a comment.
// An error names the line.
func Parse(text string) (list []netip.Prefix, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		entry := entryOf(line)
		if entry == "" {
			continue
		}
		p, err := ParsePrefix(entry)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, p)
	}
	return list, nil
}

// entryOf returns a line without its comment and spaces.
func entryOf(line string) string {
	entry, _, _ := strings.Cut(line, "#")
	return strings.TrimSpace(entry)
}

// ParsePrefix parses an address prefix, or an address, which stands for itself alone. An IPv4 address that is written
// as an IPv6 address (::ffff:192.0.2.1) is that IPv4 address. Bits after the prefix are ignored.
func ParsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap().WithZone("")
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return p, fmt.Errorf("%.60q is no address and no prefix such as 192.0.2.0/24 or 2001:db8::/48", text)
	case p.Addr().Is4In6() && p.Bits() < 96:
		return p, fmt.Errorf("%.60q is neither a prefix of IPv4 nor one of IPv6: write IPv4 as in 192.0.2.0/24", text)
	case p.Addr().Is4In6():
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), nil
}

// Format returns a prefix as a list has it: a single address without its length.
func Format(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}
