package dial

import (
	"errors"
	"net"
	"net/netip"
	"runtime"
	"syscall"
)

// hint returns what a person can do about a server whose control port could not be dialled. local has the addresses of
// this machine: without one of the server's family, neither the server nor a firewall is the cause.
func hint(err error, local []netip.Addr) string {
	var unknownName *net.DNSError
	if errors.As(err, &unknownName) {
		return "is the name right, and is this machine connected to a network?"
	}
	ip, ok := withoutRoute(err)
	if !ok {
		return "is the server running there, and are its TCP and UDP ports open in its firewall?"
	}
	has4, has6 := false, false
	for _, a := range local {
		if a = a.Unmap(); a.IsGlobalUnicast() { // neither loopback nor link-local
			has4, has6 = has4 || a.Is4(), has6 || a.Is6()
		}
	}
	switch {
	case !has4 && !has6:
		return "this machine is not connected to a network"
	case ip.Is4() && !has4:
		return "this machine has no IPv4 address: use an IPv6 address of the server or a name that has one, or " +
			"join a network with IPv4"
	case ip.Is6() && !has6:
		return "this machine has no IPv6 address: use an IPv4 address of the server or a name that has one, or " +
			"join a network with IPv6"
	}
	return "this machine's network does not lead there: check the address"
}

// withoutRoute reports whether this machine has no way to an address that it dialled, and which one.
func withoutRoute(err error) (ip netip.Addr, ok bool) {
	var dialled *net.OpError
	if !errors.As(err, &dialled) || dialled.Addr == nil || !isNoRoute(err) {
		return ip, false
	}
	to, err := netip.ParseAddrPort(dialled.Addr.String())
	return to.Addr().Unmap(), err == nil
}

// Windows has its own numbers for errors of sockets, which package syscall does not name.
const (
	wsaEADDRNOTAVAIL = syscall.Errno(10049)
	wsaENETUNREACH   = syscall.Errno(10051)
)

// isNoRoute reports whether the system refused to send to an address. Linux refuses with EADDRNOTAVAIL if IPv6 is
// switched off.
func isNoRoute(err error) bool {
	if runtime.GOOS == "windows" {
		return errors.Is(err, wsaENETUNREACH) || errors.Is(err, wsaEADDRNOTAVAIL)
	}
	return errors.Is(err, syscall.ENETUNREACH) || errors.Is(err, syscall.EADDRNOTAVAIL) ||
		errors.Is(err, syscall.EAFNOSUPPORT)
}

// localAddresses returns the addresses of this machine, or none if the system does not list them.
func localAddresses() (local []netip.Addr) {
	all, _ := net.InterfaceAddrs()
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				local = append(local, ip)
			}
		}
	}
	return local
}
