package shard

import (
	"slices"
	"time"
)

// Advance does all that is due at now: it plays the ticks of every match, sends the STATEs that they call for, and
// frees the seats whose time is up.
func (s *Shard) Advance(now time.Time) {
	for s.AdvanceSome(now, len(s.matches)) {
	}
}

// AdvanceSome does what Advance does for so many matches at most, those first that have been due for longest, and reports
// whether any is left that is due.
func (s *Shard) AdvanceSome(now time.Time, most int) (more bool) {
	since := now.Sub(s.epoch)
	for _, m := range s.calendar.upcoming(since, most) {
		s.scratch.fetched += m.prefetch(s.cfg.Every)
	}
	for range most {
		m := s.calendar.next(since)
		if m == nil {
			return false
		}
		if !s.advance(m, now) {
			s.close(m)
		}
	}
	due, ok := s.calendar.due()
	return ok && !due.After(now)
}

// close takes a match that has no players off the lists.
func (s *Shard) close(m *match) {
	i := slices.Index(s.matches, m)
	s.matches = slices.Delete(s.matches, i, i+1)
	s.open.remove(m)
	s.calendar.remove(m)
	s.cfg.Report(Report{Kind: Closed, Match: m.name})
}

// idle is how long a shard without a match has nothing to do at least.
const idle = time.Second

// Next returns when Advance has something to do again, or what has arrived should be looked at: for the REGISTER of a newcomer
// two players wait to begin, so it is not left until the next tick.
func (s *Shard) Next(now time.Time) time.Time {
	due, ok := s.calendar.due()
	if !ok {
		due = now.Add(idle)
	}
	if soon := now.Add(Period / slots); len(s.unregistered) > 0 && soon.Before(due) {
		return soon
	}
	return due
}

// advance plays the ticks of a match that are due; false means that the match is over and gone.
func (s *Shard) advance(m *match, now time.Time) bool {
	age := now.Sub(m.start)
	for late := age - since(m.tick()); late >= 0; late = age - since(m.tick()) {
		s.histograms.lateness.observe(late)
		s.counts.Ticks++
		s.step(m, now)
		if m.state.Tick%expireEvery == 0 {
			s.expire(m, now)
		}
		behind := age-since(m.tick()) > TooLate // STATEs of the past are worth nothing; ticks are
		if m.sendNow || m.stateDue(m.state.Tick, s.cfg.Every) {
			if behind {
				s.counts.Skipped += m.registered()
				continue
			}
			s.broadcast(now, m)
		}
		if !behind {
			s.sendToWatchers(now, m)
		}
	}
	s.drainMatch(m, now)
	if m.seats[0].session != nil || m.seats[1].session != nil {
		return true
	}
	s.removeWatchers(m, "the match has ended")
	return false
}
