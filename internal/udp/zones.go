package udp

import (
	"net"
	"net/netip"
	"strconv"
)

// zones are the names of network interfaces by their numbers. A link-local address is one of an interface, which its
// zone names.
type zones map[uint32]string

// name returns the name of an interface, as sockets of the Go runtime do.
func (z zones) name(index uint32) string {
	name, ok := z[index]
	if !ok {
		name = strconv.FormatUint(uint64(index), 10)
		if i, err := net.InterfaceByIndex(int(index)); err == nil {
			name = i.Name
		}
		z[index] = name
	}
	return name
}

// index is the inverse of name; 0 if there is none. It knows the interfaces from which datagrams have arrived, because
// datagrams are only sent to where others came from.
func (z zones) index(name string) uint32 {
	if name == "" {
		return 0
	}
	return z.search(name)
}

func (z zones) search(name string) uint32 {
	for index, n := range z {
		if n == name {
			return index
		}
	}
	return 0
}

// add returns an address of an interface: with a zone if it is an IPv6 link-local one.
func (z zones) add(a netip.Addr, index uint32) netip.Addr {
	if index != 0 && a.Is6() && a.IsLinkLocalUnicast() {
		return a.WithZone(z.name(index))
	}
	return a
}
