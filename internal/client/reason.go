package client

// A Reason is why a match is at its stage, for front ends to choose their words by. Its arguments stand beside it in
// the Frame.
type Reason uint8

// The reasons, by the stages that have them.
const (
	ReasonNone Reason = iota // there is no more to say than the stage does

	// Of StageWaiting.
	ReasonNoOpponent      // nobody has taken the other seat yet
	ReasonPlayerLeft      // Player has left; also of StageOver
	ReasonPlayerUnreached // Player has joined, but has no game channel yet

	// Of StageReady.
	ReasonConnecting // nothing has arrived over the game channel yet
	ReasonNotStarted // both players have been online for Seconds, and the server has yet to start the match

	// Of StagePaused.
	ReasonPlayerSilent // Player's game channel does not work; the seat is kept for Seconds; also of StageOver
	ReasonResuming     // both players are back

	// Of StageOver.
	ReasonRematchOffered // Player wants a rematch
	ReasonRematchAsked   // we do, and Player has yet to agree
	ReasonNoRematch      // the control channel is closed

	// Of StageLost. Attempt is the number of the attempt to redial, or 0.
	ReasonNoAnswer    // nothing has arrived over the game channel for Seconds
	ReasonControlLost // the same, and the control channel is closed
	ReasonUDPBlocked  // nothing has ever arrived over the game channel, for Seconds; also of StageClosed
	ReasonUDPRefused  // the same, and the system says that the server's game port is closed; also of StageClosed
	ReasonTakeover    // the server is gone, and another one of its cluster takes over the match
	ReasonShutdown    // the server said that it is shutting down or restarting

	// Of StageClosed.
	ReasonGivenUp      // nothing has arrived for Seconds, which is too long
	ReasonRefused      // the server ended the session, with Code and Message
	ReasonRedialFailed // the server cannot be dialled again, because of Err
	ReasonKeysUsedUp   // no more datagrams can be sealed with the keys of this session

	reasons
)

var reasonNames = [reasons]string{
	"", "no opponent", "player left", "player unreached", "connecting", "not started", "player silent", "resuming",
	"rematch offered", "rematch asked", "no rematch", "no answer", "control lost", "UDP blocked", "UDP refused",
	"takeover", "shutdown", "given up", "refused", "redial failed", "keys used up",
}

// String returns the reason in a word or two, for logs and tests. It is "unknown" beyond the last one.
func (r Reason) String() string {
	if r >= reasons {
		return "unknown"
	}
	return reasonNames[r]
}

// A Rotation is the news that a server has changed its identity in a way that the known identity vouches for.
type Rotation struct {
	Address string // of the server
	Err     error  // why the new identity could not be stored; nil if it was
}
