package server

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"pong/internal/deny"
	"pong/internal/shard"
	"pong/internal/wire"
)

// maxPending is how many connections may be pending. All pupils of a school, behind one address, may join at the same
// moment, so there is no lower limit for an address.
const maxPending = 256

// pendingConns are connections that have not sent a valid JOIN. When there are too many, one is evicted for each new
// one: see before for which. If the new connection were refused instead, silent connections would lock everyone out.
type pendingConns struct {
	refusals *refusals

	mu     sync.Mutex     // guards what follows
	conns  []*pendingConn // oldest first
	crowds [len(crowdBits)]map[netip.Prefix]*crowd
	faded  time.Time // when the unfinished ones were halved
}

// A crowd counts the pending connections of one address prefix, and those that have lately ended before their handshake
// was over. The latter show an attacker with many addresses, each of which has only a connection or two at a time.
type crowd struct {
	prefix     netip.Prefix
	n          int
	unfinished int // halved every fadeEvery
}

// The limits of unfinished connections.
const (
	fadeEvery = 10 * time.Second

	// unfinishedPerConn count as one that is pending. A player who was evicted once is thus no crowd.
	unfinishedPerConn = 2

	// mostCrowds bounds how many prefixes are remembered for their unfinished connections. If there are more, all are
	// halved: those that cause much stay.
	mostCrowds = 1 << 14
)

// size is what crowds are compared by.
func (c *crowd) size() int { return c.n + c.unfinished/unfinishedPerConn }

// A crowding has the sizes of a connection's crowds, that of the widest prefix first.
type crowding [len(crowdBits)]int

// compare compares how crowded the prefixes of two connections are: it is negative if those of c are less so.
func (c crowding) compare(with crowding) int { return slices.Compare(c[:], with[:]) }

// crowding returns how crowded the prefixes of the connection are at this moment.
func (c *pendingConn) crowding() crowding {
	c.list.mu.Lock()
	defer c.list.mu.Unlock()
	return c.crowdingLocked()
}

// crowdingLocked is crowding for callers that hold mu.
func (c *pendingConn) crowdingLocked() (all crowding) {
	for i, crowd := range c.crowds {
		all[i] = crowd.size()
	}
	return all
}

// A pendingConn is a connection that has not joined yet.
type pendingConn struct {
	net.Conn
	list    *pendingConns
	crowds  [len(crowdBits)]*crowd // of its prefixes, the widest first; those of an IPv4 address count the same
	added   time.Time
	spoke   atomic.Bool     // the client has sent a byte
	secured atomic.Bool     // the handshake is over, so that the client can be sent an ERROR
	waits   bool            // for a match to watch; only for the goroutine of the connection
	ctx     context.Context // done when the connection is evicted or removed
	cancel  context.CancelCauseFunc
}

// crowdBits are the lengths of the IPv6 prefixes by which connections are counted. Providers assign each of them to one
// customer (RFC 6177), so one attacker may have many prefixes of 64 bits, but few of 48.
var crowdBits = [...]int{48, 56, 64}

// countedPrefixes returns the prefixes by which an address is counted, the widest first: an IPv4 address has one, and
// one of IPv6 has those of crowdBits.
func countedPrefixes(a netip.Addr) []netip.Prefix {
	client := shard.ClientPrefix(a)
	if !client.Addr().Is6() {
		return []netip.Prefix{client}
	}
	all := make([]netip.Prefix, len(crowdBits))
	for i, bits := range crowdBits {
		all[i], _ = client.Addr().Prefix(bits)
	}
	return all
}

// prefix returns the address prefix of the client.
func (c *pendingConn) prefix() netip.Prefix {
	return shard.ClientPrefix(c.addr())
}

// addr returns the address of the client.
func (c *pendingConn) addr() netip.Addr { return addrPort(c.RemoteAddr()).Addr() }

// errEvicted is the cause with which the context of an evicted connection ends.
var errEvicted = errors.New("too many clients are joining at this moment: try again in a few seconds")

func newPendingConns(r *refusals) *pendingConns {
	p := &pendingConns{refusals: r}
	for i := range p.crowds {
		p.crowds[i] = make(map[netip.Prefix]*crowd)
	}
	return p
}

// add registers a connection. The caller must call remove once it has joined or failed. If too many are pending, one of
// the others is evicted.
func (p *pendingConns) add(ctx context.Context, conn net.Conn) *pendingConn {
	c := &pendingConn{Conn: conn, list: p, added: time.Now()}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fade(c.added)
	c.crowds = p.join(addrPort(conn.RemoteAddr()).Addr())
	if len(p.conns) >= maxPending {
		c := p.evict("too_many_pending")
		if c.secured.Load() {
			_ = c.SetReadDeadline(time.Now()) // its goroutine sends the client an ERROR and closes it
		} else {
			c.Close()
		}
	}
	p.conns = append(p.conns, c)
	return c
}

