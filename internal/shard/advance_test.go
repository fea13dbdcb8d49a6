package shard

import (
	"net/netip"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// TestAdvanceSome_ReachesEveryDueMatch plays the matches that are due a few at a time, and comes to all of them.
func TestAdvanceSome_ReachesEveryDueMatch(t *testing.T) {
	d := newTestShard(t, nil)
	const n = 40
	for range 2 * n {
		d.join()
	}
	d.run(time.Second)
	d.now = d.now.Add(Period)
	ticks := func() (sum int) {
		for _, m := range d.matches {
			sum += int(m.state.Tick)
		}
		return sum
	}
	before, calls := ticks(), 1
	for d.AdvanceSome(d.now, 7) {
		if calls++; calls > 3*n {
			t.Fatal("there is no end of what is due")
		}
	}
	if got := ticks() - before; got != n || calls != (n+6)/7 {
		t.Errorf("%d ticks were played in %d calls, want %d in %d", got, calls, n, (n+6)/7)
	}
	if next := d.Next(d.now); !next.After(d.now) {
		t.Errorf("after that something is due since %v", d.now.Sub(next))
	}
}

// TestNext_IsSoonWhileAPlayerIsUnregistered: while a newcomer has yet to register, the socket is looked at more often than at ticks.
func TestNext_IsSoonWhileAPlayerIsUnregistered(t *testing.T) {
	d := newTestShard(t, nil)
	left := d.join()
	d.run(time.Second, left)
	d.now = d.Next(d.now) // the beginning of a tick
	d.Advance(d.now)
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Fatalf("with nobody to wait for the socket is looked at after %v, want a tick", next)
	}
	right, err := d.tryJoin(nil)
	if err != nil {
		t.Fatal(err)
	}
	if next := d.Next(d.now).Sub(d.now); next > Period/slots {
		t.Errorf("a REGISTER may have to wait for %v, want a slot", next)
	}
	right.register()
	if next := d.Next(d.now).Sub(d.now); next < Period/2 {
		t.Errorf("after the REGISTER the socket is looked at after %v, want a tick", next)
	}
}

// TestOverload_LateShardStepsEveryTick stops a loop for a second: every tick is played all the same, and the STATEs of the
// past are left out and counted.
func TestOverload_LateShardStepsEveryTick(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(time.Second, left, right)
	left.states()
	before, tick := d.Counts(), d.sessions[left.id].seat.match.state.Tick
	d.now = d.now.Add(time.Second)
	d.Advance(d.now)
	after := d.Counts()
	if n := d.sessions[left.id].seat.match.state.Tick - tick; n != 60 || after.Ticks-before.Ticks != 60 {
		t.Errorf("%d ticks were played and %d counted after a second's stop, want 60", n, after.Ticks-before.Ticks)
	}
	sent, skipped := after.States-before.States, after.Skipped-before.Skipped
	if sent == 0 || sent > 6 || sent+skipped < 40 || skipped < 34 {
		t.Errorf("%d STATEs were sent and %d left out, want the newest alone to be sent and 40 in all", sent, skipped)
	}
	states := left.states()
	if newest := states[len(states)-1]; newest.Game.Tick+wire.StateEvery < tick+60 {
		t.Errorf("the newest STATE is of tick %d, the match is at %d", newest.Game.Tick, tick+60)
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
		b, err := left.keys.Seal(nil, wire.AppendInput(nil, stamp, wire.Input{
			Newest: netcode.Tick(now.Tick) + netcode.Tick(i) + 3, Runs: []netcode.Run[game.Input]{{Input: game.Up, N: 4}},
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
