package client

import "time"

// The times of a session's health.
const (
	lostAfter        = 1500 * time.Millisecond // without a datagram, the screen shows it
	controlLostAfter = time.Second             // without a control channel, likewise
	blockedAfter     = 2 * time.Second         // without any datagram from the beginning, likewise
	goneAfter        = 60 * time.Second        // the server has freed the seat
	stoodStill       = time.Second             // between two Updates: the process was stopped, or the machine slept
	wakesWithin      = 500 * time.Millisecond  // the network has had time to deliver something
)

// health is what a session knows about whether it and the server reach each other.
type health struct {
	born       time.Time
	patience   time.Duration // with a silent server
	arrived    time.Time     // when the newest datagram arrived; zero before the first
	refused    bool          // the system says that the server's game port is closed
	lastUpdate time.Time
	woke       time.Time // when Update was called again after the process had stood still
}

func newHealth(now time.Time, patience time.Duration) health {
	if patience == 0 {
		patience = goneAfter
	}
	return health{born: now, patience: patience}
}

// update notes that Update is called, and returns the time since the last call.
func (h *health) update(now time.Time) time.Duration {
	dt := now.Sub(h.lastUpdate)
	if h.lastUpdate = now; dt > stoodStill {
		h.woke = now
	}
	return dt
}

// silence returns for how long nothing has arrived over the game channel.
func (h *health) silence(now time.Time) time.Duration {
	if h.arrived.IsZero() {
		return now.Sub(h.born)
	}
	return now.Sub(h.arrived)
}

// blocked returns why nothing has ever arrived over the game channel, although the control channel has brought a
// WELCOME: ReasonNone as long as it may only be late.
func (h *health) blocked(now time.Time) Reason {
	switch {
	case !h.arrived.IsZero():
		return ReasonNone
	case h.refused:
		return ReasonUDPRefused
	case h.silence(now) > blockedAfter:
		return ReasonUDPBlocked
	}
	return ReasonNone
}

// givenUp reports whether the server has been waited for long enough. The time while this process stood still does not
// count.
func (h *health) givenUp(now time.Time) bool {
	return min(h.silence(now), now.Sub(h.woke)) > h.patience
}

// awake reports whether this process runs, and has for long enough that the network could deliver something.
func (h *health) awake(now time.Time) bool {
	return now.Sub(h.lastUpdate) <= stoodStill && now.Sub(h.woke) >= wakesWithin
}

// stalled returns for how long the game channel has carried nothing in one direction: nothing arrives, or the server
// says that it has received nothing since the time unreceived, if that is not zero. It is zero while this process has
// just stood still, because then nothing could arrive.
func (h *health) stalled(now, unreceived time.Time) time.Duration {
	switch {
	case !h.awake(now):
		return 0
	case unreceived.IsZero():
		return h.silence(now)
	}
	return max(h.silence(now), now.Sub(unreceived))
}

// Status is what the owner of a session has to know to keep it connected.
type Status struct {
	Started       bool          // a STATE has arrived
	Control       bool          // the control channel is open
	Running       bool          // the game runs, as STATE has it
	ControlSilent bool          // it does not answer PINGs
	Unnamed       bool          // lines with the names of the players have not arrived
	Closing       bool          // the server has ended, perhaps to restart
	Refused       bool          // the system says that the server's game port is closed
	Closed        bool          // the session has ended for good
	Replaced      bool          // the server has changed over to another connection
	GivenUp       bool          // the server has been silent for longer than the session's patience
	Silence       time.Duration // since the last datagram
	Stalled       time.Duration // for which the game channel has carried nothing in one direction
	Age           time.Duration
}

// Status returns the status of the session at now.
func (s *Session) Status(now time.Time) Status {
	return Status{
		Started: s.simulation.predictor.Started(), Running: s.simulation.running,
		Control: s.control.open, ControlSilent: s.control.silent, Closing: s.control.shutdown, Closed: s.control.closed,
		Refused: s.health.refused, Replaced: s.control.replaced, Unnamed: s.control.unnamed(now),
		GivenUp: s.health.givenUp(now), Silence: s.health.silence(now),
		Stalled: s.health.stalled(now, s.control.unreceived), Age: now.Sub(s.health.born),
	}
}

// Fail ends the session because the server cannot be dialled again.
func (s *Session) Fail(err error) { s.control.close(ending{reason: ReasonRedialFailed, err: err}) }

// NoteRefused notes that the system says that the server's game port is closed.
func (s *Session) NoteRefused() { s.health.refused = true }

// EndAs ends the session as another one has ended, which was to take its place.
func (s *Session) EndAs(other *Session) { s.control.close(other.control.why) }

// NoteJoined notes whether the last attempt to dial the server again has joined. If it has, the server answers over
// TCP, and an ERROR that ends this session's seat may only mean that the server has changed over to the new connection.
func (s *Session) NoteJoined(joined bool) {
	s.notes.joined = joined
	s.control.superseded = s.control.superseded || joined
}

// NoteRedial has frames of a lost session contain the number of the attempt to dial the server again.
func (s *Session) NoteRedial(attempt int) { s.notes.attempt = attempt }

// NoteCluster notes that other servers can take over the match.
func (s *Session) NoteCluster() { s.notes.cluster = true }

// NoteNewSeat has frames mark that this is not the seat that the player held before.
func (s *Session) NoteNewSeat() { s.notes.newSeat = true }

// NoteRotation has frames contain how the server has changed its identity.
func (s *Session) NoteRotation(r Rotation) { s.notes.rotation = &r }
