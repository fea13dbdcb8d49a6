package shard

import (
	"slices"
	"time"

	"pong/internal/game"
)

// slots is the number of parts of a tick over which the matches of a shard are spread. A part is a little more than a
// millisecond: with many matches the loop wakes that often, and sends a sixteenth of all datagrams at once.
const slots = 16

// A calendar knows which matches are due without a look at each: all matches of a slot are due at the same part of
// every tick.
type calendar struct {
	epoch time.Time
	slots [slots]slot
	first *slot // the slot that is due first; nil if it is not known
}

// A slot holds the matches with the same part of a tick.
type slot struct {
	matches []*match
	due     time.Duration // after the epoch: the next tick of all of them, if there are any
	next    int           // index of the next match to step; 0 if none has been stepped at this tick
	started time.Duration // after the epoch: when the first was stepped
}

// slotOf returns the slot of a match. Successive matches are a quarter of a tick apart.
func slotOf(serial uint32) int { return int(serial%4*4 + serial/4%4) }

// offset returns where in a tick a slot lies.
func offset(slot int) time.Duration { return Period * time.Duration(slot) / slots }

// ticks returns the newest tick of a slot that has begun at a time after the epoch. It is the inverse of at, rounded
// down.
func ticks(slot int, now time.Duration) int64 {
	now -= offset(slot)
	if now < 0 {
		return -1
	}
	seconds, rest := now/time.Second, now%time.Second
	return int64(seconds)*game.TickRate + int64(((rest+1)*game.TickRate-1)/time.Second)
}

// at returns when a tick of a slot begins, after the epoch. A tick is no whole number of nanoseconds; the rounding
// errors do not add up.
func at(slot int, tick int64) time.Duration {
	seconds, rest := time.Duration(tick/game.TickRate), time.Duration(tick%game.TickRate)
	if rest < 0 { // a match can have begun before the epoch: rounded up, its ticks would be late
		seconds, rest = seconds-1, rest+game.TickRate
	}
	return seconds*time.Second + rest*time.Second/game.TickRate + offset(slot)
}

// start returns the time of tick 0 of a new match, which lies on the grid of its slot.
func (c *calendar) start(serial uint32, now time.Time) time.Time {
	return c.epoch.Add(at(slotOf(serial), ticks(0, now.Sub(c.epoch))))
}

// restart returns the start of a match whose next tick is due now, on the grid of its slot.
func (c *calendar) restart(m *match, now time.Time) time.Time {
	k := slotOf(m.serial)
	return c.epoch.Add(at(k, ticks(k, now.Sub(c.epoch))-int64(m.tick())-1))
}

// add enters a match with the start that start has returned.
func (c *calendar) add(m *match, now time.Time) {
	k := slotOf(m.serial)
	s := &c.slots[k]
	if len(s.matches) == 0 {
		s.due, s.next = at(k, ticks(k, now.Sub(c.epoch))+1), 0
		c.first = nil
	}
	s.matches = append(s.matches, m)
}

// earliest returns the slot that is due first, nil if there is no match.
func (c *calendar) earliest() *slot {
	if c.first != nil {
		return c.first
	}
	for i := range c.slots {
		if s := &c.slots[i]; len(s.matches) > 0 && (c.first == nil || s.due < c.first.due) {
			c.first = s
		}
	}
	return c.first
}

// due returns when the next match is due; ok is false if there is none.
func (c *calendar) due() (at time.Time, ok bool) {
	s := c.earliest()
	if s == nil {
		return at, false
	}
	return c.epoch.Add(s.due), true
}

// next returns the next match that is due at a time after the epoch, and counts it as stepped. It returns nil if none
// is due.
func (c *calendar) next(now time.Duration) *match {
	s := c.earliest()
	if s == nil || s.due > now {
		return nil
	}
	if s.next == 0 {
		s.started = now
	}
	m := s.matches[s.next]
	if s.next++; s.next == len(s.matches) {
		c.reschedule(s)
	}
	return m
}

// upcoming returns at most as many of the matches that next will return.
func (c *calendar) upcoming(now time.Duration, most int) []*match {
	s := c.earliest()
	if s == nil || s.due > now {
		return nil
	}
	return s.matches[s.next:min(s.next+most, len(s.matches))]
}

// reschedule makes a slot due again: one tick later, or more if its first match was late and has caught up.
func (c *calendar) reschedule(s *slot) {
	k := slotOf(s.matches[0].serial)
	s.due, s.next = at(k, ticks(k, s.started)+1), 0
	c.first = nil
}

// remove removes a match.
func (c *calendar) remove(m *match) {
	s := &c.slots[slotOf(m.serial)]
	i := slices.Index(s.matches, m)
	s.matches = slices.Delete(s.matches, i, i+1)
	if i < s.next {
		s.next--
	}
	switch {
	case len(s.matches) == 0:
		c.first = nil
	case s.next == len(s.matches):
		c.reschedule(s)
	}
}
