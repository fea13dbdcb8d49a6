package server

import (
	"net/netip"
	"sync"
	"time"
)

// The limits on the control channel: they keep strangers from keeping players out.
const (
	maxHandshakes   = 256             // TLS handshakes at once
	maxUnfinished   = 16              // connections without a JOIN, for each IPv4 address or IPv6 /64
	handshakeWithin = 5 * time.Second // absolute, however the bytes dribble in
	joinWithin      = 5 * time.Second // after the handshake
	controlSilence  = 60 * time.Second
	maxLinesAhead   = 64 // lines that wait to be written to a player who does not read
	linesPerSecond  = 50
	writeWithin     = 5 * time.Second
)

// A door counts the connections that have not joined yet.
type door struct {
	slots chan struct{} // one for each handshake at once

	mu         *sync.Mutex // guards what follows
	unfinished map[netip.Prefix]int
	refused    map[string]int // by reason, since the last status
}

func newDoor() door {
	return door{
		slots:      make(chan struct{}, maxHandshakes),
		mu:         new(sync.Mutex),
		unfinished: make(map[netip.Prefix]int),
		refused:    make(map[string]int),
	}
}

// enter admits a connection from an address, unless too many from there, or at all, are unfinished. leave must be
// called for an admitted one as soon as it has joined or failed.
func (d door) enter(from netip.Addr) (leave func(), reason string) {
	key := neighbourhood(from)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.unfinished[key] >= maxUnfinished {
		return nil, "too_many_from_address"
	}
	select {
	case d.slots <- struct{}{}:
	default:
		return nil, "too_many_handshakes"
	}
	d.unfinished[key]++
	var once sync.Once
	return func() {
		once.Do(func() {
			<-d.slots
			d.mu.Lock()
			defer d.mu.Unlock()
			if d.unfinished[key]--; d.unfinished[key] == 0 {
				delete(d.unfinished, key)
			}
		})
	}, ""
}

// refuse counts a connection that was turned away. Strangers do not get a log line each.
func (d door) refuse(reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refused[reason]++
}

// takeRefused returns the refusals since the last call.
func (d door) takeRefused() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	taken := make(map[string]int, len(d.refused))
	for reason, n := range d.refused {
		taken[reason] = n
	}
	clear(d.refused)
	return taken
}

// neighbourhood is whom one limit is for: an IPv4 address, or the /64 that one IPv6 customer has.
func neighbourhood(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, _ := a.Prefix(bits)
	return p
}
