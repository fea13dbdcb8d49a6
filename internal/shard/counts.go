package shard

import "pong/netcode"

// A DropReason is why a datagram was not accepted.
type DropReason uint8

// The reasons, in the order in which they are checked.
const (
	DropMalformed    DropReason = iota // too short, too long, or not a sealed datagram
	DropUnknown                        // no session has its id
	DropReplayed                       // its packet number was used before or is too old
	DropForged                         // its tag is wrong
	DropLimited                        // authentic, but too many
	DropUnregistered                   // authentic, but no REGISTER came first
	DropDenied                         // authentic, but from a new address that is not admitted
	DropBadToken                       // a REGISTER with a wrong token or player
	DropInvalid                        // authentic, but not a body of the protocol

	DropReasons // how many there are
)

// String returns the reason as logs and metrics name it.
func (r DropReason) String() string {
	return [DropReasons]string{
		"malformed", "unknown", "replayed", "forged", "limited", "unregistered", "from_denied",
		"bad_token", "invalid",
	}[r]
}

// Counts are the counters of a shard. Every datagram that arrives is counted once in Datagrams and once in either
// Accepted or Dropped.
type Counts struct {
	Datagrams int
	Accepted  int
	Dropped   [DropReasons]int

	Traffic

	Sent            int
	Exhausted       int // datagrams not sent because a session's packet numbers are used up
	Moved           int // addresses changed
	NeverRegistered int // seats freed because no REGISTER came

	Busy   int // players refused because the loop was too busy for a new match
	Unsent int // datagrams that the system refused to send

	Sessions, Matches int     // now
	Players           int     // now: seats that are taken, without those of watchers
	Load              float64 // the share of a core that the loop uses, now
}

// Traffic counts the work that a shard does for its clients.
type Traffic struct {
	Joins    int                // clients that got a seat, those that resume included
	Ticks    int                // played, of all matches
	Lost     int                // never played because the server stood still when they were due
	Inputs   int                // INPUTs accepted
	Fates    [netcode.Fates]int // of the inputs in them, each counted when it first arrived
	Missed   int                // ticks that a player's input missed, of matches that had begun
	States   int                // STATEs sent
	Skipped  int                // STATEs not sent because the loop was behind
	BytesIn  int                // of datagrams, without IP and UDP headers
	BytesOut int
}

// Add adds the counts of another shard.
func (c *Counts) Add(d Counts) {
	c.Datagrams += d.Datagrams
	c.Accepted += d.Accepted
	for reason, n := range d.Dropped {
		c.Dropped[reason] += n
	}
	c.Traffic.add(d.Traffic)
	c.Sent += d.Sent
	c.Exhausted += d.Exhausted
	c.Moved += d.Moved
	c.NeverRegistered += d.NeverRegistered
	c.Busy += d.Busy
	c.Unsent += d.Unsent
	c.Sessions += d.Sessions
	c.Players += d.Players
	c.Matches += d.Matches
	c.Load += d.Load
}

func (t *Traffic) add(d Traffic) {
	t.Joins += d.Joins
	t.Ticks += d.Ticks
	t.Lost += d.Lost
	t.Inputs += d.Inputs
	for fate, n := range d.Fates {
		t.Fates[fate] += n
	}
	t.Missed += d.Missed
	t.States += d.States
	t.Skipped += d.Skipped
	t.BytesIn += d.BytesIn
	t.BytesOut += d.BytesOut
}
