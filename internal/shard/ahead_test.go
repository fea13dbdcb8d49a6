package shard

import (
	"slices"
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// newest runs a match for one interval between STATEs and returns the newest STATE that a client was sent meanwhile.
func (p *testPlayer) newest(awake ...*testPlayer) wire.State {
	p.shard.t.Helper()
	p.states()
	p.shard.run(wire.StateEvery*Period, awake...)
	all := p.states()
	if len(all) == 0 {
		p.shard.t.Fatalf("player %d was sent no STATE in %d ticks", p.welcome.PlayerID, wire.StateEvery)
	}
	return all[len(all)-1]
}

func TestState_RevealsInputsOnlyAfterOnesOwn(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*time.Second, left, right)
	watcher := d.joinAs(JoinRequest{Watch: true})
	all := []*testPlayer{left, right, watcher}
	now, _ := d.State(left.id)
	tick := netcode.Tick(now.Tick)
	// ahead returns the last tick that a STATE reveals to a client, and the tick before the STATE if it reveals none.
	ahead := func(p *testPlayer) netcode.Tick {
		t.Helper()
		st := p.newest(all...)
		for i, in := range st.Ahead.Inputs[:st.Ahead.N] {
			if want := [...]game.Input{game.Down, game.Up}[p.welcome.PlayerID-1]; in != want {
				t.Errorf("player %d: the input ahead of tick %d is %d, want %d", p.welcome.PlayerID,
					netcode.Tick(st.Game.Tick)+netcode.Tick(i), in, want)
			}
		}
		return netcode.Tick(st.Game.Tick) + netcode.Tick(st.Ahead.N) - 1
	}

	right.input(tick+29, game.Down, 30)
	if got, st := ahead(left), left.match().tick(); got >= st {
		t.Errorf("before its own INPUT player 1 is shown the inputs up to tick %d at tick %d", got, st)
	}
	left.input(tick+8, game.Up, 9)
	if got := ahead(left); got != tick+8 {
		t.Errorf("with its own inputs up to tick %d player 1 is shown those up to %d, want the same tick", tick+8, got)
	}
	left.input(tick+29, game.Up, 21)
	for _, p := range all[:2] {
		if st := p.newest(all...); st.Ahead.N != wire.MaxAhead {
			t.Errorf("with inputs of both far ahead player %d is shown %d, want %d", p.welcome.PlayerID, st.Ahead.N,
				wire.MaxAhead)
		}
		ahead(p)
	}
	if st := watcher.newest(all...); st.Ahead.N != 0 {
		t.Errorf("a watcher is shown %d inputs ahead, want none", st.Ahead.N)
	}
}

// Clients send inputs for ticks to come and change their minds. Each input that was revealed is the one that is
// applied.
func TestState_AppliesTheInputsThatItHasRevealed(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	players := []*testPlayer{left, right}
	d.run(2*time.Second, players...)
	revealed, compared := [2]map[netcode.Tick]game.Input{{}, {}}, 0
	for range 300 {
		for i, p := range players {
			tick := p.match().tick()
			p.input(tick+netcode.Tick(d.random.Uint64()%16), game.Input(d.random.Uint64()%3), 6)
			st := p.newest(players...)
			at := netcode.Tick(st.Game.Tick)
			for k, in := range st.Ahead.Inputs[:st.Ahead.N] {
				revealed[1-i][at+netcode.Tick(k)] = in
			}
			for ago, in := range st.Applied {
				for seat, was := range in {
					told, ok := revealed[seat][at-1-netcode.Tick(ago)]
					if ok && told != was {
						t.Fatalf("player %d was applied input %d at tick %d, and %d was revealed", seat+1, was,
							at-1-netcode.Tick(ago), told)
					}
					if ok {
						compared++
					}
				}
			}
		}
	}
	if compared < 1000 {
		t.Errorf("only %d inputs were compared: the test does not cover it", compared)
	}
}

func TestState_RevealsNothingOfASilentPlayer(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*time.Second, left, right)
	right.deaf = true // its INPUTs arrive, and it echoes nothing: it becomes silent
	for range 8 * game.TickRate / wire.StateEvery {
		tick := left.match().tick()
		for _, p := range []*testPlayer{left, right} {
			p.input(tick+8, game.Up, 9)
		}
		st := left.newest(left)
		if away := slices.Contains(st.Applied[:1], game.Inputs{game.None, game.Away}); away && st.Ahead.N > 0 {
			t.Fatalf("tick %d: %d inputs ahead of a player whose input is Away", st.Game.Tick, st.Ahead.N)
		} else if away {
			return
		}
	}
	t.Error("the player who echoes nothing has not become silent")
}
