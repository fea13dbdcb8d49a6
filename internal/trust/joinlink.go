package trust

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"pong/internal/rooms"
	"pong/internal/ticket"
)

// DefaultPort is the port of the control channel if none is given.
const DefaultPort = 5555

// scheme is the start of every join link.
const scheme = "pong://"

// MaxFurther is how many further addresses a join link can have.
const MaxFurther = 4

// A JoinLink says where a server is, if HasKey which identity it must have, and perhaps in which room to play, or with
// which join ticket. As text it is one of
//
//	pong://HOST:5555/#k=<fingerprint, base64url>&r=<room code>
//	pong://HOST:5555/#k=<fingerprint, base64url>&t=<ticket>
//
// and a link with a fingerprint may end with further addresses of the same server:
//
//	pong://HOST:5555/#k=<fingerprint, base64url>&r=<room code>&also=HOST:5555,[2001:db8::7]:5555
//
// A browser that opens the link does not send the part from the # on.
type JoinLink struct {
	Address string      // host:port, as ParseAddress returns it
	Key     Fingerprint // the server's identity
	HasKey  bool        // whether Key is given
	Room    string      // the code of a room. If empty, none.
	Ticket  string      // see package ticket; it has the room, if there is one. If empty, none.

	// Further has at most MaxFurther other addresses of the server, each as Address is, with commas between them. It is
	// empty without a Key: an address proves nothing.
	Further string
}

// Addresses returns Address and the further addresses, in the order in which to try them.
func (l JoinLink) Addresses() []string {
	all := []string{l.Address}
	if l.Further != "" {
		all = append(all, strings.Split(l.Further, ",")...)
	}
	return all
}

// WithFurther returns the link with further addresses of its server, each HOST:PORT in canonical form: the first
// MaxFurther of those that differ. A link without a key has none.
func (l JoinLink) WithFurther(addresses []string) JoinLink {
	var further []string
	for _, a := range addresses {
		if a != l.Address && !slices.Contains(further, a) && len(further) < MaxFurther {
			further = append(further, a)
		}
	}
	if l.Further = ""; l.HasKey {
		l.Further = strings.Join(further, ",")
	}
	return l
}

// String returns the canonical form of the link, which ParseJoinLink returns unchanged.
func (l JoinLink) String() string {
	s, before := scheme+l.Address+"/", "#"
	if l.HasKey {
		s, before = s+"#k="+l.Key.Base64(), "&"
	}
	switch {
	case l.Ticket != "":
		s += before + "t=" + l.Ticket
	case l.Room != "":
		s += before + "r=" + l.Room
	}
	if l.Further != "" && l.HasKey {
		s += furtherMark + l.Further
	}
	return s
}

// furtherMark precedes the further addresses of a link.
const furtherMark = "&also="

// pageScheme is the start of the address of the page, which has the same form otherwise.
const pageScheme = "https://"

// Page returns the address of the page on which a browser joins the same server, room or ticket. The page reaches no
// further addresses.
func (l JoinLink) Page() string {
	l.Further = ""
	return pageScheme + strings.TrimPrefix(l.String(), scheme)
}

// WithoutRoom returns the link of the server alone, which can be shown and stored.
func (l JoinLink) WithoutRoom() JoinLink {
	l.Room, l.Ticket = "", ""
	return l
}

// Host returns the address without its port and without brackets.
func (l JoinLink) Host() string {
	host, _, err := net.SplitHostPort(l.Address)
	if err != nil {
		return l.Address
	}
	return host
}

// Want returns the fingerprint that the server must have: that of the link, or the one that was given besides, as with
// --trust. Both may be missing; then it is nil. It returns an error if they differ.
func (l JoinLink) Want(named *Fingerprint) (*Fingerprint, error) {
	switch {
	case !l.HasKey:
		return named, nil
	case named != nil && *named != l.Key:
		return nil, errors.New("the join link and --trust name different servers: use one of them")
	}
	return &l.Key, nil
}

// ParseJoinLink parses a join link. The port, the key, the room and the ticket may be missing. Everything else is an
// error, in particular a key, a room or a ticket that cannot be parsed: a damaged link must not pass for one without
// them. The signature of the ticket is not checked. Errors do not quote it.
func ParseJoinLink(s string) (JoinLink, error) {
	s = strings.TrimSpace(s)
	if len(s) < len(scheme) || !strings.EqualFold(s[:len(scheme)], scheme) {
		return JoinLink{}, fmt.Errorf("%q is not a join link: a join link begins with %s", brief(s), scheme)
	}
	place, fragment, hasFragment := strings.Cut(s[len(scheme):], "#")
	address, err := parseHostPort(decodeZone(strings.TrimSuffix(place, "/")), DefaultPort)
	if err != nil {
		return JoinLink{}, fmt.Errorf("join link: %w", err)
	}
	l := JoinLink{Address: address}
	if !hasFragment {
		return l, nil
	}
	fragment, further, hasFurther := strings.Cut(fragment, furtherMark)
	if l, err = l.withFragment(fragment); err != nil || !hasFurther {
		return l, err
	}
	if l.Further, err = parseFurther(further); err != nil {
		return JoinLink{}, fmt.Errorf("join link: the text after also= is not a list of addresses: %w: copy the whole "+
			"link again", err)
	}
	if !l.HasKey {
		return JoinLink{}, errors.New("join link: further addresses need a fingerprint, k=: copy the whole link again")
	}
	return l, nil
}

