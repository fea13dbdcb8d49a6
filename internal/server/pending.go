package server

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"pong/internal/shard"
)

// The limits on the control channel: they keep strangers from keeping players out.
const (
	maxPending          = 256             // connections without a JOIN, in all
	maxPendingPerPrefix = 16              // the same, for each IPv4 address or IPv6 /64
	handshakeWithin     = 5 * time.Second // absolute, however the bytes dribble in
	joinWithin          = 5 * time.Second // after the handshake
	controlSilence      = 60 * time.Second
	maxLinesAhead       = 64 // lines that wait to be written to a player who does not read
	linesPerSecond      = 50
	listEvery           = time.Second // for how long a list of matches is good
	writeWithin         = 5 * time.Second
)

// A pending holds the connections that have not joined yet. When there are too many, the oldest makes room for the
// newcomer: a player joins in moments, while those who only hold a place lose it. To turn the newcomer away would let
// sixteen silent connections lock out everybody behind the same address, and a few addresses everybody.
type pendingConns struct {
	mu      sync.Mutex     // guards what follows
	conns   []*pendingConn // oldest first
	refused map[string]int // by reason, since the last status
	total   map[string]int // the same since the start
}

func newPendingConns() *pendingConns {
	return &pendingConns{refused: make(map[string]int), total: make(map[string]int)}
}

// A pendingConn is a connection that has not joined yet.
type pendingConn struct {
	conn   net.Conn
	prefix netip.Prefix
}

// enter admits a connection. leave must be called for it as soon as it has joined or failed.
func (d *pendingConns) add(conn net.Conn) *pendingConn {
	g := &pendingConn{conn: conn, prefix: shard.ClientPrefix(remote(conn))}
	neighbour := func(other *pendingConn) bool { return other.prefix == g.prefix }
	d.mu.Lock()
	defer d.mu.Unlock()
	near := 0
	for _, other := range d.conns {
		if neighbour(other) {
			near++
		}
	}
	switch {
	case near >= maxPendingPerPrefix:
		d.evict(slices.IndexFunc(d.conns, neighbour), "too_many_from_address")
	case len(d.conns) >= maxPending:
		d.evict(0, "too_many_handshakes")
	}
	d.conns = append(d.conns, g)
	return g
}

// evictOldest turns out the oldest guest, so that the next connection has a descriptor. It reports false if there is none.
func (d *pendingConns) evictOldest() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.conns) == 0 {
		return false
	}
	d.evict(0, "too_few_descriptors")
	return true
}

// holds reports whether a guest is still on the door's list.
func (d *pendingConns) contains(g *pendingConn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.conns, g)
}

// evict closes the connection of a guest. The caller holds mu.
func (d *pendingConns) evict(i int, reason string) {
	d.conns[i].conn.Close()
	d.conns = slices.Delete(d.conns, i, i+1)
	d.countRefused(reason)
}

// leave takes a guest off the door's list. It reports false if that was done before.
func (d *pendingConns) remove(g *pendingConn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.conns, g)
	if i < 0 {
		return false
	}
	d.conns = slices.Delete(d.conns, i, i+1)
	return true
}

// refuse counts something that was turned away. Strangers do not get a log line each.
func (d *pendingConns) refuse(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.countRefused(reason)
}

// count is refuse for a caller who holds mu.
func (d *pendingConns) countRefused(reason string) {
	d.refused[reason]++
	d.total[reason]++
}

// takeRefused returns the refusals since the last call.
func (d *pendingConns) takeRefused() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := d.refused
	d.refused = make(map[string]int)
	return taken
}

// remote returns the address of a connection's other end, invalid if it has none.
func remote(conn net.Conn) netip.Addr { return addrOf(conn.RemoteAddr()) }

func addrOf(end net.Addr) netip.Addr {
	ap, _ := netip.ParseAddrPort(end.String())
	return ap.Addr()
}

// refusals returns what has been refused since the start.
func (d *pendingConns) refusals() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.total)
}
