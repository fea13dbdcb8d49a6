package client

import (
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// The times of a session whose server is gone while another one can take over the match.
const (
	knockAfter         = 750 * time.Millisecond // without a datagram
	takeoverShownAfter = 300 * time.Millisecond // likewise, if it is known that the server is gone
	takeoverWithin     = 5 * time.Second        // no other server has taken over if none has by then
)

// takesOver reports whether the server is gone after a silence, and another one may be about to take over the match.
func (s *Session) takesOver(silence time.Duration) bool {
	return s.notes.cluster && s.simulation.predictor.Started() && silence < takeoverWithin &&
		(s.control.shutdown || !s.control.open || s.health.refused || silence > knockAfter)
}

// Rekey has a session go on over the connection of another one, of the same seat, that has received a STATE: with its
// keys, channels and lines, and with the prediction, the unacknowledged inputs and the picture that it has. So the
// player sees nothing of it. It returns false, and changes nothing, if there is nothing to go on with: no game runs, it
// is another match, or too much time has passed.
func (s *Session) Rekey(now time.Time, fresh *Session) bool {
	was, is := &s.simulation, &fresh.simulation.newest
	apart := int64(is.Tick) - int64(was.newest.Tick)
	present := int64(was.predictor.Head()) - int64(is.Tick)
	switch {
	case !was.running || s.control.watching || is.Phase == game.Waiting || is.Phase == game.Over:
		return false
	case s.control.match != fresh.control.match || s.control.me != fresh.control.me:
		return false
	case s.control.standing.Lineup != fresh.control.standing.Lineup ||
		s.control.standing.Game != fresh.control.standing.Game:
		return false
	case apart < -netcode.History/2 || apart > netcode.History/2 || present >= netcode.History:
		return false
	}
	wish, notes := s.control.wish, fresh.notes
	s.channel, s.control, s.health = fresh.channel, fresh.control, fresh.health
	s.channel.newest = 0 // the next INPUT is due
	s.control.wish, s.notes, s.token = wish, notes, fresh.token
	s.control.wish.again = time.Time{}
	s.receiveState(now, &s.channel.state)
	return true
}
