package shard

import (
	"time"

	"pong/internal/game"
	"pong/internal/wire"
)

// Drain begins the end of a shard, which takes no one in any more: a match in which a point is being played goes on to
// its end, for DrainWithin at most, and every other ends at once. Everybody is told.
//
//	serving --Drain--> draining --the point is over, or 30 s--> ended
//	                            --Stop--------------------------> ended
func (s *Shard) Drain(now time.Time) {
	if !s.drained.IsZero() {
		return
	}
	s.drained = now.Add(DrainWithin)
	for _, m := range s.matches {
		s.sendLineToAll(m, wire.Message{
			Type: wire.Closing, Seconds: int(DrainWithin / time.Second),
			Message: "The server is shutting down or starting again. The point in play is finished.",
		})
		s.drainMatch(m, now)
	}
}

// Drained reports whether the shard has nothing left to wait for.
func (s *Shard) Drained() bool {
	if s.drained.IsZero() {
		return false
	}
	for _, m := range s.matches {
		if !m.ended {
			return false
		}
	}
	return true
}

// drainMatch ends a match that has no point in play, if the shard is to end.
func (s *Shard) drainMatch(m *match, now time.Time) {
	if s.drained.IsZero() || m.ended || m.state.Phase == game.Playing && now.Before(s.drained) {
		return
	}
	m.ended = true
	s.sendLineToAll(m, closing)
}

// Stop tells everybody who has not been told that the server is going away.
func (s *Shard) Stop() {
	for id := range s.sessions {
		s.cfg.SendLine(id, closing)
	}
}

// closing is a server's last word.
var closing = wire.Message{
	Type: wire.Error, Code: wire.CodeClosing, Message: "The server is shutting down or starting again.",
}
