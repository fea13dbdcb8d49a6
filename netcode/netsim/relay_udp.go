package netsim

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"
)

// A relayClient is a client and its two links. Three goroutines serve it besides serveGame:
//
//	client ==> Relay.games[i] -- serveGame --> up   -- pump --> upstream ==> server
//	client <== Relay.games[i] <-- pump -- down <-- listen --  upstream <== server
type relayClient struct {
	relayKey
	upstream   *net.UDPConn // connected to the server
	up, down   *timedLink
	gone       chan struct{} // closed when the client is dropped
	lastPacket time.Time     // when either side last sent; guarded by Relay.mu
}

// A relayKey identifies a client: which of the game ports it uses, and its address.
type relayKey struct {
	port    int // an index of Relay.games
	address netip.AddrPort
}

// failuresInARow is the number of failures after which a listening socket counts as broken.
const failuresInARow = 1000

// serveGame takes packets that clients send to a game port, until its socket is closed.
func (r *Relay) serveGame(port int) error {
	buffer := make([]byte, largestPacket+1)
	for failures := 0; ; {
		n, from, err := r.games[port].ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			r.countError()
			if failures++; failures == failuresInARow {
				return fmt.Errorf("receive game traffic: %w", err)
			}
			continue
		}
		failures = 0
		if c := r.client(relayKey{port, from}); c != nil {
			c.up.send(buffer[:n])
		}
	}
}

// client finds or makes a client. It returns nil if there are too many.
func (r *Relay) client(key relayKey) *relayClient {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.clients[key]; c != nil {
		c.lastPacket = time.Now()
		return c
	}
	if r.closed {
		return nil
	}
	if len(r.clients) >= r.config.Clients {
		r.stats.Refused++
		return nil
	}
	server := netip.AddrPortFrom(r.server.Addr(), r.server.Port()+uint16(key.port))
	upstream, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(server))
	if err != nil {
		r.stats.Errors++
		return nil
	}
	enlarge(upstream)
	c := &relayClient{
		relayKey:   key,
		upstream:   upstream,
		up:         newTimedLink(r.up, subSeed(r.config.Seed, 2*r.seen)),
		down:       newTimedLink(r.down, subSeed(r.config.Seed, 2*r.seen+1)),
		gone:       make(chan struct{}),
		lastPacket: time.Now(),
	}
	r.seen++
	r.clients[key] = c
	r.running.Go(func() { r.pump(c.up, func(b []byte) error { _, err := upstream.Write(b); return err }) })
	r.running.Go(func() {
		r.pump(c.down, func(b []byte) error {
			_, err := r.games[key.port].WriteToUDPAddrPort(b, key.address)
			return err
		})
	})
	r.running.Go(func() { r.listenUpstream(c) })
	return c
}

// pump writes packets as they arrive from a link, until the link is closed.
func (r *Relay) pump(from *timedLink, write func([]byte) error) {
	buffer := make([]byte, largestPacket+1)
	for {
		n, err := from.receive(buffer)
		if err != nil {
			return
		}
		for tries := 2; tries > 0; tries-- { // an error may be about an earlier packet; then this one was not sent
			if err = write(buffer[:n]); err == nil || errors.Is(err, net.ErrClosed) {
				break
			}
			r.countError()
		}
	}
}

// listenUpstream receives the server's packets for a client, and drops the client once both are silent.
func (r *Relay) listenUpstream(c *relayClient) {
	buffer := make([]byte, largestPacket+1)
	for left := r.config.Idle; left > 0; left = r.untilIdle(c) {
		_ = c.upstream.SetReadDeadline(time.Now().Add(left)) // fails only if closed, which Read then reports
		n, err := c.upstream.Read(buffer)
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
		case err != nil:
			r.countError() // mostly because no server listens, once for each packet sent to it
		default:
			r.touch(c)
			c.down.send(buffer[:n])
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(c)
}

func (r *Relay) untilIdle(c *relayClient) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Until(c.lastPacket.Add(r.config.Idle))
}

func (r *Relay) touch(c *relayClient) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.lastPacket = time.Now()
}

// forget drops a client and keeps its counts. The caller holds Relay.mu.
func (r *Relay) forget(c *relayClient) {
	if r.clients[c.relayKey] != c {
		return
	}
	delete(r.clients, c.relayKey)
	_ = c.upstream.Close()
	_, _ = c.up.close(), c.down.close()
	up, down := c.up.stats(), c.down.stats()
	up.InFlight, down.InFlight = 0, 0 // these will never arrive
	r.stats.Up, r.stats.Down = r.stats.Up.Add(up), r.stats.Down.Add(down)
	close(c.gone)
}