// parseFurther parses the further addresses of a link, and returns them in canonical form.
func parseFurther(text string) (string, error) {
	all := strings.Split(text, ",")
	if len(all) > MaxFurther {
		return "", fmt.Errorf("it has more than %d", MaxFurther)
	}
	for i, a := range all {
		address, err := parseHostPort(decodeZone(a), DefaultPort)
		if err != nil {
			return "", err
		}
		all[i] = address
	}
	return strings.Join(all, ","), nil
}

// withFragment returns the link with the key, and the room or the ticket, of the part of its text after the #.
func (l JoinLink) withFragment(fragment string) (_ JoinLink, err error) {
	hasFragment := true
	key, hasKey := strings.CutPrefix(fragment, "k=")
	if hasKey {
		key, fragment, hasFragment = strings.Cut(key, "&")
		if l.Key, err = ParseFingerprint(key); err != nil {
			return JoinLink{}, fmt.Errorf("join link: the text after k= is %w: copy the whole link again", err)
		}
		l.HasKey = true
	}
	if !hasFragment {
		return l, nil
	}
	if text, ok := strings.CutPrefix(fragment, "t="); ok {
		if _, err := ticket.Parse(text); err != nil {
			return JoinLink{}, errors.New("join link: the ticket after t= is damaged: copy the whole link again")
		}
		l.Ticket = text
		return l, nil
	}
	room, ok := strings.CutPrefix(fragment, "r=")
	switch {
	case !ok && hasKey:
		return JoinLink{}, fmt.Errorf("join link: the & must be followed by r= and a room code, by t= and a ticket, "+
			"or by also= and addresses, not %q: copy the whole link again", brief(fragment))
	case !ok:
		return JoinLink{}, fmt.Errorf("join link: the # must be followed by k= and a fingerprint, by r= and a room "+
			"code, or by t= and a ticket, not %q: copy the whole link again", brief(fragment))
	}
	if err := rooms.Check(room); err != nil {
		return JoinLink{}, fmt.Errorf("join link: the text after r= is not one: %w: copy the whole link again", err)
	}
	l.Room = room
	return l, nil
}

// decodeZone decodes the percent sign before the zone of an IPv6 address, which is %25 in links of other programs (RFC
// 6874). Links of this package have it as it is, and there %25 begins the number of an interface.
func decodeZone(place string) string {
	before, zone, found := strings.Cut(place, "%25")
	if !found || !strings.Contains(before, ":") || zone == "" || strings.Trim(zone[:1], "0123456789]") == "" {
		return place
	}
	return before + "%" + zone
}

// ParseAddress parses an address that a person types: host, host:port, an IPv6 address with or without brackets, or a
// join link, whose key is then in the result. Names are returned in lower case and IP addresses in canonical form, so
// that one server has one pin.
func ParseAddress(s string, defaultPort uint16) (JoinLink, error) {
	s = strings.TrimSpace(s)
	if before, _, found := strings.Cut(s, "://"); found {
		if strings.EqualFold(before, "pong") {
			return ParseJoinLink(s)
		}
		return JoinLink{}, fmt.Errorf("%q is another kind of link: type host, host:port or a link that begins with %s",
			brief(s), scheme)
	}
	address, err := parseHostPort(s, defaultPort)
	if err != nil {
		return JoinLink{}, err
	}
	return JoinLink{Address: address}, nil
}

// parseHostPort parses host or host:port and returns host:port in canonical form.
func parseHostPort(s string, defaultPort uint16) (string, error) {
	host, port := s, strconv.Itoa(int(defaultPort))
	switch {
	case s == "":
		return "", errors.New("the address is empty: type host or host:port")
	case strings.HasPrefix(s, "["):
		inside, after, closed := strings.Cut(s[1:], "]")
		if !closed || after != "" && after[0] != ':' || !strings.Contains(inside, ":") {
			return "", fmt.Errorf("address %q: brackets must enclose an IPv6 address, such as [2001:db8::1]:5555",
				brief(s))
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
		return "", fmt.Errorf("address %q: %w", brief(s), err)
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", fmt.Errorf("address %q: the port must be a number from 1 to 65535, not %q", brief(s), brief(port))
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), nil
}

// canonicalHost checks a host name or IP address and returns its canonical form.
func canonicalHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		if !isWord(strings.ReplaceAll(ip.Zone(), ".", "")) { // VLANs have dots: eth0.100
			return "", fmt.Errorf("the zone %q is not the name of a network interface", ip.Zone())
		}
		return ip.Unmap().String(), nil
	}
	if strings.Contains(host, ":") {
		return "", fmt.Errorf("%q is not an IPv6 address", brief(host))
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "" {
		return "", errors.New("the host is missing")
	}
	label := ""
	for label = range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || len(host) > 253 || !isWord(label) {
			return "", errors.New("this is not a host name: it must consist of letters, digits, hyphens and dots, no " +
				"spaces")
		}
	}
	if strings.Trim(label, "0123456789") == "" {
		return "", fmt.Errorf("%q is not an IPv4 address", host) // no host name ends with a numeric label
	}
	return host, nil
}

// brief returns a text short enough for an error.
func brief(s string) string {
	const most = 50
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "..." // errors are printed where there may be no UTF-8
	}
	return s
}

// isWord reports whether s consists of ASCII letters, digits, hyphens and underscores, which names in container
// networks have.
func isWord(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
