package memnet

import (
	"context"
	"net/netip"

	"pong/netcode/netsim"
)

// A link is what the network does to one host, on its open connections and on those that it opens later.
type link struct {
	own      bool // up and down are not those of the network
	up, down netsim.Profile
	released chan struct{} // closed when streams flow again; nil while they flow
}

// link returns the link of a host. The caller holds mu.
func (n *Network) link(host netip.Addr) *link {
	if n.hosts[host] == nil {
		n.hosts[host] = new(link)
	}
	return n.hosts[host]
}

// SetHost sets what happens to the datagrams of a host.
func (n *Network) SetHost(ip string, up, down netsim.Profile) {
	host := netip.MustParseAddr(ip)
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.link(host)
	l.own, l.up, l.down = true, up, down
	for _, p := range n.paths {
		if p.Client == host && !p.abandoned {
			p.Up.Set(up)
			p.Down.Set(down)
		}
	}
}

// HoldStreams lets nothing pass on the streams of a host, as long as hold is true. Afterwards everything arrives that
// was sent, and the streams that the host has dialled are connected: TCP sends again what is lost.
func (n *Network) HoldStreams(ip string, hold bool) {
	host := netip.MustParseAddr(ip)
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.link(host)
	if hold == (l.released != nil) {
		return
	}
	if hold {
		l.released = make(chan struct{})
	} else {
		close(l.released)
		l.released = nil
	}
	for _, c := range n.streams {
		if c.host() == host {
			c.hold(hold)
		}
	}
}

// Abandon loses everything on the open connections of a host for good, as a change of its address does.
func (n *Network) Abandon(ip string) {
	host := netip.MustParseAddr(ip)
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, p := range n.paths {
		if p.Client == host {
			p.abandoned = true
			p.Set(netsim.Profile{Loss: 1})
		}
	}
	for _, c := range n.streams {
		if c.host() == host {
			c.Stall()
		}
	}
}

// Reset ends the streams of a host. Nothing that either end sends afterwards reaches the other.
func (n *Network) Reset(ip string) {
	host := netip.MustParseAddr(ip)
	for _, c := range n.Streams() {
		if c.host() == host {
			c.reset()
		}
	}
}

// awaitStreams waits until a host's streams flow.
func (n *Network) awaitStreams(ctx context.Context, host netip.Addr) error {
	n.mu.Lock()
	released := n.link(host).released
	n.mu.Unlock()
	if released == nil {
		return nil
	}
	select {
	case <-released:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
