// Package portmap asks the router of this network to pass ports on to this machine, by three protocols: PCP (RFC 6887),
// NAT-PMP (RFC 6886) and UPnP-IGD. It asks all of them what they know, and opens the ports by the first that can.
//
//	m := portmap.Start(portmap.Config{Wants: ..., Note: path})
//	defer m.Close() // the router closes the ports
//	state := m.State()
//
// Nothing that a router says is trusted beyond this: answers count if they come from the gateway of the default route,
// are short, and belong to a question. UPnP is spoken to addresses at the gateway alone, and redirects are refused.
//
// The files: pcp.go, natpmp.go, ssdp.go and igd.go have the bytes, machine.go decides what is asked and when,
// exchange.go, upnp.go and mapper.go have the sockets, and note.go the note by which the next process removes what a
// process that was killed has left at the router.
package portmap

import (
	"net/netip"
	"time"
)

// A Want is a port to be opened.
type Want struct {
	UDP    bool
	Inside uint16 // the port of this machine

	// Same means that the port must have the same number outside. If the router grants another number, Config.Bind is
	// asked to listen on it.
	Same bool

	// Optional means that the others are of use without this one.
	Optional bool
}

// A Protocol is one by which a router is asked.
type Protocol uint8

// The protocols.
const (
	None Protocol = iota
	PCP
	NATPMP
	UPnP
)

func (p Protocol) String() string { return [...]string{"none", "PCP", "NAT-PMP", "UPnP"}[p] }

// A Verdict is how the router has answered.
type Verdict uint8

// The verdicts.
const (
	Asking Verdict = iota
	Mapped         // the ports are open
	Shared         // the router has no public address, because it shares one with others
	Taken          // another machine has a port, and this one cannot listen on another
	Closed         // the router opens no ports, or none answers
)

func (v Verdict) String() string {
	return [...]string{"asking", "mapped", "shared", "taken", "closed"}[v]
}

// A State is what is known of the ports.
type State struct {
	Verdict  Verdict
	Protocol Protocol   // by which they are open
	External netip.Addr // the public address of the router; of Shared, the address that it has instead, if it is known
	Outside  []uint16   // the ports outside, in the order of Config.Wants; 0 for one that is not open
	Own      netip.Addr // the address of this machine in the network of the router; invalid if there is no router
}

// lease is for how long a port is asked for. If this process is killed, and no other one started, the port is closed
// after that time.
const lease = time.Hour

// shared is the address space between a provider and its customers (RFC 6598), and the one of DS-Lite (RFC 6333).
var shared = []netip.Prefix{netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24")}

// isPublic reports whether an address is one of the internet.
func isPublic(ip netip.Addr) bool {
	for _, p := range shared {
		if p.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// A mapping is a port that the router passes on, or is asked to.
type mapping struct {
	udp             bool
	inside, outside uint16
}

// An op is what a router is asked.
type op uint8

const (
	probe    op = iota // what it knows of itself
	poll               // the same, later: whether it still has the mappings
	openPort           // to pass a port on
	closePort
	bindPort // not of the router: to listen on another port of this machine
)

// An ask is a question to a router by one of the protocols. Each has one answer.
type ask struct {
	by       Protocol
	op       op
	want     int // of openPort, closePort and bindPort
	mapping  mapping
	mappings []mapping // of poll
}

// A failure is why there is no answer, or none that helps.
type failure uint8

const (
	ok       failure = iota
	noAnswer         // or none of this protocol
	refused
	conflict // the port outside belongs to another machine
	noPublic // there is no public address to map
	lost     // of poll: the router does not have a mapping any more
)

// An answer is that to an ask. Fields that a protocol does not have are zero.
type answer struct {
	failure  failure
	outside  uint16        // of openPort
	lease    time.Duration // of openPort; 0 if it is without end
	foreign  bool          // of openPort: the mapping was there before, made by somebody else, and stays
	external netip.Addr
	epoch    uint32 // seconds since the router has lost its mappings
	hasEpoch bool
}
