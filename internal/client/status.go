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

// Fail ends the session for a reason that the server has not given, such as that it cannot be dialled again.
func (s *Session) Fail(why string) { s.table.close(why) }

// NoteRedial has frames of a lost session name the number of the attempt to dial the server again.
func (s *Session) NoteRedial(attempt int) { s.table.tries = attempt }

// NoteNewSeat has frames say that this is not the seat that the player held before.
func (s *Session) NoteNewSeat() { s.table.fresh = true }
