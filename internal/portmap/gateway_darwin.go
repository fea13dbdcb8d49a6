package portmap

import (
	"net/netip"
	"syscall"

	"golang.org/x/net/route"
)

// defaultGateway returns the router of this network.
func defaultGateway() (netip.Addr, bool) {
	table, err := route.FetchRIB(syscall.AF_INET, route.RIBTypeRoute, 0)
	if err != nil {
		return netip.Addr{}, false
	}
	messages, err := route.ParseRIB(route.RIBTypeRoute, table)
	if err != nil {
		return netip.Addr{}, false
	}
	for _, m := range messages {
		r, isRoute := m.(*route.RouteMessage)
		const flags = syscall.RTF_UP | syscall.RTF_GATEWAY
		if !isRoute || r.Flags&flags != flags || len(r.Addrs) <= syscall.RTAX_GATEWAY {
			continue
		}
		to, isIPv4 := r.Addrs[syscall.RTAX_DST].(*route.Inet4Addr)
		via, isIPv4Too := r.Addrs[syscall.RTAX_GATEWAY].(*route.Inet4Addr)
		if !isIPv4 || !isIPv4Too || to.IP != [4]byte{} {
			continue
		}
		if gateway := netip.AddrFrom4(via.IP); isGateway(gateway) {
			return gateway, true
		}
	}
	return netip.Addr{}, false
}
