package shard

import (
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// TestAdvanceSome_ReachesEveryDueMatch plays the matches that are due seven at a time.
func TestAdvanceSome_ReachesEveryDueMatch(t *testing.T) {
	d := newTestShard(t, nil)
	const n = 40
	for range 2 * n {
		d.join()
	}
	d.run(time.Second)
	d.now = d.now.Add(Period)
	ticks := func() (sum int) {
		for _, m := range d.tables.matches {
			sum += int(m.state.Tick)
		}
		return sum
	}
	before, calls := ticks(), 1
	for d.AdvanceSome(d.now, 7) {
		if calls++; calls > 3*n {
			t.Fatalf("after %d calls more matches are due", calls)
		}
	}
	if got := ticks() - before; got != n || calls != (n+6)/7 {
		t.Errorf("%d ticks were played in %d calls, want %d in %d", got, calls, n, (n+6)/7)
	}
	if next := d.Next(d.now); !next.After(d.now) {
		t.Errorf("after that a match is due since %v", d.now.Sub(next))
	}
}

func TestNext_IsSoonWhileAPlayerIsUnregistered(t *testing.T) {
	d := newTestShard(t, nil)
	left := d.join()
	d.run(time.Second, left)
	d.now = d.Next(d.now) // the beginning of a tick
	d.Advance(d.now)
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Fatalf("Next() is %v away with all players registered, want a tick", next)
	}
	right, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	if next := d.Next(d.now).Sub(d.now); next > Period/slots {
		t.Errorf("Next() is %v away while a player is unregistered, want at most %v", next, Period/slots)
	}
	right.register()
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Errorf("Next() is %v away after the REGISTER, want a tick", next)
	}
}

// TestAdvance_LateShardStepsEveryTick advances a shard that is late, but not by as much as one that has stood still: it
// plays every tick, and skips and counts the STATEs of the past.
func TestAdvance_LateShardStepsEveryTick(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	left.states()
	before, tick := d.Counts(), left.match().state.Tick
	const late = int(StoodStill / Period)
	d.now = d.now.Add(StoodStill)
	d.Advance(d.now)
	after := d.Counts()
	if n := int(left.match().state.Tick - tick); n != late || after.Ticks-before.Ticks != late {
		t.Errorf("%d ticks were played and %d counted %v late, want %d", n, after.Ticks-before.Ticks, StoodStill, late)
	}
	sent, skipped := after.States-before.States, after.Skipped-before.Skipped
	if sent == 0 || sent > 6 || sent+skipped < 20 || skipped < 14 {
		t.Errorf("%d STATEs were sent and %d skipped, want the newest to be sent and 20 in all", sent, skipped)
	}
	states := left.states()
	if newest := states[len(states)-1]; newest.Game.Tick+wire.StateEvery < tick+uint32(late) {
		t.Errorf("the newest STATE is of tick %d, the match is at %d", newest.Game.Tick, tick+uint32(late))
	}
}

func TestShard_OneMatchAllocatesNothing(t *testing.T) {
	d := newTestShard(t, func(cfg *Config) {
		cfg.Send = func(netip.Addr, netip.AddrPort, []byte) {}
		cfg.Report = func(Report) {}
	})
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	const rounds = 200
	var datagrams [][]byte
	now, _ := d.State(left.id)
	for i := range 2*rounds + 4 {
		b, err := left.keys.Seal(nil, wire.AppendInput(nil, left.stamp(), wire.Input{
			Newest: netcode.Tick(now.Tick) + netcode.Tick(i) + 3,
			Runs:   []netcode.Run[game.Input]{{Input: game.Up, N: 4}},
		}))
		if err != nil {
			t.Fatal(err)
		}
		datagrams = append(datagrams, b)
	}
	i := 0
	if n := testing.AllocsPerRun(rounds, func() {
		d.Receive(d.now, left.from, datagrams[i])
		d.now = d.Next(d.now)
		d.Advance(d.now)
		i++
	}); n != 0 {
		t.Errorf("%v allocations for an INPUT, a tick and its STATEs", n)
	}
}
