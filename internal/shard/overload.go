package shard

import (
	"fmt"
	"time"
)

// Past saturation a loop falls behind without bound, and everybody's game with it. So a busy shard sets up no new match,
// before that happens; and if it happens all the same, STATEs are left out and ticks are not (match.advance), because the
// next STATE says all that the last one did, while a tick that is missing is a wrong game.

// TooLate is how late a tick is whose STATE is left out. One such tick may come from a hiccup of the machine.
const TooLate = 4 * Period

// busyFrom is the share of a core from which a shard takes no new match: the rest is for what the matches there are may
// ask for in a bad moment, and for TLS.
const busyFrom = 0.7

// loadMemory is over how long the share is averaged: long enough for a burst of joins, short for a stampede.
const loadMemory = 1500 * time.Millisecond

// ErrBusy is an ErrFull: the lobby goes on to the next shard.
var ErrBusy = fmt.Errorf("%w for a new match: the server is busy, try again in a moment", ErrFull)

// CountWork tells the shard for how long its loop has worked since the last time, and for how long it then had nothing to do.
func (s *Shard) CountWork(worked, rested time.Duration) {
	whole := worked + rested
	s.load += (float64(worked) - s.load*float64(whole)) / float64(loadMemory+whole)
}

// busy reports whether a new match would be one too many.
func (s *Shard) busy() bool { return s.load >= busyFrom }

// CountUnsent counts datagrams that the system has refused to send.
func (s *Shard) CountUnsent(n int) { s.counts.Unsent += n }
