package portmap

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// A request of PCP (RFC 6887, sections 7 and 11.1) is
//
//	0  version, 2
//	1  opcode: 0 is ANNOUNCE, 1 is MAP
//	2  zero, 2 bytes
//	4  lifetime in seconds, 4 bytes; 0 removes a mapping
//	8  the address of the client, 16 bytes, in IPv6's form
//
// and, for MAP,
//
//	24  nonce, 12 bytes
//	36  protocol: 6 is TCP, 17 is UDP
//	37  zero, 3 bytes
//	40  internal port, 2 bytes
//	42  external port that is wished for, 2 bytes; 0 for any
//	44  external address that is wished for, 16 bytes
//
// A response has opcode+128 at 1, the result at 3, the epoch at 8 (4 bytes), zeros up to 24, and then the same fields
// with what is assigned.
const (
	pcpVersion   = 2
	pcpAnnounce  = 0
	pcpMap       = 1
	pcpHeader    = 24
	pcpMapLength = 60
	responseBit  = 128
)

// maxPCP is the greatest length of a packet of PCP.
const maxPCP = 1100

// The results of PCP that matter.
const (
	pcpUnsupportedVersion = 1
	pcpNetworkFailure     = 7
	pcpNoResources        = 8 // what routers without a public address answer
	pcpCannotProvide      = 11
)

// A nonce tells the owner of a mapping of PCP from others.
type nonce [12]byte

// appendPCP returns the request for an ask.
func appendPCP(a ask, own netip.Addr, n nonce) []byte {
	b := make([]byte, pcpHeader, pcpMapLength)
	b[0] = pcpVersion
	ip := netip.AddrFrom16(own.As16())
	client := ip.As16()
	copy(b[8:], client[:])
	if a.op == probe || a.op == poll {
		b[1] = pcpAnnounce
		return b
	}
	b[1] = pcpMap
	if a.op == openPort {
		binary.BigEndian.PutUint32(b[4:], uint32(lease/time.Second))
	}
	b = append(b, n[:]...)
	b = append(b, ipProtocol(a.mapping.udp), 0, 0, 0)
	b = binary.BigEndian.AppendUint16(b, a.mapping.inside)
	b = binary.BigEndian.AppendUint16(b, a.mapping.outside)
	any4 := netip.IPv4Unspecified().As16() // any IPv4 address, in IPv6's form
	return append(b, any4[:]...)
}

// ipProtocol returns the number of TCP or UDP.
func ipProtocol(udp bool) byte {
	if udp {
		return 17
	}
	return 6
}

// parsePCP returns the answer in a packet, if it belongs to the ask.
func parsePCP(packet []byte, a ask, n nonce) (r answer, belongs bool) {
	if len(packet) >= 4 && packet[0] == natpmpVersion && packet[1] >= responseBit {
		return answer{failure: noAnswer}, true // a router that knows NAT-PMP only
	}
	if len(packet) < pcpHeader || len(packet) > maxPCP || len(packet)%4 != 0 || packet[0] != pcpVersion {
		return r, false
	}
	isMap := a.op == openPort || a.op == closePort
	if want := byte(responseBit + pcpAnnounce); !isMap && packet[1] != want || isMap && packet[1] != want+pcpMap {
		return r, false
	}
	r.epoch, r.hasEpoch = binary.BigEndian.Uint32(packet[8:]), true
	switch packet[3] {
	case 0:
	case pcpUnsupportedVersion:
		return answer{failure: noAnswer}, true
	case pcpNetworkFailure, pcpNoResources:
		r.failure = noPublic
	case pcpCannotProvide:
		r.failure = conflict
	default:
		r.failure = refused
	}
	if !isMap {
		if r.failure != ok { // which ANNOUNCE hardly is
			r.failure = noAnswer
		}
		return r, true
	}
	if len(packet) < pcpMapLength || nonce(packet[24:36]) != n || packet[36] != ipProtocol(a.mapping.udp) ||
		binary.BigEndian.Uint16(packet[40:]) != a.mapping.inside {
		return answer{}, false
	}
	if r.failure == ok {
		r.lease = boundedLease(binary.BigEndian.Uint32(packet[4:]))
		r.outside = binary.BigEndian.Uint16(packet[42:])
		r.external = netip.AddrFrom16([16]byte(packet[44:60])).Unmap()
		r.failure = grantedOr(a.op, r.outside, r.lease)
	}
	return r, true
}

// grantedOr returns a failure if what claims to be a granted port is none.
func grantedOr(o op, outside uint16, lease time.Duration) failure {
	if o == openPort && (outside == 0 || lease == 0) {
		return refused
	}
	return ok
}

// The bounds of a lease that a router grants: a shorter one would be renewed all the time, and a longer one is none of
// ours to use.
const (
	minLease = 2 * time.Minute
	maxLease = 24 * time.Hour
)

// boundedLease returns the lease that a router grants in seconds, within bounds. It is 0 if none is granted.
func boundedLease(seconds uint32) time.Duration {
	if seconds == 0 {
		return 0
	}
	return min(max(time.Duration(seconds)*time.Second, minLease), maxLease)
}
