package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"pong/internal/crash"
	"pong/internal/tcp"
	"pong/internal/wire"
)

// accept accepts connections until ctx is done or the listener fails. Each connection has a goroutine of its own, which
// also does the handshake, so that a slow client delays nobody else.
func (s *server) accept(ctx context.Context, listener net.Listener) error {
	for {
		conn, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return fmt.Errorf("control socket: %w", err)
		case err != nil:
			// Out of file descriptors, or a connection that died in the queue. The next Accept may succeed.
			s.refusals.count("accept", netip.Addr{})
			s.warnAccept(err)
			if outOfDescriptors(err) {
				s.descriptors.ranOut(time.Now())
				if s.pending.evictOne() {
					continue
				}
			}
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		if s.cfg.Deny.Contains(addrPort(conn.RemoteAddr()).Addr()) {
			s.refusals.count(wire.CodeDenied, netip.Addr{}) // not for the address, which the operator knows
			s.denials.close(conn)
			continue
		}
		tcp.SetUserTimeout(conn, ackWithin) // elsewhere than on Linux controlSilence has to do
		c := s.pending.add(ctx, conn)
		s.group.Go(crash.Guarded(func() {
			defer context.AfterFunc(s.hardStop, func() { conn.Close() })()
			s.serveControl(c)
		}))
	}
}

// warnAccept logs why a connection was not accepted, once in statusEvery.
func (s *server) warnAccept(err error) {
	if s.acceptWarning.AllowN(time.Now(), 1) {
		s.log.Warn("a connection could not be accepted", "err", err, "do", acceptHint(err))
	}
}

// outOfDescriptors reports whether the process or the machine cannot open more files.
func outOfDescriptors(err error) bool {
	return errors.Is(err, errDescriptors) || noSockets(err)
}

// acceptHint returns what an operator can do about an error of Accept.
func acceptHint(err error) string {
	if outOfDescriptors(err) {
		return moreDescriptors + "; until then connections that have not joined are closed"
	}
	return "nothing: the server tries again"
}
