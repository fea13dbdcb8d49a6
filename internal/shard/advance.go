package shard

import "time"

// Advance does everything that is due: it plays the ticks of every match, sends the STATEs and frees the seats whose
// timeouts have passed.
func (s *Shard) Advance(now time.Time) {
	for s.AdvanceSome(now, len(s.tables.matches)) {
	}
}

// AdvanceSome does what Advance does for at most as many matches, those first that have been due for longest. It
// reports whether more are due.
func (s *Shard) AdvanceSome(now time.Time, most int) (more bool) {
	since, calendar := now.Sub(s.epoch), &s.tables.calendar
	for _, m := range calendar.upcoming(since, most) {
		s.scratch.fetched += m.prefetch(s.cfg.Every)
	}
	for range most {
		m := calendar.next(since)
		if m == nil {
			return false
		}
		if !s.advance(m, now) {
			s.endRecording(m)
			s.tables.removeMatch(m)
			s.cfg.Report(Report{Kind: Closed, Match: m.name})
		}
	}
	due, ok := calendar.due()
	return ok && !due.After(now)
}

// advance plays the ticks of a match that are due. It returns false if the match has no players and is to be removed.
func (s *Shard) advance(m *match, now time.Time) bool {
	if m.copy != nil && !s.mayPlay(m, now) {
		return !m.copy.Over()
	}
	age := now.Sub(m.start)
	if late := age - since(m.tick()); late > StoodStill && !m.catchesUp {
		s.histograms.lateness.observe(late)
		m.keepKeys(late)
		s.goOn(m, now, late)
		age = now.Sub(m.start)
	}
	for late := age - since(m.tick()); late >= 0; late = age - since(m.tick()) {
		s.histograms.lateness.observe(late)
		s.counts.Ticks++
		serve := s.step(m)
		if m.state.Tick%expireEvery == 0 {
			s.expire(m, now)
		}
		if s.cfg.Own != nil {
			s.copyMatch(m, now)
		}
		if s.cfg.Save != nil {
			s.save(m)
		}
		if s.cfg.Record != nil {
			s.record(m, now, serve)
		}
		if m.state.Tick%balanceEvery == 0 {
			s.balance(m)
		}
		behind := age-since(m.tick()) > TooLate
		if due := s.due(m); due != [2]bool{} {
			if behind {
				s.counts.Skipped += m.registered()
				continue
			}
			s.broadcast(now, m, due)
		}
		if !behind {
			s.sendToWatchers(now, m)
		}
	}
	s.drainMatch(m, now)
	if m.seats[0].session != nil || m.seats[1].session != nil {
		return true
	}
	for len(m.watchers) > 0 {
		s.vacate(m.watchers[len(m.watchers)-1], MatchEnded)
	}
	return false
}

// maxWait is the longest time that Next returns for a shard without a match.
const maxWait = time.Second

// Next returns when Advance has something to do again, or when datagrams should be received. While a player has not
// registered it returns early: two players wait for the REGISTER, so it must not wait for the next tick.
func (s *Shard) Next(now time.Time) time.Time {
	due, ok := s.tables.calendar.due()
	if !ok {
		due = now.Add(maxWait)
	}
	if soon := now.Add(Period / slots); len(s.tables.unregistered) > 0 && soon.Before(due) {
		return soon
	}
	return due
}
