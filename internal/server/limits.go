package server

import (
	"maps"
	"net"
	"net/netip"
	"pong/internal/shard"
	"slices"
	"sync"
	"time"
)

// The limits on the control channel: they keep strangers from keeping players out.
const (
	maxHandshakes   = 256             // connections without a JOIN, in all
	maxUnfinished   = 16              // the same, for each IPv4 address or IPv6 /64
	handshakeWithin = 5 * time.Second // absolute, however the bytes dribble in
	joinWithin      = 5 * time.Second // after the handshake
	controlSilence  = 60 * time.Second
	maxLinesAhead   = 64 // lines that wait to be written to a player who does not read
	linesPerSecond  = 50
	listEvery       = time.Second // for how long a list of matches is good
	writeWithin     = 5 * time.Second
)

// A door holds the connections that have not joined yet. When there are too many, the oldest makes room for the
// newcomer: a player joins in moments, while those who only hold a place lose it. To turn the newcomer away would let
// sixteen silent connections lock out everybody behind the same address, and a few addresses everybody.
type door struct {
	mu      sync.Mutex     // guards what follows
	guests  []*guest       // oldest first
	refused map[string]int // by reason, since the last status
	total   map[string]int // the same since the start
}

func newDoor() *door { return &door{refused: make(map[string]int), total: make(map[string]int)} }

// A guest is a connection that has not joined yet.
type guest struct {
	conn net.Conn
	home netip.Prefix
}

// enter admits a connection. leave must be called for it as soon as it has joined or failed.
func (d *door) enter(conn net.Conn) *guest {
	g := &guest{conn: conn, home: shard.ClientPrefix(remote(conn))}
	neighbour := func(other *guest) bool { return other.home == g.home }
	d.mu.Lock()
	defer d.mu.Unlock()
	near := 0
	for _, other := range d.guests {
		if neighbour(other) {
			near++
		}
	}
	switch {
	case near >= maxUnfinished:
		d.turnOut(slices.IndexFunc(d.guests, neighbour), "too_many_from_address")
	case len(d.guests) >= maxHandshakes:
		d.turnOut(0, "too_many_handshakes")
	}
	d.guests = append(d.guests, g)
	return g
}

// makeRoom turns out the oldest guest, so that the next connection has a descriptor. It reports false if there is none.
func (d *door) makeRoom() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.guests) == 0 {
		return false
	}
	d.turnOut(0, "too_few_descriptors")
	return true
}

// holds reports whether a guest is still on the door's list.
func (d *door) holds(g *guest) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Contains(d.guests, g)
}

// turnOut closes the connection of a guest. The caller holds mu.
func (d *door) turnOut(i int, reason string) {
	d.guests[i].conn.Close()
	d.guests = slices.Delete(d.guests, i, i+1)
	d.count(reason)
}

// leave takes a guest off the door's list. It reports false if that was done before.
func (d *door) leave(g *guest) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.guests, g)
	if i < 0 {
		return false
	}
	d.guests = slices.Delete(d.guests, i, i+1)
	return true
}

// refuse counts something that was turned away. Strangers do not get a log line each.
func (d *door) refuse(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count(reason)
}

// count is refuse for a caller who holds mu.
func (d *door) count(reason string) {
	d.refused[reason]++
	d.total[reason]++
}

// takeRefused returns the refusals since the last call.
func (d *door) takeRefused() map[string]int {
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
func (d *door) refusals() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.total)
}
