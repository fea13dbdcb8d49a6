package client

import "time"

// Status is what has to be known of a session to keep it connected.
type Status struct {
	Started bool          // a STATE has come
	Control bool          // the control channel is open
	Closing bool          // the server has ended, perhaps to start again
	Closed  bool          // the session has ended for good
	GivenUp bool          // the server has not answered for longer than the session's patience
	Silence time.Duration // since the last datagram from the server
	Deaf    time.Duration // for which the game channel has carried nothing in one direction
	Age     time.Duration
}

// Status returns how the session stands at now.
func (s *Session) Status(now time.Time) Status {
	return Status{
		Started: s.predictor.Started(),
		Control: s.table.control, Closing: s.table.closing, Closed: s.table.closed, GivenUp: s.givenUp(now),
		Silence: s.silence(now), Deaf: s.deaf(now), Age: now.Sub(s.born),
	}
}

// silence is for how long nothing has come over the game channel.
func (s *Session) silence(now time.Time) time.Duration {
	if heard := s.echo.Received(); !heard.IsZero() {
		return now.Sub(heard)
	}
	return now.Sub(s.born)
}

// givenUp reports whether the server has been looked for long enough. While this process stood still, it was not.
func (s *Session) givenUp(now time.Time) bool {
	return min(s.silence(now), now.Sub(s.woke)) > s.cfg.Patience
}

// waking reports whether this process has just stood still. It has heard nothing meanwhile, and that is not the network's
// doing.
func (s *Session) waking(now time.Time) bool {
	return now.Sub(s.lastUpdate) > stoodStill || now.Sub(s.woke) < wakesWithin
}

// deaf is for how long the game channel has carried nothing one way: nothing comes, or the server says that nothing of
// ours does.
func (s *Session) deaf(now time.Time) time.Duration {
	if s.waking(now) {
		return 0
	}
	if s.table.unheard.IsZero() {
		return s.silence(now)
	}
	return max(s.silence(now), now.Sub(s.table.unheard))
}

// Fail ends the session because the server cannot be dialled again.
func (s *Session) Fail(err error) { s.table.close(ending{reason: ReasonRedialFailed, err: err}) }

// NoteRedial has frames of a lost session tell the number of the attempt to dial the server again.
func (s *Session) NoteRedial(attempt int) { s.table.attempt = attempt }

// NoteNewSeat has frames tell that this is not the seat that the player held before.
func (s *Session) NoteNewSeat() { s.table.fresh = true }

// NoteRotation has frames tell that the server has changed its identity.
func (s *Session) NoteRotation(r Rotation) { s.rotation = &r }
