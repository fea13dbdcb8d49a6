package load

import (
	"net/netip"
	"runtime"
	"time"
)

// A transport carries the datagrams of all players to the server and back. It is used by one goroutine.
type transport interface {
	// add adds the next player, whose datagrams go to a UDP port of the server. If from is valid it is the player's
	// address; it must be that of the TLS connection, or the server has to challenge the player first.
	add(from netip.Addr, to netip.AddrPort) error
	// send sends a datagram of player i, at the latest when flush is called.
	send(i int, datagram []byte)
	flush()
	// receive delivers the datagrams that have arrived, and does not wait for more. The time is that of arrival at
	// the kernel, where it is known.
	receive(deliver func(at time.Duration, datagram []byte))
	// wait sleeps until a time, to a fraction of a millisecond.
	wait(until time.Duration)
	// failed returns how many datagrams the system has refused to send.
	failed() int
	close()
}

// source returns the loopback address of player i: each player has its own, so the server sees as many hosts as
// players. It is invalid if players cannot choose their address.
func source(i int, server netip.Addr) netip.Addr {
	if !hasSources(server) {
		return netip.Addr{}
	}
	i++ // 127.1.0.0 looks like a network's address
	return netip.AddrFrom4([4]byte{127, 1 + byte(i>>16), byte(i >> 8), byte(i)})
}

// batches reports whether one socket sends for all players: where package udp sends batches and chooses their
// sources.
const batches = runtime.GOOS == "linux"

// hasSources reports whether each player can have its own address on the way to a server. On Linux, all of
// 127.0.0.0/8 is this machine.
func hasSources(to netip.Addr) bool { return batches && to.Is4() && to.IsLoopback() }
