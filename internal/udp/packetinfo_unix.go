//go:build linux || darwin

package udp

import "golang.org/x/sys/unix"

// The layout of control messages: see packetinfo.go.
const (
	levelInet, inetPacketInfo   = unix.IPPROTO_IP, unix.IP_PKTINFO
	levelInet6, inet6PacketInfo = unix.IPPROTO_IPV6, unix.IPV6_PKTINFO

	inetInfo          = unix.SizeofInet4Pktinfo
	inetInfoInterface = 0
	inetInfoSource    = 4 // ipi_spec_dst, the address to send from
	inetInfoAddress   = 8 // ipi_addr, the address in the header of a datagram that has arrived
)

// requestPacketInfo has the system add a packet info to each datagram that arrives at a socket.
func requestPacketInfo(fd uintptr, ipv6 bool) error {
	if ipv6 { // has those of IPv4 too, with mapped addresses
		return unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 1)
	}
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, requestInetInfo, 1)
}
