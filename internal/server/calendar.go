package server

import (
	"slices"
	"time"

	"pong/internal/game"
)

// slots is over how many parts of a tick the matches of a shard are spread: each is a little more than a millisecond,
// which is how often the loop wakes with many matches, and what is sent at once is a sixteenth of all.
const slots = 16

// A calendar knows when which matches are due without looking at any: all matches of a slot are due at the same
// time of every tick.
type calendar struct {
	epoch time.Time
	slots [slots]slot
}

// A slot is the matches with the same part of a tick.
type slot struct {
	matches []*match
	due     time.Time // of the next tick of all of them, if there are any
	turn    int       // whose turn it is; 0: nobody has had one at this tick
	since   time.Time // when the first had its turn
}

// slotOf returns the slot of a match. Successive matches are a quarter of a tick apart.
func slotOf(serial uint32) int { return int(serial%4*4 + serial/4%4) }

// offset is the part of a tick.
func offset(slot int) time.Duration { return Period * time.Duration(slot) / slots }

// ticks returns how many ticks of a slot have begun since the epoch: the inverse of at, which rounds down.
func (c *calendar) ticks(slot int, now time.Time) int64 {
	since := now.Sub(c.epoch) - offset(slot)
	if since < 0 {
		return -1
	}
	seconds, rest := since/time.Second, since%time.Second
	return int64(seconds)*game.TickRate + int64(((rest+1)*game.TickRate-1)/time.Second)
}

// at returns the beginning of a tick of a slot, counted from the epoch. No error adds up: a tick is no whole number of
// nanoseconds.
func (c *calendar) at(slot int, tick int64) time.Time {
	seconds, rest := time.Duration(tick/game.TickRate), time.Duration(tick%game.TickRate)
	return c.epoch.Add(seconds*time.Second + rest*time.Second/game.TickRate + offset(slot))
}

// add enters a match whose start has been set by start.
func (c *calendar) add(m *match, now time.Time) {
	k := slotOf(m.serial)
	s := &c.slots[k]
	if len(s.matches) == 0 {
		s.due, s.turn = c.at(k, c.ticks(k, now)+1), 0
	}
	s.matches = append(s.matches, m)
}

// start returns the time of tick 0 of a match that is set up now: on the grid of its slot.
func (c *calendar) start(serial uint32, now time.Time) time.Time {
	return c.at(slotOf(serial), c.ticks(0, now))
}

// earliest returns the slot that is due first; nil if there is no match.
func (c *calendar) earliest() (first *slot) {
	for i := range c.slots {
		if s := &c.slots[i]; len(s.matches) > 0 && (first == nil || s.due.Before(first.due)) {
			first = s
		}
	}
	return first
}

// next returns the match whose turn it is at now, and counts its turn as taken; nil if none is due.
func (c *calendar) next(now time.Time) *match {
	s := c.earliest()
	if s == nil || s.due.After(now) {
		return nil
	}
	if s.turn == 0 {
		s.since = now
	}
	m := s.matches[s.turn]
	if s.turn++; s.turn == len(s.matches) {
		c.turnPage(s)
	}
	return m
}

// turnPage makes a slot due again: one tick later, or however many its first match has caught up with.
func (c *calendar) turnPage(s *slot) {
	k := slotOf(s.matches[0].serial)
	s.due, s.turn = c.at(k, c.ticks(k, s.since)+1), 0
}

// remove takes out a match.
func (c *calendar) remove(m *match) {
	s := &c.slots[slotOf(m.serial)]
	i := slices.Index(s.matches, m)
	s.matches = slices.Delete(s.matches, i, i+1)
	if i < s.turn {
		s.turn--
	}
}
