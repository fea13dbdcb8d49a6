package portmap

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// A request of NAT-PMP (RFC 6886, section 3) is two zeros, for the external address, or
//
//	0  version, 0
//	1  opcode: 1 is UDP, 2 is TCP
//	2  zero, 2 bytes
//	4  internal port, 2 bytes
//	6  external port that is wished for, 2 bytes; 0 to remove a mapping
//	8  lifetime in seconds, 4 bytes; 0 to remove a mapping
//
// A response has opcode+128 at 1, the result at 2 (2 bytes), the epoch at 4 (4 bytes), and then the external address
// (4 bytes), or the internal port, the external port and the lifetime.
const (
	natpmpVersion       = 0
	natpmpAddressLength = 12
	natpmpMapLength     = 16
)

// The results of NAT-PMP that matter.
const (
	natpmpUnsupportedVersion = 1
	natpmpNetworkFailure     = 3 // the router has no address itself
	natpmpUnsupportedOpcode  = 5
)

// natpmpOpcode returns the opcode of an ask.
func natpmpOpcode(a ask) byte {
	switch {
	case a.op == probe || a.op == poll:
		return 0
	case a.mapping.udp:
		return 1
	}
	return 2
}

// appendNATPMP returns the request for an ask.
func appendNATPMP(a ask) []byte {
	b := []byte{natpmpVersion, natpmpOpcode(a)}
	if b[1] == 0 {
		return b
	}
	outside, seconds := a.mapping.outside, uint32(lease/time.Second)
	if a.op == closePort {
		outside, seconds = 0, 0
	}
	b = append(b, 0, 0)
	b = binary.BigEndian.AppendUint16(b, a.mapping.inside)
	b = binary.BigEndian.AppendUint16(b, outside)
	return binary.BigEndian.AppendUint32(b, seconds)
}

// parseNATPMP returns the answer in a packet, if it belongs to the ask.
func parseNATPMP(packet []byte, a ask) (r answer, belongs bool) {
	if len(packet) < 8 || packet[0] != natpmpVersion || packet[1] != responseBit+natpmpOpcode(a) {
		return r, false
	}
	r.epoch, r.hasEpoch = binary.BigEndian.Uint32(packet[4:]), true
	switch binary.BigEndian.Uint16(packet[2:]) {
	case 0:
	case natpmpUnsupportedVersion, natpmpUnsupportedOpcode:
		return answer{failure: noAnswer}, true
	case natpmpNetworkFailure:
		r.failure = noPublic
		return r, true
	default:
		r.failure = refused
		return r, true
	}
	if natpmpOpcode(a) == 0 {
		if len(packet) < natpmpAddressLength {
			return answer{}, false
		}
		r.external = netip.AddrFrom4([4]byte(packet[8:12]))
		return r, true
	}
	if len(packet) < natpmpMapLength || binary.BigEndian.Uint16(packet[8:]) != a.mapping.inside {
		return answer{}, false
	}
	r.outside = binary.BigEndian.Uint16(packet[10:])
	r.lease = boundedLease(binary.BigEndian.Uint32(packet[12:]))
	r.failure = grantedOr(a.op, r.outside, r.lease)
	return r, true
}
