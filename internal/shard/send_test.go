package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
	"pong/netcode/sealed"
)

func TestState_ReportsInputMargins(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	d.run(2*time.Second, left, right)
	left.states()
	right.states()
	now, _ := d.State(left.id)
	tick := netcode.Tick(now.Tick)
	left.input(tick+5, game.Up, 6) // the present and five more
	d.run(3*Period, left, right)
	states := left.states()
	last := states[len(states)-1]
	if !last.Margin.Valid || last.Margin.Min < 0 || last.Margin.Min > 1 || last.Margin.Mean < 2 ||
		last.Margin.Mean > 4 {
		t.Errorf("the margin is %+v, want a minimum below 1 and a mean of about 2.5 ticks", last.Margin)
	}
	if last.Acked[0] != tick+5 {
		t.Errorf("the STATE acknowledges tick %d, want %d", last.Acked[0], tick+5)
	}
	if last.Applied[0][0] != game.Up || last.Applied[0][1] != game.None {
		t.Errorf("inputs of the newest tick: %v, want Up and None", last.Applied[0])
	}
	other := right.states()
	if m := other[len(other)-1].Margin; m.Valid || m.Missed == 0 {
		t.Errorf("the margin of a player who has sent nothing is %+v, want an invalid one with missed ticks", m)
	}
	d.run(20*Period, left, right)
	states = left.states()
	last = states[len(states)-1]
	if last.Margin.Valid || last.Margin.Missed != wire.StateEvery {
		t.Errorf("without inputs the margin is %+v, want none and %d missed ticks", last.Margin, wire.StateEvery)
	}
	if last.Acked[0] < tick+5 {
		t.Errorf("the STATE acknowledges tick %d, after %d", last.Acked[0], tick+5)
	}
}

func TestSeal_ExhaustedSessionDoesNotStopTheOther(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	keys := d.tables.sessions[left.id].sealed
	var out [64]byte
	for range sealed.MaxPackets {
		if _, err := keys.Seal(out[:0], []byte{1}); err != nil {
			break
		}
	}
	d.run(time.Second, left, right)
	if len(left.states()) > 0 || d.Counts().Exhausted == 0 {
		t.Errorf("datagrams were sent after the last packet number: %+v", d.Counts())
	}
	if len(right.states()) == 0 {
		t.Error("the other player is sent no STATE")
	}
}
