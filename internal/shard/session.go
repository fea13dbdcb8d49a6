package shard

import (
	"crypto/sha256"
	"net/netip"
	"time"

	"pong/internal/game"
	"pong/netcode"
	"pong/netcode/sealed"
)

// A session is the keyed game channel of a player or watcher. It outlives changes of address, but not of keys: a client
// that resumes over a new TLS connection has a new session. The fields that every datagram needs stand together: with
// thousands of players none of them is in a processor cache when the next datagram arrives.
type session struct {
	id           sealed.ID
	sealed       *sealed.Session
	seat         *seat
	registered   bool
	controlOpen  bool         // the control connection is open
	removed      bool         // from the tables
	key          game.Input   // the newest one that has arrived
	unreached    bool         // it has been reported that nothing arrives from the client
	copied       int          // how many of its inputs were copied from another process
	absent       bool         // nobody has its keys: it keeps the seat for a player who has to come back
	hidden       bool         // no frames of the player's screen are drawn
	lastReceived netcode.Tick // of the match when the last accepted datagram arrived; at first when it joined
	bucket       bucket
	margins      margins
	early        float64 // the mean base margin lately, in ticks
	trips        leastTrip
	missed       int // InputCounts.Missed at the last STATE
	inputs       netcode.InputBuffer[game.Input]
	echo         netcode.Echo
	loss         netcode.Loss // of the client's datagrams
	lateness     netcode.InputLateness

	addr netip.Addr // the client's end of the TLS connection
	path sealed.Path

	joined        time.Time
	token, resume [sha256.Size]byte // digests
}

// earlyOver is over how many STATEs session.early is a mean, about.
const earlyOver = 32

// margins collects how early inputs arrived since the last STATE, in ticks.
type margins struct {
	any   bool
	least float64 // of all
	base  float64 // the least that they would have been over the path at its fastest, without losses
}

// add takes the inputs of a datagram that were new: the margins of the oldest and the newest of them, and what the
// network has taken off the latter.
func (m *margins) add(oldest, newest, late float64) {
	if !m.any {
		*m = margins{true, oldest, newest + late}
	}
	m.least, m.base = min(m.least, oldest), min(m.base, newest+late)
}

// prefetch reads something of every value that the next datagram needs, so that the processor fetches the memory of
// many sessions at once. It returns a sum of what it has read, so that no compiler leaves the reads out.
func (p *session) prefetch() uint32 {
	return uint32(p.missed) + uint32(p.seat.match.start.Nanosecond()) +
		p.sealed.Newest() + uint32(p.inputs.Newest()) + p.echo.Number() + uint32(p.loss.Received()) +
		uint32(p.path.Address().Port())
}
