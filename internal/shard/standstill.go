package shard

import "time"

// A server can stand still: SIGSTOP, a suspended laptop, a virtual machine that is moved. Its players cannot play
// meanwhile, so the ticks that it has missed must not be played either: the ball would pass paddles that nobody could
// move. The matches go on where they were, at a later time, with the countdown that follows a pause. Timeouts count
// ticks (match.ago), so they stand still with the server.

// StoodStill is how late a tick must be for the server to have stood still. Ticks that are less late are all played:
// the players have predicted them, and can have seen and answered what happened in them.
const StoodStill = 500 * time.Millisecond

// Suspended has all matches go on at now, after the machine was suspended. With some systems the monotonic clock stands
// still meanwhile, so that no tick is late.
func (s *Shard) Suspended(now time.Time, span time.Duration) {
	for _, m := range s.tables.matches {
		s.goOn(m, now, span)
	}
}

// keepKeys does not count a span in which the server stood still in the life of the keys of a match's sessions: nothing
// was sent under them. A laptop that sleeps for a night with the server and its players must not end their seats.
func (m *match) keepKeys(span time.Duration) {
	keep := func(seat *seat) {
		if seat.session != nil {
			seat.session.joined = seat.session.joined.Add(span)
		}
	}
	for i := range m.seats {
		keep(&m.seats[i])
	}
	for _, seat := range m.watchers {
		keep(seat)
	}
}

// goOn has a match go on at now, after the server has stood still. The next tick is due now. The inputs for the ticks
// after it were made for other times: those that have arrived are forgotten, and further ones ignored until the client
// has echoed a STATE that is sent from now on.
//
// In two ticks one seat after the other is Away. The first ends the rally, and after the second the game counts down.
// From the ticks in which its own seat was Away, each client sees in the next STATEs that the ticks come at other times
// now, even after a game, when Away pauses nothing.
func (s *Shard) goOn(m *match, now time.Time, span time.Duration) {
	s.goOnLater(m, now)
	s.counts.Lost += int(span / Period)
	if now.Sub(s.stood) > time.Second { // once for all matches
		s.cfg.Report(Report{Kind: Stood, Span: span})
	}
	s.stood = now
}

// goOnLater has a match go on at now: see goOn.
func (s *Shard) goOnLater(m *match, now time.Time) {
	m.start = s.tables.calendar.restart(m, now)
	for i := range m.seats {
		if seat := &m.seats[i]; seat.session != nil {
			seat.session.inputs.Reset(m.tick())
			seat.session.margins = margins{}
			seat.sent(now)
			seat.unechoed.sent, seat.outdated = now, true
		}
	}
	if m.begun {
		m.stood, m.sendNow = 2, true
	}
}
