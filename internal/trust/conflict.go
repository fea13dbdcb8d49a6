package trust

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// ConflictError is the error of a handshake with a server that a join link or --trust names, while another identity is
// stored for its address. A person must decide between the two: whoever can give someone a link could otherwise take
// the place of a server that is known.
type ConflictError struct {
	Address string
	Known   Fingerprint // stored for the address
	Key     Fingerprint // of the identity that the server claims; only a completed handshake proves it
}

// Error says what to do if no one can be asked.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("the join link names another server than the one that you know at this address\n"+
		"  known %v\n  link  %v\n"+
		"ask the operator, by other means than the link, whether the server is a new one; only then forget the known "+
		"one and join again\n"+
		"  %s", e.Known, e.Key, Command("pong", "trust", "forget", e.Address))
}

// localSuffixes are the ends of names that every network may use for its own machines: RFC 6762, RFC 8375, and the name
// that ICANN has reserved. Many routers use lan.
var localSuffixes = []string{".local", ".home.arpa", ".internal", ".lan"}

// shared is the range of addresses behind the address translation of a provider (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// IsLocal reports whether an address, with or without a port, may be another machine in every network: an IP address
// that is private, shared, of one link or of this machine, or a name without a domain.
func IsLocal(address string) bool {
	host := address
	if h, _, err := net.SplitHostPort(address); err == nil {
		host = h
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || shared.Contains(ip)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return !strings.Contains(host, ".") ||
		slices.ContainsFunc(localSuffixes, func(end string) bool { return strings.HasSuffix(host, end) })
}
