package portmap

import (
	"net/netip"
	"os"
)

// defaultGateway returns the router of this network.
func defaultGateway() (netip.Addr, bool) {
	table, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return netip.Addr{}, false
	}
	return parseRoutes(string(table))
}
