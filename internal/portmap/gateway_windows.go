package portmap

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/windows"
)

// defaultGateway returns the router of this network.
func defaultGateway() (gateway netip.Addr, ok bool) {
	const flags = windows.GAA_FLAG_INCLUDE_GATEWAYS | windows.GAA_FLAG_SKIP_ANYCAST | windows.GAA_FLAG_SKIP_MULTICAST |
		windows.GAA_FLAG_SKIP_DNS_SERVER
	size := uint32(16 << 10)
	var buffer []byte
	for {
		buffer = make([]byte, size)
		err := windows.GetAdaptersAddresses(windows.AF_INET, flags, 0,
			(*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0])), &size)
		if err == nil {
			break
		}
		if err != windows.ERROR_BUFFER_OVERFLOW || int(size) <= len(buffer) {
			return gateway, false
		}
	}
	metric := uint32(0)
	for a := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buffer[0])); a != nil; a = a.Next {
		g := a.FirstGatewayAddress
		if a.OperStatus != windows.IfOperStatusUp || g == nil {
			continue
		}
		ip, valid := netip.AddrFromSlice(g.Address.IP())
		if ip = ip.Unmap(); valid && isGateway(ip) && (!ok || a.Ipv4Metric < metric) {
			gateway, ok, metric = ip, true, a.Ipv4Metric
		}
	}
	return gateway, ok
}
