package shard

import (
	"time"

	"pong/internal/wire"
)

// The time-outs of a seat.
const (
	RegisterWithin = 10 * time.Second // else the seat is freed
	SilentAfter    = 5 * time.Second  // the match is paused
	GoneAfter      = 1 * time.Second  // the same, of a player whose control connection has ended too: nobody is there
	FreedAfter     = 60 * time.Second // the seat is freed
	PauseBudget    = 60 * time.Second // for which a player may pause a game in all, in two absences of 30 s or as it comes
	IdleAfter      = 30 * time.Minute // without a key or a word from anybody at the table: the seats are freed
	DrainWithin    = 30 * time.Second // the points in play have, when the server is to end
	KeyLife        = 12 * time.Hour   // of a session's keys: then the player joins again
)

// expireEvery is how many ticks lie between two looks at what may have run out: 67 ms, of seconds at least.
const expireEvery = 4

// expire acts on silence.
func (s *Shard) expire(m *match, now time.Time) {
	for i := range m.seats {
		s.expireSeat(&m.seats[i], now)
	}
	for i := len(m.watchers) - 1; i >= 0; i-- { // backwards: a seat on the bench goes when it is freed
		s.expireSeat(m.watchers[i], now)
	}
}

func (s *Shard) expireSeat(place *seat, now time.Time) {
	if n := place.next; n != nil && now.Sub(n.joined) > RegisterWithin {
		s.closeSession(n, "never registered over UDP")
	}
	p := place.session
	if p == nil {
		return
	}
	silence := now.Sub(p.lastReceived)
	if place.status == wire.StatusOnline && silence <= GoneAfter && place.match.state.Tick%64 != 0 {
		return // most seats: what can have run out are minutes and hours, which a second may follow
	}
	switch {
	case !p.registered:
		if now.Sub(p.joined) > RegisterWithin {
			s.counts.NeverRegistered++
			s.vacate(place, "never registered over UDP")
		}
	case now.Sub(p.joined) > KeyLife:
		s.vacate(place, "has used one connection for 12 hours")
	case silence > FreedAfter:
		s.vacate(place, "was silent for too long")
	case place.status == wire.StatusSilent && !place.watches() && place.timeLeft(now) < 0:
		s.vacate(place, "has been away for too long in all")
	case !place.watches() && now.Sub(place.match.active) > IdleAfter:
		s.vacate(place, "did nothing for half an hour")
	case place.status == wire.StatusOnline && (silence > SilentAfter || silence > GoneAfter && !p.controlOpen):
		place.status, place.silent = wire.StatusSilent, now
		if !place.watches() {
			s.sendLineToAll(place.match, place.presence(now))
			s.report(place.match, place, Silent, "")
		}
	}
}
