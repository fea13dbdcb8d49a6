package shard

import "time"

// A STATE costs the server and the network the same whether anybody looks at it. While no game is played, and for
// players from whom nothing arrives, there are fewer: otherwise a client could draw a minute of full traffic with one
// datagram, and thousands of players who wait would cost as much as those who play.
const (
	waitingEvery = 12 // ticks from one STATE to the next before a game: 5 a second
	silentEvery  = 30 // the same, to a player from whom nothing arrives: 2 a second
)

// settleWithin is how long after a REGISTER a match without a game has all STATEs. Two players who meet begin at once,
// and their clients measure the network before the first serve.
const settleWithin = 2 * time.Second

// stateEvery returns how many ticks lie between two STATEs of a match.
func (s *Shard) stateEvery(m *match) uint32 {
	if m.begun || m.ago(m.registeredAt) < settleWithin {
		return s.cfg.Every
	}
	return max(s.cfg.Every, waitingEvery)
}

// receives reports whether the STATE of this tick is sent to the player of a seat. If neither channel of a player works
// none is sent, until a datagram arrives.
func (m *match) receives(seat *seat) bool {
	p := seat.session
	switch {
	case p == nil || !p.registered:
		return false
	case !seat.unheard():
		return true
	case !p.controlOpen || m.tick()-seat.slowed < silentEvery:
		return false
	}
	seat.slowed = m.tick()
	return true
}

// unheard reports whether a seat is not online and nothing has arrived from its player lately.
func (seat *seat) unheard() bool {
	return seat.status != seatOnline && seat.match.ago(seat.session.lastReceived) > GoneAfter
}
