package trust

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// DefaultPort is the port of the control channel when none is named.
const DefaultPort = 5555

// scheme begins every join link.
const scheme = "pong://"

// A Link is where a server is and, if HasKey, who it must be. Written out it is
//
//	pong://HOST:5555/#k=<fingerprint, base64url>
//
// The key stands behind the # so that a browser which is handed the link keeps
// it to itself.
type JoinLink struct {
	Address string      // host:port, as ParseAddress returns it
	Key     Fingerprint // the server's identity
	HasKey  bool        // whether Key was given
}

// String returns the link in the one form that ParseLink returns unchanged.
func (l JoinLink) String() string {
	s := scheme + l.Address + "/"
	if l.HasKey {
		s += "#k=" + l.Key.Base64()
	}
	return s
}

// Host returns the address without its port and without brackets.
func (l JoinLink) Host() string {
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		return l.Address
	}
	return host
}

// ParseLink reads a join link. The port may be missing, and so may the key. All
// else is an error, above all a key that cannot be read: a link that loses its
// key on the way must not turn into one that never had any.
func ParseJoinLink(s string) (JoinLink, error) {
	s = strings.TrimSpace(s)
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return JoinLink{}, fmt.Errorf("%q is not a join link: they begin with %s", s, scheme)
	}
	place, fragment, hasFragment := strings.Cut(s[len(scheme):], "#")
	address, err := parseHostPort(strings.TrimSuffix(place, "/"), DefaultPort)
	if err != nil {
		return JoinLink{}, fmt.Errorf("join link: %w", err)
	}
	l := JoinLink{Address: address}
	if !hasFragment {
		return l, nil
	}
	key, ok := strings.CutPrefix(fragment, "k=")
	if !ok {
		return JoinLink{}, fmt.Errorf("join link: k= and a fingerprint must follow the #, not %q: copy the whole link again", fragment)
	}
	if l.Key, err = ParseFingerprint(key); err != nil {
		return JoinLink{}, fmt.Errorf("join link: what follows k= is %w: copy the whole link again", err)
	}
	l.HasKey = true
	return l, nil
}

// ParseAddress reads what a person types to say where a server is: host,
// host:port, an IPv6 address with or without brackets, or a join link, whose
// key is then in the result. Names come back in lower case and IP addresses in
// their canonical form, so that one server has one pin.
func ParseAddress(s string, defaultPort uint16) (JoinLink, error) {
	s = strings.TrimSpace(s)
	if before, _, found := strings.Cut(s, "://"); found {
		if strings.EqualFold(before, "pong") {
			return ParseJoinLink(s)
		}
		return JoinLink{}, fmt.Errorf("%q is a link of another kind: type host, host:port or a link that begins with %s", s, scheme)
	}
	address, err := parseHostPort(s, defaultPort)
	if err != nil {
		return JoinLink{}, err
	}
	return JoinLink{Address: address}, nil
}

// parseHostPort returns host:port in canonical form.
func parseHostPort(s string, defaultPort uint16) (string, error) {
	host, port := s, strconv.Itoa(int(defaultPort))
	switch {
	case s == "":
		return "", errors.New("the address is empty: type host or host:port")
	case strings.HasPrefix(s, "["):
		inside, after, closed := strings.Cut(s[1:], "]")
		if !closed || after != "" && after[0] != ':' || !strings.Contains(inside, ":") {
			return "", fmt.Errorf("address %q: brackets go around an IPv6 address, as in [2001:db8::1]:5555", s)
		}
		host = inside
		if after != "" {
			port = after[1:]
		}
	case strings.Count(s, ":") == 1:
		host, port, _ = strings.Cut(s, ":")
	}
	host, err := canonicalHost(host)
	if err != nil {
		return "", fmt.Errorf("address %q: %w", s, err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", fmt.Errorf("address %q: the port must be a number from 1 to 65535, not %q", s, port)
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
}

// canonicalHost checks a host name or IP address and gives it its one spelling.
func canonicalHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		if !isWord(ip.Zone()) {
			return "", fmt.Errorf("the zone %q is not the name of a network interface", ip.Zone())
		}
		return ip.Unmap().String(), nil
	}
	if strings.Contains(host, ":") {
		return "", fmt.Errorf("%q is not an IPv6 address", host)
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" {
		return "", errors.New("the host is missing")
	}
	label := ""
	for label = range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || len(host) > 253 || !isWord(label) {
			return "", fmt.Errorf("%q is not a host name: it has letters, digits, hyphens and dots only, no spaces", host)
		}
	}
	if strings.Trim(label, "0123456789") == "" {
		return "", fmt.Errorf("%q is not an IPv4 address", host) // no name ends in a number
	}
	return host, nil
}

// isWord reports whether s has nothing but ASCII letters, digits, hyphen and
// underscore (which names inside container networks have).
func isWord(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
