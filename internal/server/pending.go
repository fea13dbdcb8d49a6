package server

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"

	"pong/internal/shard"
)

// The limits on connections that have not joined. Strangers could use them up to keep players out.
const (
	maxPending          = 256 // in all
	maxPendingPerPrefix = 16  // of one client prefix
)

// pendingConns are connections that have not sent a valid JOIN. When there are too many, one is evicted for each new
// one (see add for which): a player joins in moments, so that the evicted connection is likely one that only holds a
// place. If the new connection were refused instead, sixteen silent connections would lock out everyone behind their
// address.
type pendingConns struct {
	refusals *refusals

	mu    sync.Mutex     // guards conns
	conns []*pendingConn // oldest first
}

// A pendingConn is a connection that has not joined yet.
type pendingConn struct {
	net.Conn
	prefix netip.Prefix
	ctx    context.Context // done when the connection is evicted or removed
	cancel context.CancelFunc
}

func newPendingConns(r *refusals) *pendingConns { return &pendingConns{refusals: r} }

// add registers a connection. The caller must call remove once it has joined or failed. If the client's prefix has too
// many pending connections the oldest of them is evicted; else if there are too many in all, the oldest of all.
func (p *pendingConns) add(ctx context.Context, conn net.Conn) *pendingConn {
	c := &pendingConn{Conn: conn, prefix: shard.ClientPrefix(addrPort(conn.RemoteAddr()).Addr())}
	c.ctx, c.cancel = context.WithCancel(ctx)
	samePrefix := func(other *pendingConn) bool { return other.prefix == c.prefix }
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, other := range p.conns {
		if samePrefix(other) {
			n++
		}
	}
	switch {
	case n >= maxPendingPerPrefix:
		p.evict(slices.IndexFunc(p.conns, samePrefix), "too_many_from_address")
	case len(p.conns) >= maxPending:
		p.evict(0, "too_many_handshakes")
	}
	p.conns = append(p.conns, c)
	return c
}

// evict closes a connection to admit another one. The caller holds mu.
func (p *pendingConns) evict(i int, reason string) {
	p.conns[i].cancel()
	p.conns[i].Close()
	p.conns = slices.Delete(p.conns, i, i+1)
	p.refusals.count(reason)
}

// evictOldest frees a file descriptor for the next connection. It returns false if there is no pending connection.
func (p *pendingConns) evictOldest() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.conns) == 0 {
		return false
	}
	p.evict(0, "too_few_descriptors")
	return true
}

// refuse counts why a connection is refused, unless it was evicted, which has been counted.
func (p *pendingConns) refuse(c *pendingConn, reason string) {
	p.mu.Lock()
	evicted := !slices.Contains(p.conns, c)
	p.mu.Unlock()
	if !evicted {
		p.refusals.count(reason)
	}
}

// remove removes a connection that has joined, failed, or was evicted or removed before.
func (p *pendingConns) remove(c *pendingConn) {
	c.cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.conns, c); i >= 0 {
		p.conns = slices.Delete(p.conns, i, i+1)
	}
}

// addrPort returns the IP address and port of an end of a connection, invalid for a transport without them.
func addrPort(end net.Addr) netip.AddrPort {
	ap, _ := netip.ParseAddrPort(end.String())
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