// join counts a connection from an address in its crowds, and returns these.
func (p *pendingConns) join(a netip.Addr) (all [len(crowdBits)]*crowd) {
	prefixes := countedPrefixes(a)
	for i := range all {
		prefix := prefixes[min(i, len(prefixes)-1)]
		c := p.crowds[i][prefix]
		if c == nil {
			c = &crowd{prefix: prefix}
			p.crowds[i][prefix] = c
		}
		c.n++
		all[i] = c
	}
	return all
}

// before reports whether c is evicted sooner than a younger connection: it is one of a more crowded prefix, beginning
// with the widest; else it is silent, and the other one is not; else it is the older one. A player who joins in
// moments is thus evicted only when nearly all pending connections are from the same customer of a provider. The caller
// holds mu.
func (c *pendingConn) before(younger *pendingConn, now time.Time) bool {
	if order := c.crowdingLocked().compare(younger.crowdingLocked()); order != 0 {
		return order > 0
	}
	return c.silent(now) || !younger.silent(now)
}

// silentAfter is how long a connection may take to send its first byte before it counts as silent. A client sends it
// with its connection, but on a busy machine it is not read at once.
const silentAfter = 100 * time.Millisecond

// silent reports whether the client has not sent a byte.
func (c *pendingConn) silent(now time.Time) bool {
	return !c.spoke.Load() && now.Sub(c.added) >= silentAfter
}

// evict removes a connection to admit another one, and ends what waits for it: the handshake, or the place for it. The
// caller holds mu, and ends the connection.
func (p *pendingConns) evict(reason string) *pendingConn {
	first, now := 0, time.Now()
	for i := range p.conns {
		if !p.conns[first].before(p.conns[i], now) {
			first = i
		}
	}
	c := p.conns[first]
	if !c.secured.Load() {
		c.markUnfinished()
	}
	p.drop(first)
	p.refusals.count(reason, c.addr())
	c.cancel(errEvicted)
	return c
}

// drop removes a connection from the list and from the counts. The caller holds mu.
func (p *pendingConns) drop(i int) {
	for level, crowd := range p.conns[i].crowds {
		if crowd.n--; crowd.n+crowd.unfinished == 0 {
			delete(p.crowds[level], crowd.prefix)
		}
	}
	p.conns = slices.Delete(p.conns, i, i+1)
}

// markUnfinished counts the connection as one that has ended before its handshake was over. The caller holds mu.
func (c *pendingConn) markUnfinished() {
	for _, crowd := range c.crowds {
		crowd.unfinished++
	}
}

// fade halves the counts of unfinished connections when it is time, or when there are too many. The caller holds mu.
func (p *pendingConns) fade(now time.Time) {
	if now.Sub(p.faded) < fadeEvery && len(p.crowds[len(crowdBits)-1]) < mostCrowds {
		return
	}
	p.faded = now
	for level := range p.crowds {
		for prefix, crowd := range p.crowds[level] {
			if crowd.unfinished /= 2; crowd.n+crowd.unfinished == 0 {
				delete(p.crowds[level], prefix)
			}
		}
	}
}

// evictOne frees a file descriptor for the next connection. It returns false if there is no pending connection.
func (p *pendingConns) evictOne() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.conns) == 0 {
		return false
	}
	p.evict("too_few_descriptors").Close()
	return true
}

// removeDenied closes the connections from addresses that are not admitted.
func (p *pendingConns) removeDenied(list *deny.List) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := len(p.conns) - 1; i >= 0; i-- {
		if c := p.conns[i]; list.Contains(c.addr()) {
			p.drop(i)
			p.refusals.count(wire.CodeDenied, netip.Addr{})
			c.cancel(errEvicted)
			c.Close()
		}
	}
}

// refuse counts why a connection is refused, unless it was evicted, which has been counted.
func (p *pendingConns) refuse(c *pendingConn, reason string) {
	if c.evicted() {
		return
	}
	p.refusals.count(reason, c.addr())
	if c.secured.Load() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.markUnfinished()
}

// evicted reports whether the connection has been evicted.
func (c *pendingConn) evicted() bool { return errors.Is(context.Cause(c.ctx), errEvicted) }

// promote removes a connection that is used on as it is: its context does not end.
func (p *pendingConns) promote(c *pendingConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.conns, c); i >= 0 {
		p.drop(i)
	}
}

// remove removes a connection that has joined, failed, or was evicted or removed before.
func (p *pendingConns) remove(c *pendingConn) {
	c.cancel(nil)
	p.mu.Lock()
	defer p.mu.Unlock()
	if i := slices.Index(p.conns, c); i >= 0 {
		p.drop(i)
	}
}

// addrPort returns the IP address and port of an end of a connection, invalid for a transport without them.
func addrPort(end net.Addr) netip.AddrPort {
	ap, _ := netip.ParseAddrPort(end.String())
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}
