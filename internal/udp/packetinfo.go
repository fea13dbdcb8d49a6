//go:build linux || darwin || windows

package udp

import (
	"encoding/binary"
	"net/netip"
)

// A control message (cmsg, RFC 3542 section 20.1) comes with a datagram, or goes with one that is sent. Those with a
// packet info say which address of this machine the datagram was sent to, or is to be sent from:
//
//	off      len
//	  0   word    length of the message, without the padding after it
//	  .      4    level: IPv4 or IPv6
//	  .      4    type: packet info
//	  .     12    IPv4: interface, local address, address   (Windows, 8 bytes: address, interface)
//	  .     20    IPv6: address, interface
//
// All numbers are in the order of the processor. A word has 8 bytes on 64-bit Linux and Windows, 4 on macOS, and
// messages begin at its multiples. The constants of this system are in packetinfo_linux.go and so on.

// controlHeader is the length of the first three fields.
const controlHeader = controlWord + 8

// inet6Info is the length of an IPv6 packet info.
const inet6Info = 16 + 4

// maxControl has room for the control messages of one datagram: a packet info of each family and a time stamp.
const maxControl = 128

// parsePacketInfo returns the address in the packet info among control messages, and the interface that the datagram
// arrived at. The address is invalid if there is none, or if it is one that nothing can be sent from. Messages that
// are not well-formed end the search.
func parsePacketInfo(control []byte) (to netip.Addr, index uint32) {
	for len(control) >= controlHeader {
		n := controlLength(control)
		if n < controlHeader || n > uint64(len(control)) {
			break
		}
		level := binary.NativeEndian.Uint32(control[controlWord:])
		kind := binary.NativeEndian.Uint32(control[controlWord+4:])
		info := control[controlHeader:n]
		switch {
		case level == levelInet && kind == inetPacketInfo && len(info) == inetInfo:
			to = netip.AddrFrom4([4]byte(info[inetInfoAddress:]))
			index = binary.NativeEndian.Uint32(info[inetInfoInterface:])
		case level == levelInet6 && kind == inet6PacketInfo && len(info) == inet6Info:
			to = netip.AddrFrom16([16]byte(info)).Unmap()
			index = binary.NativeEndian.Uint32(info[16:])
		}
		control = control[min(padded(int(n)), len(control)):]
	}
	if to.IsUnspecified() || to.IsMulticast() || to == broadcast {
		return netip.Addr{}, 0
	}
	return to, index
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// appendPacketInfo appends the control message that has a datagram sent from an address. The interface counts for a
// link-local address only, which several interfaces can have; the route to the receiver decides for every other.
func appendPacketInfo(b []byte, from netip.Addr, index uint32) []byte {
	start := len(b)
	if !from.IsLinkLocalUnicast() {
		index = 0
	}
	var message [(controlHeader + inet6Info + controlWord - 1) / controlWord * controlWord]byte
	info, n := message[controlHeader:], inet6Info
	level, kind := uint32(levelInet6), uint32(inet6PacketInfo)
	if from.Is4() {
		level, kind, n = levelInet, inetPacketInfo, inetInfo
		address := from.As4()
		copy(info[inetInfoSource:], address[:])
		binary.NativeEndian.PutUint32(info[inetInfoInterface:], index)
	} else {
		address := from.As16()
		copy(info, address[:])
		binary.NativeEndian.PutUint32(info[16:], index)
	}
	putControlLength(message[:], controlHeader+n)
	binary.NativeEndian.PutUint32(message[controlWord:], level)
	binary.NativeEndian.PutUint32(message[controlWord+4:], kind)
	return append(b[:start], message[:padded(controlHeader+n)]...)
}

// padded returns the length of a message with the padding after it.
func padded(n int) int { return (n + controlWord - 1) / controlWord * controlWord }

func controlLength(message []byte) uint64 {
	if controlWord == 4 {
		return uint64(binary.NativeEndian.Uint32(message))
	}
	return binary.NativeEndian.Uint64(message)
}

func putControlLength(message []byte, n int) {
	if controlWord == 4 {
		binary.NativeEndian.PutUint32(message, uint32(n))
	} else {
		binary.NativeEndian.PutUint64(message, uint64(n))
	}
}
