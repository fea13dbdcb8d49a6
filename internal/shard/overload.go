package shard

import (
	"fmt"
	"time"
)

// A loop with more work than time falls further and further behind, and so does every game on it. Therefore a busy
// shard refuses new matches well before. If a loop is behind all the same it skips STATEs, but no ticks (see advance):
// the next STATE replaces one that was skipped, whereas a missing tick would make a wrong game. If it is so far behind
// that players cannot have played, it is as if the server had stood still (see StoodStill).

// TooLate is how late a tick must be for its STATE to be skipped. One such tick may be due to a hiccup of the machine.
const TooLate = 4 * Period

// busyFrom is the share of a core from which a shard takes no new match. The rest is for peaks of the present matches
// and for TLS.
const busyFrom = 0.7

// loadMemory is the time over which the load is averaged: longer than a burst of joins, short compared to a rush of
// players.
const loadMemory = 1500 * time.Millisecond

// ErrBusy is an ErrFull, so that the lobby asks the next shard.
var ErrBusy = fmt.Errorf("%w for a new match: the server is busy, try again in a moment", ErrFull)

// CountWork records how long the shard's loop has worked since the last call, and how long it then waited.
func (s *Shard) CountWork(worked, waited time.Duration) {
	whole := worked + waited
	s.load += (float64(worked) - s.load*float64(whole)) / float64(loadMemory+whole)
}

// busy reports whether the shard takes no new match.
func (s *Shard) busy() bool { return s.load >= busyFrom }

// CountUnsent counts datagrams that the system refused to send.
func (s *Shard) CountUnsent(n int) { s.counts.Unsent += n }
