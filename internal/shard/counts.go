package shard

import "pong/netcode"

// Counts are the counters of a shard. Every datagram that comes in is counted once in Datagrams and once in one of the
// fields from Accepted to Invalid.
type Counts struct {
	Datagrams int
	Accepted  int

	Malformed    int // too short, too long, or not a sealed datagram
	Unknown      int // no session has the id
	Replayed     int // the packet number was used before or is too old
	Forged       int // the tag is wrong
	Limited      int // authentic, but too many
	Unregistered int // authentic, but no REGISTER came first
	BadToken     int // a REGISTER with a wrong token or player
	Invalid      int // authentic, but not a body of the protocol

	Traffic

	Sent            int
	Exhausted       int // datagrams not sent because a session's packet numbers are used up
	Moved           int // addresses changed
	NeverRegistered int // seats freed because no REGISTER came

	Busy   int // players refused because the loop was too busy for a new match
	Unsent int // datagrams that the system refused to send

	Sessions, Matches int     // now
	Load              float64 // the share of a core that the loop uses, now
}

// Traffic is what a shard does for those whom it serves.
type Traffic struct {
	Joins    int                // players seated, those who came back too
	Ticks    int                // played, of all matches
	Inputs   int                // INPUTs accepted
	Fates    [netcode.Fates]int // what became of the inputs in them when they came first
	Missed   int                // ticks that a player's input missed, of matches that had begun
	States   int                // STATEs sent
	Skipped  int                // STATEs that were not, because the loop had fallen behind
	BytesIn  int                // of datagrams, their IP and UDP headers aside
	BytesOut int
}

func (t *Traffic) add(d Traffic) {
	t.Joins += d.Joins
	t.Ticks += d.Ticks
	t.Inputs += d.Inputs
	for i, n := range d.Fates {
		t.Fates[i] += n
	}
	t.Missed += d.Missed
	t.States += d.States
	t.Skipped += d.Skipped
	t.BytesIn += d.BytesIn
	t.BytesOut += d.BytesOut
}

// DroppedByReason returns the counters of datagrams that were not accepted.
func (c Counts) DroppedByReason() map[string]int {
	return map[string]int{
		"malformed": c.Malformed, "unknown": c.Unknown, "replayed": c.Replayed, "forged": c.Forged,
		"limited": c.Limited, "unregistered": c.Unregistered, "bad_token": c.BadToken, "invalid": c.Invalid,
	}
}

func (c *Counts) Add(d Counts) {
	c.Datagrams += d.Datagrams
	c.Accepted += d.Accepted
	c.Malformed += d.Malformed
	c.Unknown += d.Unknown
	c.Replayed += d.Replayed
	c.Forged += d.Forged
	c.Limited += d.Limited
	c.Unregistered += d.Unregistered
	c.BadToken += d.BadToken
	c.Invalid += d.Invalid
	c.Traffic.add(d.Traffic)
	c.Sent += d.Sent
	c.Exhausted += d.Exhausted
	c.Moved += d.Moved
	c.NeverRegistered += d.NeverRegistered
	c.Busy += d.Busy
	c.Unsent += d.Unsent
	c.Load += d.Load
	c.Sessions += d.Sessions
	c.Matches += d.Matches
}
