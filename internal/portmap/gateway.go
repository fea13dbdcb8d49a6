package portmap

import (
	"encoding/binary"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
)

// ownTowards returns the address of this machine that it uses towards a gateway. It sends nothing.
func ownTowards(gateway netip.Addr) (netip.Addr, bool) {
	conn, err := net.Dial("udp4", netip.AddrPortFrom(gateway, portPCP).String())
	if err != nil {
		return netip.Addr{}, false
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(), true
}

// isGateway reports whether an address can be that of a router in this network.
func isGateway(a netip.Addr) bool { return a.Is4() && a.IsGlobalUnicast() }

// parseRoutes returns the gateway of the IPv4 default route with the lowest metric in Linux's table of routes, whose
// lines are
//
//	Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
//
// with addresses as numbers of the machine's byte order, in hexadecimal.
func parseRoutes(table string) (gateway netip.Addr, ok bool) {
	const isUp, hasGateway = 1, 2
	best := ""
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 8 || f[1] != "00000000" || f[7] != "00000000" {
			continue
		}
		raw, err := hex.DecodeString(f[2])
		flags, err2 := hex.DecodeString(f[3])
		if err != nil || err2 != nil || len(raw) != 4 || len(flags) != 2 || flags[1]&isUp == 0 ||
			flags[1]&hasGateway == 0 {
			continue
		}
		var ip [4]byte
		binary.NativeEndian.PutUint32(ip[:], binary.BigEndian.Uint32(raw))
		metric := strings.Repeat("0", max(0, 10-len(f[6]))) + f[6]
		if a := netip.AddrFrom4(ip); isGateway(a) && (best == "" || metric < best) {
			gateway, ok, best = a, true, metric
		}
	}
	return gateway, ok
}
