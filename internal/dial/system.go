//go:build !js

package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"

	"pong/internal/tcp"
)

// System is the Transport of the operating system: TCP and UDP.
type System struct {
	Via string // HOST:PORT to send game traffic to. If empty, the server's IP address and the port that WELCOME names.
}

// Resolve looks up the IP addresses of a name. Those of IPv4 and IPv6 alternate, so that neither family is waited for
// long if it does not work (RFC 8305 section 4).
func (System) Resolve(ctx context.Context, address string) ([]string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return []string{address}, nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	var resolved []string
	for _, ip := range alternate(found) {
		resolved = append(resolved, net.JoinHostPort(ip.String(), port))
	}
	return resolved, nil
}

// alternate orders addresses so that the families alternate, beginning with that of the first.
func alternate(found []netip.Addr) []netip.Addr {
	var first, second, all []netip.Addr
	for _, ip := range found {
		if ip = ip.Unmap(); ip.Is4() == found[0].Unmap().Is4() {
			first = append(first, ip)
		} else {
			second = append(second, ip)
		}
	}
	for i := range max(len(first), len(second)) {
		all = append(all, first[min(i, len(first)):min(i+1, len(first))]...)
		all = append(all, second[min(i, len(second)):min(i+1, len(second))]...)
	}
	return all
}

// DialStream opens a TCP connection.
func (System) DialStream(ctx context.Context, address string) (net.Conn, error) {
	return tcp.Dial(ctx, address)
}

// DialDatagrams opens a UDP socket.
func (s System) DialDatagrams(ctx context.Context, stream net.Conn, port int) (net.Conn, error) {
	address := s.Via
	if address == "" {
		host, _, err := net.SplitHostPort(stream.RemoteAddr().String())
		if err != nil {
			return nil, err
		}
		address = net.JoinHostPort(host, strconv.Itoa(port))
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return nil, fmt.Errorf("to %s: %w", address, err)
	}
	return conn, nil
}
