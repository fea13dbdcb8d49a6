package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// standStill has no time pass for the shard for a while. Datagrams of the clients wait, and are received first when it
// goes on.
func (d *testShard) standStill(span time.Duration, awake ...*testPlayer) {
	d.t.Helper()
	for end := d.now.Add(span); d.now.Before(end); d.now = d.now.Add(500 * time.Millisecond) {
		for _, p := range awake {
			p.ping()
		}
	}
	d.Advance(d.now)
}

// A shard that has stood still for any time goes on where it was: no point is played, nobody is silent or removed, and
// the ball flies on after a countdown.
func TestStandStill_NothingIsPlayedOrLost(t *testing.T) {
	for _, span := range []time.Duration{time.Second, 8 * time.Second, 10 * time.Minute, 13 * time.Hour} {
		for _, arrives := range []bool{true, false} { // the datagrams that were sent meanwhile
			d := newTestShard(t, func(cfg *Config) { cfg.Seed = longRally })
			left, right := d.joinTwo()
			watcher := d.joinAs(JoinRequest{Watch: true})
			d.runUntilPlaying(left, right)
			if _, err := d.tryJoin(nil); err != nil { // has not registered when the shard stands still
				t.Fatal(err)
			}
			d.run(time.Second, left, right, watcher)
			before, _ := d.State(left.id)
			left.states()
			if d.now = d.now.Add(100 * time.Millisecond); arrives && span < time.Hour {
				d.standStill(span, left, right)
			} else {
				d.standStill(span)
			}
			after, _ := d.State(left.id)
			if n := after.Tick - before.Tick; n > 8 || after.Phase != game.Waiting {
				t.Errorf("%v: %d ticks were played and the phase is %v, want few and a pause", span, n, after.Phase)
			}
			d.run(2500*time.Millisecond, left, right, watcher)
			if n := len(d.reported(Scored)); n > 0 {
				t.Errorf("%v: %d points, want none", span, n)
			}
			d.run(4*time.Second, left, right, watcher) // a silent player would be paused after 5 s
			for _, kind := range []Kind{Silent, Vacated} {
				if all := d.reported(kind); len(all) > 0 {
					t.Errorf("%v: reported %+v, want nobody silent or removed", span, all)
				}
			}
			if all := d.reported(Stood); len(all) != 1 || all[0].Span < span || all[0].Span > span+time.Second {
				t.Errorf("%v: reported %+v, want one standstill of that length", span, all)
			}
			countdown := 0
			for _, st := range left.states() {
				if st.Game.Phase == game.Countdown {
					countdown++
				}
			}
			if countdown < 29 || countdown > 35 {
				t.Errorf("%v: %d STATEs of the countdown, want those of 2 s", span, countdown)
			}
		}
	}
}

// The next ticks are on the grid of the match's slot, as before.
func TestStandStill_TicksStayOnTheGrid(t *testing.T) {
	d := newTestShard(t, nil)
	var all []*testPlayer
	for range 10 {
		all = append(all, d.join())
	}
	for i := range 20 {
		d.run(time.Second, all...)
		d.standStill(time.Second + time.Duration(i)*1234567*time.Nanosecond)
		for _, m := range d.tables.matches {
			k := slotOf(m.serial)
			due := m.due().Sub(d.epoch)
			off, after := at(k, ticks(k, due+1))-due, m.due().Sub(d.now)
			if off < -1 || off > 1 || after > Period || after <= 0 {
				t.Fatalf("%s is due %v after now and %v beside its grid, want the next tick of it", m.name, after, off)
			}
		}
	}
}

// A pause counts only while the shard runs.
func TestStandStill_CostsNoPauseBudget(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.run(SilentAfter+time.Second, left)
	before := PauseBudget - left.match().seats[1].pauseLeft()
	d.standStill(time.Minute, left)
	right.ping() // in the countdown
	d.run(time.Second, left, right)
	if used := PauseBudget - left.match().seats[1].pauseLeft(); before == 0 || used != LeastPause {
		t.Errorf("%v of the budget were used before the standstill and %v after it, want %v", before, used, LeastPause)
	}
	if n := len(d.reported(Vacated)); n > 0 {
		t.Errorf("%d players were removed", n)
	}
}

// The inputs that were made for ticks before a standstill must not be used after it, whether they have arrived before
// or come later. Those of a client that has echoed a STATE from after it are used.
func TestStandStill_InputsOfOtherTimesAreIgnored(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	used := func() (n int) {
		for _, in := range left.match().applied {
			if in[0] == game.Up {
				n++
			}
		}
		return n
	}
	left.input(left.match().tick()+40, game.Up, 40)
	stamp := left.stamp()
	d.standStill(2 * time.Second)
	newest := left.match().tick() + 40
	late := wire.Input{Newest: newest, Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 40}}}
	left.send(wire.AppendInput(nil, stamp, late))
	d.run(wire.HistoryLen * Period)
	if n := used(); n > 0 {
		t.Errorf("%d ticks after the standstill were played with inputs from before it, want none", n)
	}
	left.ping()
	left.input(newest, game.Up, 40)
	d.run(wire.HistoryLen * Period)
	if n := used(); n < wire.HistoryLen-2 {
		t.Errorf("%d of %d ticks were played with the inputs of a client that has echoed a STATE, want nearly all", n,
			wire.HistoryLen)
	}
}

// After a game Away pauses nothing, and before one nothing moves: a standstill changes neither.
func TestStandStill_OutsideAGame(t *testing.T) {
	d := newTestShard(t, func(c *Config) { c.Rules = game.Rules{Points: 1} })
	left, right := d.joinTwo()
	for len(d.reported(Over)) == 0 {
		d.run(time.Second, left, right)
	}
	alone := d.join()
	d.run(time.Second, left, right, alone)
	before, _ := d.State(left.id)
	left.states()
	right.states()
	d.standStill(8 * time.Second)
	d.run(time.Second, left, right, alone)
	after, _ := d.State(left.id)
	if after.Phase != game.Over || after.Score != before.Score || after.Winner != before.Winner {
		t.Errorf("the result was %v and is %v in phase %v", before.Score, after.Score, after.Phase)
	}
	for i, p := range []*testPlayer{left, right} {
		away := 0
		for _, in := range firstOf(p.states()).Applied {
			if in[i] == game.Away {
				away++
			}
		}
		if away == 0 {
			t.Errorf("player %d does not see that its inputs were not used", i+1)
		}
	}
	if s, _ := d.State(alone.id); s.Phase != game.Waiting || s.Round != 0 {
		t.Errorf("a match that has not begun is in phase %v", s.Phase)
	}
}

// firstOf returns the first STATE with some tick of the two after a standstill.
func firstOf(all []wire.State) wire.State {
	if len(all) < 2 {
		return wire.State{}
	}
	return all[1]
}

// A machine that was suspended can have a clock that stood still, too: no tick is late, but the players have waited.
func TestStandStill_OfTheClock(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	d.Suspended(d.now, time.Hour)
	d.run(3*Period, left, right)
	if s, _ := d.State(left.id); s.Phase == game.Playing {
		t.Errorf("the game goes on at once in phase %v, want a countdown", s.Phase)
	}
	d.runUntilPlaying(left, right)
	if n := len(d.reported(Stood)); n != 1 {
		t.Errorf("%d standstills are reported, want 1", n)
	}
}
