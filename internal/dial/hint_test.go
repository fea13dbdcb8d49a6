package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
)

// failedDial is the error of a TCP connection to an address that fails with errno.
func failedDial(address string, errno error) error {
	to := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(address))
	return &net.OpError{Op: "dial", Net: "tcp", Addr: to, Err: os.NewSyscallError("connect", errno)}
}

// noRoute is the error of the system for an address to which it has no route.
func noRoute(address string) error {
	if isNoRoute(wsaENETUNREACH) {
		return failedDial(address, wsaENETUNREACH)
	}
	return failedDial(address, syscall.ENETUNREACH)
}

func TestHint_NamesTheMissingFamily(t *testing.T) {
	const v4, v6, refused = "192.0.2.1:5555", "[2001:db8::1]:5555", "is the server running there"
	for _, test := range []struct {
		name  string
		err   error
		local string
		want  string
	}{
		{"only IPv6", noRoute(v4), "127.0.0.1 ::1 fe80::1 2001:db8::2", "this machine has no IPv4 address"},
		{"only IPv4", noRoute(v6), "127.0.0.1 ::1 fe80::1 198.51.100.2", "this machine has no IPv6 address"},
		{"both", noRoute(v4), "198.51.100.2 2001:db8::2", "this machine's network does not lead there"},
		{"no network", noRoute(v4), "127.0.0.1 ::1 fe80::1 169.254.1.1", "this machine is not connected to a network"},
		{"the system lists nothing", noRoute(v4), "", "this machine is not connected to a network"},
		{"in another error", fmt.Errorf("dial: %w", noRoute(v4)), "2001:db8::2", "this machine has no IPv4 address"},
		{"refused", failedDial(v4, syscall.ECONNREFUSED), "2001:db8::2", refused},
		{"no answer", context.DeadlineExceeded, "2001:db8::2", refused},
		{"unknown name", &net.DNSError{Err: "no such host", Name: "pong.example"}, "198.51.100.2", "is the name right"},
	} {
		var local []netip.Addr
		for _, a := range strings.Fields(test.local) {
			local = append(local, netip.MustParseAddr(a))
		}
		if got := hint(test.err, local); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %v on a machine with the addresses [%s]: got %q, want %q...", test.name, test.err, test.local,
				got, test.want)
		}
	}
}

// TestDialStaggered_PrefersTheErrorOfAReachedAddress to those of addresses without a route.
func TestDialStaggered_PrefersTheErrorOfAReachedAddress(t *testing.T) {
	refused := errors.New("refused")
	s := scripted{"a": {err: noRoute("[2001:db8::1]:1")}, "b": {err: refused}, "c": {err: noRoute("192.0.2.1:1")}}
	if _, err := dialStaggered(t.Context(), s, []string{"a", "b", "c"}); !errors.Is(err, refused) {
		t.Errorf("of three addresses two have no route and one is refused: got %v, want %v", err, refused)
	}
}
