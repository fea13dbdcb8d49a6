package main

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"pong/internal/dial"
	"pong/internal/front"
	"pong/internal/trust"
	"pong/internal/wire"
)

// A reachCheck asks another server whether it reaches a hosted match.
type reachCheck struct {
	hosted *front.Hosted
	ports  dial.Ports
	tokens chan [wire.TokenLen]byte

	mu    sync.Mutex // guards what follows
	begun bool
	state front.Reach
	link  string // with the address that the other server sees. If empty, that of hosted.
}

func newReachCheck(hosted *front.Hosted, at dial.Ports) *reachCheck {
	return &reachCheck{
		hosted: hosted, ports: at, tokens: make(chan [wire.TokenLen]byte, 4), state: front.ReachChecking,
	}
}

// take takes a datagram of no session, which may be that of the check.
func (c *reachCheck) take(datagram []byte) {
	if token, ok := wire.ParseCheck(datagram); ok {
		select {
		case c.tokens <- token:
		default:
		}
	}
}

// hasBegun reports whether the other server was asked.
func (c *reachCheck) hasBegun() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begun
}

// reach returns where the link works, and the link.
func (c *reachCheck) reach() (front.Reach, string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state, c.link
}

// checkEvery is the time between two checks. A server answers one in ten seconds.
const checkEvery = 11 * time.Second

// run asks the server at an address whenever a value comes from when, until ctx is done. The server has to be known, or
// named by a link with a fingerprint: nobody is asked about it.
func (c *reachCheck) run(ctx context.Context, address string, when <-chan dial.Ports) {
	for {
		var at dial.Ports
		select {
		case <-ctx.Done():
			return
		case at = <-when:
		}
		c.begin(at)
		cfg := dial.Config{Address: address}
		keepFiles(&cfg)
		code, ip, err := dial.Check(ctx, cfg, at, c.tokens)
		c.finish(code, ip, err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(checkEvery):
		}
	}
}

// begin notes that a check is going on.
func (c *reachCheck) begin(at dial.Ports) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun, c.ports, c.state = true, at, front.ReachChecking
}

// finish takes the answer. If the match can be reached, its link begins with the address that the other server sees.
func (c *reachCheck) finish(code string, ip netip.Addr, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = front.ReachFailed
	switch {
	case err != nil:
	case code == wire.CheckedOpen:
		seen := net.JoinHostPort(ip.String(), strconv.Itoa(c.ports.Control))
		c.state, c.link = front.ReachOpen, withFirst(c.hosted.Link, seen)
	case code == wire.CheckedTCP:
		c.state = front.ReachNoTCP
	case code == wire.CheckedUDP:
		c.state = front.ReachNoUDP
	case code == wire.CheckedPrivate:
		c.state = front.ReachInside
	}
}

// withFirst returns a join link with another first address, before all that it has. If that is none, or one of them,
// the link stays as it is.
func withFirst(text, address string) string {
	link, err := trust.ParseJoinLink(text)
	first, err2 := trust.ParseAddress(address, trust.DefaultPort)
	if err != nil || err2 != nil {
		return text
	}
	all := link.Addresses()
	for _, a := range all {
		if a == first.Address {
			return text
		}
	}
	link.Address = first.Address
	return link.WithFurther(all).String()
}
