package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// Drain begins the end of a shard. It lets nobody in any more. A match in which a point is being played goes on until
// the point is over, for DrainWithin at most; every other match ends at once. All clients are told.
//
//	serving --Drain--> draining --the point is over, or 30 s--> ended
//	                            --Stop-----------------------> ended
func (s *Shard) Drain(now time.Time) {
	if !s.drainBy.IsZero() {
		return
	}
	s.drainBy = now.Add(DrainWithin)
	for _, m := range s.tables.matches {
		s.sendLineToAll(m, wire.Message{
			Type: wire.Closing, Seconds: int(DrainWithin / time.Second),
			Message: "The server is shutting down or restarting. The point in play is finished.",
		})
		s.drainMatch(m, now)
	}
}

// Drained reports whether every match has ended after Drain.
func (s *Shard) Drained() bool {
	if s.drainBy.IsZero() {
		return false
	}
	for _, m := range s.tables.matches {
		if !m.ended {
			return false
		}
	}
	return true
}

// drainMatch ends a match without a point in play, if the shard drains.
func (s *Shard) drainMatch(m *match, now time.Time) {
	if s.drainBy.IsZero() || m.ended || m.state.Phase == game.Playing && now.Before(s.drainBy) {
		return
	}
	m.ended, m.unsaved = true, true
	s.sendLineToAll(m, closing)
}

// Stop tells all clients that the server shuts down. A client that was told before is not connected any more.
func (s *Shard) Stop() {
	last := closing
	if s.cfg.Final {
		last = ended
	}
	for id := range s.tables.sessions {
		s.cfg.SendLine(id, last)
	}
	for _, m := range s.tables.matches {
		s.endRecording(m)
	}
}

// ended is the last line of a server after which none starts.
var ended = wire.Message{Type: wire.Error, Code: wire.CodeEnded, Message: "The host has ended the game."}

// closing is the last line of a server that shuts down.
var closing = wire.Message{
	Type: wire.Error, Code: wire.CodeClosing, Message: "The server is shutting down or restarting.",
}
