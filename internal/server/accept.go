package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"
)

// accept takes connections until ctx is done or the listener fails. The handshake is done by each connection's own
// goroutine and never here, or one that dribbles would keep everybody out.
func (s *server) accept(ctx context.Context, listener net.Listener) error {
	var warned time.Time
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
			// Out of descriptors, or a connection that died in the queue: the next one may do better.
			s.pending.refuse("accept")
			if now := time.Now(); now.Sub(warned) > statusEvery {
				warned = now
				s.log.Warn("a connection could not be accepted", "err", err, "do", acceptHint(err))
			}
			if outOfDescriptors(err) && s.pending.evictOldest() {
				continue
			}
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		g := s.pending.add(conn)
		s.group.Go(func() {
			defer context.AfterFunc(s.hardStop, func() { conn.Close() })()
			s.serveControl(ctx, conn, g)
		})
	}
}

// outOfDescriptors reports whether the process or the machine cannot open anything more.
func outOfDescriptors(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// acceptHint says what an operator can do when connections cannot be accepted.
func acceptHint(err error) string {
	if outOfDescriptors(err) {
		return "each player needs one file descriptor: raise the limit (ulimit -n 65536, or LimitNOFILE=65536 in the service's unit) and start the server again; until then the oldest connections that have not joined make room"
	}
	return "nothing: it is tried again"
}
