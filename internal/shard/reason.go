package shard

import (
	"fmt"
	"time"

	"pong/internal/wire"
)

// A Reason is why a player or a watcher was removed.
type Reason uint8

// The reasons.
const (
	NoReason             Reason = iota
	Left                        // LEAVE
	ConnectionClosed            // the control connection has ended
	BadLine                     // a control line that breaks the rules
	ControlSilent               // no control line for too long
	NotRegistered               // no REGISTER in RegisterWithin
	TooManyUnregistered         // evicted in favor of a newer player of the same address prefix
	KeysExpired                 // the session is older than KeyLife
	NoResponse                  // no datagram or no echo for FreedAfter
	PauseBudgetExhausted        // pauses of PauseBudget in all, each counted as LeastPause at least
	Idle                        // no input from either player for IdleAfter
	Replaced                    // the player has joined again over another connection
	SentAway                    // the opener of the room does not know the player
	MatchEnded                  // the players have left; only of watchers
	Kicked                      // by the operator
	Denied                      // the operator does not admit the client's address any more

	numReasons
)

// reasonTexts says each reason for the operator, for the client that is removed and for the other player.
var reasonTexts = [numReasons]struct{ operator, removed, opponent string }{
	Left:             {"left", "", "The other player left."},
	ConnectionClosed: {"connection closed", "", "The other player's connection was closed."},
	BadLine: {
		"control protocol violation", "this program broke the rules of the control channel.",
		"The other player's program broke the rules of the control channel.",
	},
	ControlSilent: {
		"no control line in time", "nothing arrived on the control channel for too long.",
		"Nothing arrived on the other player's control channel for too long.",
	},
	NotRegistered: {
		"no REGISTER within " + seconds(RegisterWithin),
		"no game traffic (UDP) arrived within " + seconds(RegisterWithin) + ".",
		"No game traffic (UDP) arrived from the other player.",
	},
	TooManyUnregistered: {
		"too many unregistered players of its address prefix",
		"no game traffic (UDP) arrived, and others from this address joined.",
		"No game traffic (UDP) arrived from the other player.",
	},
	KeysExpired: {
		"connection older than 12 h", "a connection can be used for 12 hours. Join again.",
		"The other player's connection was older than 12 hours.",
	},
	NoResponse: {
		"no response for " + seconds(FreedAfter),
		"UDP between you and the server did not work in both directions for " + seconds(FreedAfter) + ".",
		"UDP between the other player and the server did not work in both directions for " + seconds(FreedAfter) + ".",
	},
	PauseBudgetExhausted: {
		"pauses used up (" + seconds(PauseBudget) + " a game, " + seconds(LeastPause) + " each at least)",
		"your connection used up the pauses of this game: " + seconds(PauseBudget) + " in all, and each counts as " +
			seconds(LeastPause) + " at least.",
		"The other player's connection used up its pauses: " + seconds(PauseBudget) + " a game, and each counts as " +
			seconds(LeastPause) + " at least.",
	},
	Idle: {"no input for 30 min", "nobody pressed a key for half an hour.",
		"Nobody pressed a key for half an hour."},
	Replaced: {"joined again over another connection", "you joined again over another connection.", ""},
	SentAway: {
		"sent away by the player who opened the room",
		"the player who opened this room does not know you. You cannot come back to it for " +
			seconds(SentAwayFor) + ".",
		"The other player was sent away.",
	},
	MatchEnded: {operator: "match ended"},
	Kicked: {
		"kicked by the operator", "the operator of this server has removed you. You can join again.",
		"The operator of the server has removed the other player.",
	},
	Denied: {
		"address denied", "the operator of this server does not admit your address.",
		"The operator of the server has removed the other player.",
	},
}

func seconds(d time.Duration) string { return fmt.Sprintf("%d s", d/time.Second) }

// String returns the reason in the words of the operator's log.
func (r Reason) String() string { return reasonTexts[r].operator }

// code returns the code of the ERROR for the client that is removed.
func (r Reason) code() string {
	switch r {
	case Kicked:
		return wire.CodeKicked
	case Denied:
		return wire.CodeDenied
	}
	return wire.CodeSeat
}

// message returns the sentence for the client that is removed.
func (r Reason) message(watcher bool) string {
	switch {
	case r == Left:
		return "You have left the match."
	case r == MatchEnded:
		return "The match has ended."
	case watcher:
		return "You are no longer watching: " + reasonTexts[r].removed
	}
	return "You were removed from the match: " + reasonTexts[r].removed
}
