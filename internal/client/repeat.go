package client

import (
	"time"

	"pong/internal/game"
	"pong/netcode"
)

// A client with the setting Repeat sends an INPUT once more shortly afterwards if it has a new key and the network up
// loses datagrams. The next INPUT has the key as well, but a tick later, which is often too late to replace a lost one.
const (
	repeatAfter = 8 * time.Millisecond // half a tick: a burst of losses is over more often than at once
	repeatFor   = 6                    // ticks after a change of key
	repeatLoss  = 0.003                // the least share of datagrams lost on the way up
)

// repeats is what is to be sent once more, and when.
type repeats struct {
	key     game.Input   // in the newest INPUT
	changed netcode.Tick // the newest tick of the first INPUT with it; 0 if there is none
	due     time.Time    // zero if nothing is due
}

// note takes the newest tick of an INPUT that is sent now, its key there, and the share of datagrams lost on the way
// up.
func (r *repeats) note(now time.Time, tick netcode.Tick, key game.Input, lossUp float64) {
	if key != r.key {
		r.key, r.changed = key, tick
	}
	r.due = time.Time{}
	if r.changed > 0 && tick-r.changed < repeatFor && lossUp >= repeatLoss {
		r.due = now.Add(repeatAfter)
	}
}

// RepeatDue returns when the newest INPUT is to be sent once more; the zero time if it is not.
func (s *Session) RepeatDue() time.Time { return s.repeats.due }

// Repeat sends the newest INPUT once more, if that is due.
func (s *Session) Repeat(now time.Time) {
	if due := s.repeats.due; due.IsZero() || now.Before(due) {
		return
	}
	s.repeats.due = time.Time{}
	s.channel.repeatInputs(now, &s.simulation.log)
	s.checkKeys()
}
