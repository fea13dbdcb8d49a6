package memnet

import (
	"net"
	"net/netip"
)

// A Listener accepts the streams of hosts that dial its address.
type Listener struct {
	monitor
	address netip.AddrPort
	queue   []net.Conn // not accepted yet
	closed  bool
}

// Accept returns the next stream as a *Conn.
func (l *Listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		switch {
		case l.closed:
			return nil, net.ErrClosed
		case len(l.queue) > 0:
			c := l.queue[0]
			l.queue = l.queue[1:]
			return c, nil
		}
		l.cond.Wait()
	}
}

// Close closes the listener and all streams that have not been accepted.
func (l *Listener) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for _, c := range l.queue {
		c.Close()
	}
	l.cond.Broadcast()
	return nil
}

// Addr returns the address as a *net.TCPAddr.
func (l *Listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.address) }

// connect opens a stream from an address to one of the listener's.
func (l *Listener) connect(from, to netip.AddrPort) (*Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, errRefused("tcp")
	}
	near, far := newConns(from, to)
	l.queue = append(l.queue, far)
	l.cond.Broadcast()
	return near, nil
}
