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
	if m := last.Margin; !m.Valid || m.Min < 0 || m.Min > 1 || m.Base < m.Min || m.Base > m.Min+0.25 {
		t.Errorf("the margin is %+v, want a minimum below 1, and nearly the same as base", m)
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

// A datagram is lost and the next one takes 40 ms longer: the inputs of both are late, but the base margin is what it
// was before. The tail is as long as the older input was late.
func TestState_BaseMarginIsWithoutTheNetwork(t *testing.T) {
	d := newTestShard(t, nil)
	left, right := d.joinTwo()
	newest := func() wire.Margin {
		states := left.states()
		return states[len(states)-1].Margin
	}
	now, _ := d.State(left.id)
	tick := netcode.Tick(now.Tick) + 8
	send := func(late time.Duration, lost bool) { // the input of the next tick, and the two before
		stamp := left.stamp()
		stamp.TS -= uint32(late.Microseconds())
		tick++
		plain := wire.AppendInput(nil, stamp, wire.Input{Newest: tick, Runs: []netcode.Run[game.Input]{{N: 3}}})
		if datagram, _ := left.keys.Seal(nil, plain); !lost {
			d.Receive(d.now, left.from, datagram)
		}
	}
	for range 125 {
		send(0, false)
		d.run(Period, left, right)
	}
	usual := newest()
	send(0, true)
	d.run(Period+40*time.Millisecond, left, right)
	send(40*time.Millisecond, false)
	d.run(3*Period, left, right)
	m := newest()
	if usual.Base != usual.Min || m.Min > usual.Min-2 || m.Base < usual.Base-0.25 || m.Base > usual.Base+0.25 {
		t.Errorf("margins are %+v, and %+v after a lost datagram and a late one: want the same base", usual, m)
	}
	if want := int((Period + 40*time.Millisecond) / time.Millisecond); usual.TailMS > 3 || m.TailMS < want-3 ||
		m.TailMS > want+3 {
		t.Errorf("the tail is %d ms, and %d ms after a lost datagram and a late one, want 0 and %d", usual.TailMS,
			m.TailMS, want)
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
