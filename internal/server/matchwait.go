package server

import (
	"crypto/tls"
	"time"

	"pong/internal/wire"
)

// The limits on watchers that wait for a match.
const (
	maxMatchWaits = 256 // connections at once; the others are closed, and the client has to connect again
	matchJoinGap  = 500 * time.Millisecond
)

// awaitMatch lets a watcher that wants to watch any match, or the one of a room, send JOIN again when there is none.
// The connection is not pending any more, because it can wait for hours, and the watcher is sent the ERROR. awaitMatch
// returns true when the next JOIN may be read, or false if the connection has to be closed, with the ERROR if the
// client can still be sent it.
func (s *server) awaitMatch(c *pendingConn, conn *tls.Conn, join wire.Message, refusal wire.Message) bool {
	if refusal.Code != wire.CodeMatch || join.Match != "" || !c.waits && !s.beginMatchWait(c) {
		return false
	}
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

// beginMatchWait takes a place for a watcher that waits. It returns false if there is none.
func (s *server) beginMatchWait(c *pendingConn) bool {
	if !s.descriptors.take(false) {
		return false
	}
	if !s.places.take(matchWait, c.prefix()) {
		s.descriptors.give()
		return false
	}
	c.waits = true
	return true
}

// endMatchWait frees the place of a watcher that waited.
func (s *server) endMatchWait(c *pendingConn) {
	if c.waits {
		s.places.Count(matchWait, c.prefix(), -1)
		s.descriptors.give()
	}
}
