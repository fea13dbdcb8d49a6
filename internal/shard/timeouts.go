package shard

import "time"

// The timeouts of a seat.
const (
	UnreachedAfter = 2 * time.Second  // without a REGISTER: it is reported
	RegisterWithin = 10 * time.Second // without a REGISTER: the seat is freed
	ResultFor      = 5 * time.Second  // after a game: a player whose opponent has left gets no new one
	SilentAfter    = 5 * time.Second  // without a datagram or an echo: the match is paused
	GoneAfter      = 1 * time.Second  // without a datagram, if the control connection has ended, too
	FreedAfter     = 60 * time.Second // without a datagram or an echo: the seat is freed
	PauseBudget    = 60 * time.Second // for all pauses of one player in one game
	LeastPause     = 6 * time.Second  // of the pause budget, for a pause however short
	IdleAfter      = 30 * time.Minute // without a key or a rematch from either player: both seats are freed
	DrainWithin    = 30 * time.Second // for the points in play when the server shuts down
	KeyLife        = 12 * time.Hour   // of a session's keys: the player has to join again
)

// expireEvery is how many ticks lie between two checks of the timeouts: 67 ms, little compared to seconds.
const expireEvery = 4

// expire acts on the timeouts of a match that have passed.
func (s *Shard) expire(m *match, now time.Time) {
	for i := range m.seats {
		s.expireSeat(&m.seats[i], now)
	}
	for i := len(m.watchers) - 1; i >= 0; i-- { // backwards, because a watcher's seat is deleted when it is freed
		s.expireSeat(m.watchers[i], now)
	}
	s.beginIfDue(m)
	if m.result != 0 && !m.begun && !m.showsResult() {
		m.result = 0
		s.merge()
	}
}

// hiddenEvery is the least time between two PRESENCEs because a player's window is hidden or shown again.
const hiddenEvery = time.Second

// announceHidden sends everyone at a match whether a player's window is hidden, if that has changed.
func (s *Shard) announceHidden(seat *seat, now time.Time) {
	if seat.watches() || now.Sub(seat.announced) < hiddenEvery {
		return
	}
	seat.hidden, seat.announced = seat.session.hidden, now
	if seat.status == seatOnline {
		s.sendLineToAll(seat.match, seat.presence())
	}
}

func (s *Shard) expireSeat(seat *seat, now time.Time) {
	if next := seat.next; next != nil {
		s.reportUnreached(next)
		if seat.match.ago(next.lastReceived) > RegisterWithin {
			s.endSession(next, NotRegistered)
			s.merge() // the player may be waiting
		}
	}
	p := seat.session
	if p == nil {
		return
	}
	if p.hidden != seat.hidden {
		s.announceHidden(seat, now)
	}
	silence, unreceived := seat.silence(), seat.match.ago(p.lastReceived)
	if seat.status == seatOnline && silence <= GoneAfter && seat.match.state.Tick%64 != 0 {
		return // most seats: only timeouts of minutes and hours can have passed, and those may be a second late
	}
	switch {
	case !p.registered:
		s.reportUnreached(p)
		if silence > RegisterWithin {
			s.counts.NeverRegistered++
			s.vacate(seat, NotRegistered)
		}
	case now.Sub(p.joined) > KeyLife:
		s.vacate(seat, KeysExpired)
	case silence > FreedAfter:
		s.vacate(seat, NoResponse)
	case seat.status == seatSilent && !seat.watches() && seat.timeLeft() <= 0:
		s.vacate(seat, PauseBudgetExhausted)
	case !seat.watches() && seat.match.ago(seat.match.active) > IdleAfter:
		s.vacate(seat, Idle)
	case seat.status == seatOnline && (silence > SilentAfter || unreceived > GoneAfter && !p.controlOpen):
		s.markSilent(seat)
	}
}

// markSilent records that one direction of a client's game channel does not work, which pauses the game. A player who
// has no pause budget left loses the seat instead.
func (s *Shard) markSilent(seat *seat) {
	seat.status = seatSilent
	switch {
	case seat.watches():
	case seat.timeLeft() <= 0:
		s.vacate(seat, PauseBudgetExhausted)
	default:
		s.sendLineToAll(seat.match, seat.presence())
		s.report(seat.match, seat, Silent, NoReason)
	}
}
