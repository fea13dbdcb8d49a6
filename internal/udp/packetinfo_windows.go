package udp

import (
	"strconv"

	"golang.org/x/sys/windows"
)

// The layout of control messages: see packetinfo.go.
const (
	controlWord = strconv.IntSize / 8

	levelInet, inetPacketInfo   = windows.IPPROTO_IP, windows.IP_PKTINFO
	levelInet6, inet6PacketInfo = windows.IPPROTO_IPV6, windows.IPV6_PKTINFO

	inetInfo          = 8
	inetInfoInterface = 4
	inetInfoSource    = 0
	inetInfoAddress   = 0
)

// requestPacketInfo has the system add a packet info to each datagram that arrives at a socket.
func requestPacketInfo(fd uintptr, ipv6 bool) error {
	socket := windows.Handle(fd)
	if !ipv6 {
		return windows.SetsockoptInt(socket, windows.IPPROTO_IP, windows.IP_PKTINFO, 1)
	}
	// A socket of both families has an option for each. Without the one for IPv4 those datagrams have no packet info.
	_ = windows.SetsockoptInt(socket, windows.IPPROTO_IP, windows.IP_PKTINFO, 1)
	return windows.SetsockoptInt(socket, windows.IPPROTO_IPV6, windows.IPV6_PKTINFO, 1)
}
