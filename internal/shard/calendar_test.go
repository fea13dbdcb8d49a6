package shard

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pong/internal/game"
)

// TestCalendar_TicksInvertTimes holds ticks against at on both sides of every tick of a minute, a day later too.
func TestCalendar_TicksInvertTimes(t *testing.T) {
	for slot := range slots {
		for _, first := range []int64{0, 24 * 3600 * game.TickRate} {
			for n := first; n < first+60*game.TickRate; n++ {
				if got := ticks(slot, at(slot, n)); got != n {
					t.Fatalf("slot %d, tick %d: its time is in tick %d", slot, n, got)
				}
				if got := ticks(slot, at(slot, n)-1); got != n-1 {
					t.Fatalf("slot %d, tick %d: the nanosecond before is in tick %d", slot, n, got)
				}
			}
		}
	}
}

// TestCalendar_StepsEveryDueMatch has matches come and go for ten minutes: each tick of each is played within two
// nanoseconds of its time, whatever the others do.
func TestCalendar_StepsEveryDueMatch(t *testing.T) {
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	c := calendar{epoch: now}
	chance := rand.New(rand.NewPCG(1, 2))
	var matches []*match
	serial, played := uint32(0), 0
	for end := now.Add(10 * time.Minute); now.Before(end); {
		later := now.Add(time.Duration(chance.IntN(2000)) * time.Microsecond)
		if due, ok := c.due(); ok && (due.Before(later) || chance.IntN(4) > 0) {
			later = due
		}
		now = later
		for m := c.next(now.Sub(c.epoch)); m != nil; m = c.next(now.Sub(c.epoch)) {
			for !m.due().After(now) { // as advance does; a match that is new may have its turn before its first tick
				if late := now.Sub(m.due()); late > 2 {
					t.Fatalf("match %d, tick %d, is played %v after its time", m.serial, m.state.Tick, late)
				}
				m.state.Tick++
				played++
			}
			if chance.IntN(3000) == 0 {
				c.remove(m)
				matches = slices.DeleteFunc(matches, func(other *match) bool { return other == m })
			}
		}
		for _, m := range matches {
			if !m.due().After(now) {
				t.Fatalf("match %d has missed tick %d by %v", m.serial, m.state.Tick, now.Sub(m.due()))
			}
		}
		if len(matches) < 40 && chance.IntN(50) == 0 {
			serial++
			m := &match{serial: serial, start: c.start(serial, now)}
			matches = append(matches, m)
			c.add(m, now)
		}
	}
	if played < 100_000 {
		t.Errorf("%d ticks were played, which tests little", played)
	}
}
