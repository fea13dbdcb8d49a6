package load

import (
	"net/netip"
	"runtime"
	"time"
)

// A conduit carries the datagrams of all players to the server and back. It is used by one goroutine, but for close.
type transport interface {
	// add opens the way of the next player, to a UDP port of the server. If from is valid it is the player's address: that
	// of the TLS connection, or the server would have to challenge it first.
	add(from netip.Addr, to netip.AddrPort) error
	// send takes a datagram of player i; it may be kept back until flush.
	send(i int, datagram []byte)
	flush()
	// receive hands over what has come and does not wait for more. The time is the kernel's where it says it.
	receive(deliver func(at time.Duration, datagram []byte))
	// wait sleeps until a time, exactly enough for turns of a millisecond.
	wait(until time.Duration)
	// failed returns how many datagrams the system has refused to send.
	failed() int
	close()
}

// source returns the loopback address of the player who was the i-th to begin to join, its own so that the server sees as
// many hosts as players; invalid where there are none to choose from.
func source(i int, server netip.Addr) netip.Addr {
	if !hasSources(server) {
		return netip.Addr{}
	}
	i++ // 127.1.0.0 looks like the name of a network
	return netip.AddrFrom4([4]byte{127, 1 + byte(i>>16), byte(i >> 8), byte(i)})
}

// batches reports whether one socket sends for all players: where package udp has batches and the choice of a source.
const batches = runtime.GOOS == "linux"

// hasSources reports whether players can have an address each on the way to a server: on Linux the whole of 127.0.0.0/8
// is this machine.
func hasSources(to netip.Addr) bool { return batches && to.Is4() && to.IsLoopback() }
