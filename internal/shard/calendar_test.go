package shard

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pong/internal/game"
)

// due returns when the next tick of a match is due.
func (m *match) due() time.Time { return m.start.Add(since(m.tick())) }

// TestCalendar_TicksInvertTimes compares ticks with at just before and at every tick of a minute, and again a day
// later.
func TestCalendar_TicksInvertTimes(t *testing.T) {
	for slot := range slots {
		for _, first := range []int64{0, 24 * 3600 * game.TickRate} {
			for n := first; n < first+60*game.TickRate; n++ {
				if got := ticks(slot, at(slot, n)); got != n {
					t.Fatalf("ticks(%d, at(%[1]d, %d)) = %d, want %[2]d", slot, n, got)
				}
				if got := ticks(slot, at(slot, n)-1); got != n-1 {
					t.Fatalf("ticks(%d, at(%[1]d, %d)-1) = %d, want %d", slot, n, got, n-1)
				}
			}
		}
	}
}

// TestCalendar_StepsEveryDueMatch adds and removes matches for ten minutes. Each tick of each match is played within
// two nanoseconds of its time.
func TestCalendar_StepsEveryDueMatch(t *testing.T) {
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	c := calendar{epoch: now}
	random := rand.New(rand.NewPCG(1, 2))
	var matches []*match
	serial, played := uint32(0), 0
	for end := now.Add(10 * time.Minute); now.Before(end); {
		later := now.Add(time.Duration(random.IntN(2000)) * time.Microsecond)
		if due, ok := c.due(); ok && (due.Before(later) || random.IntN(4) > 0) {
			later = due
		}
		now = later
		for m := c.next(now.Sub(c.epoch)); m != nil; m = c.next(now.Sub(c.epoch)) {
			for !m.due().After(now) { // as advance does; a new match may be stepped before its first tick
				if late := now.Sub(m.due()); late > 2 {
					t.Fatalf("match %d: tick %d is played %v late", m.serial, m.state.Tick, late)
				}
				m.state.Tick++
				played++
			}
			if random.IntN(3000) == 0 {
				c.remove(m)
				matches = slices.DeleteFunc(matches, func(other *match) bool { return other == m })
			}
		}
		for _, m := range matches {
			if !m.due().After(now) {
				t.Fatalf("match %d: tick %d is due since %v", m.serial, m.state.Tick, now.Sub(m.due()))
			}
		}
		if len(matches) < 40 && random.IntN(50) == 0 {
			serial++
			m := &match{serial: serial, start: c.start(serial, now)}
			matches = append(matches, m)
			c.add(m, now)
		}
	}
	if played < 100_000 {
		t.Errorf("%d ticks were played, want at least 100000 for a meaningful test", played)
	}
}
