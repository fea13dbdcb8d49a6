package server

import (
	"crypto/tls"
	"time"

	"pong/internal/wire"
)

// The limits on watchers that wait for a match.
const (
	maxMatchWaits = 64 // connections at once; the others are closed, and the client has to connect again
	matchJoinGap  = 500 * time.Millisecond
)

// awaitMatch lets a watcher that wants to watch any match, or the one of a room, send JOIN again when there is none.
// The connection is not pending any more, because it can wait for hours, and the watcher is sent the ERROR. awaitMatch
// returns true when the next JOIN may be read, or false if the connection has to be closed, with the ERROR if the
// client can still be sent it.
func (s *server) awaitMatch(c *pendingConn, conn *tls.Conn, join wire.Message, refusal wire.Message) bool {
	if refusal.Code != wire.CodeMatch || join.Match != "" || !c.waits && !s.matchWaits.TryAcquire(1) {
		return false
	}
	c.waits = true
	if s.pending.remove(c); c.evicted() {
		return false
	}
	_ = c.SetDeadline(time.Time{})
	if !s.writeLine(conn, refusal) {
		return false
	}
	gap := time.NewTimer(matchJoinGap)
	defer gap.Stop()
	select {
	case <-gap.C:
	case <-s.hardStop.Done():
		return false
	}
	_ = c.SetReadDeadline(time.Now().Add(joinWithin))
	return true
}

// endMatchWait frees the place of a watcher that waited.
func (s *server) endMatchWait(c *pendingConn) {
	if c.waits {
		s.matchWaits.Release(1)
	}
}
