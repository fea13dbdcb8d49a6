package shard

import (
	"testing"
	"time"

	"pong/internal/game"
	"pong/internal/wire"
	"pong/netcode"
)

// newsMatch is a match in play whose players send an INPUT for each tick, some ticks ahead.
type newsMatch struct {
	*testShard
	players [2]*testPlayer
	keys    [2]game.Input
}

func newNewsMatch(t *testing.T, change func(*Config)) *newsMatch {
	d := newTestShard(t, change)
	left, right := d.joinTwo()
	d.runUntilPlaying(left, right)
	m := &newsMatch{testShard: d, players: [2]*testPlayer{left, right}}
	m.ticks(20)
	left.states()
	right.states()
	return m
}

// send has the players send their INPUTs for the next four ticks.
func (m *newsMatch) send() {
	for i, p := range m.players {
		p.input(p.match().tick()+3, m.keys[i], 4)
	}
}

func (m *newsMatch) ticks(n int) {
	for range n {
		m.run(Period, m.players[0], m.players[1])
		m.send()
	}
}

// A new key is in a STATE before the next tick, if the receiver's own input of its tick has arrived, and the player who
// pressed it is sent nothing.
func TestNews_IsSentAtOnce(t *testing.T) {
	m := newNewsMatch(t, nil)
	left, right := m.players[0], m.players[1]
	for left.match().tick()-right.match().seats[0].news.sent != 2 {
		m.ticks(1)
	}
	left.states()
	right.states()
	tick := left.match().tick()
	right.input(tick+4, game.Up, 1)
	if n := len(left.states()); n != 0 {
		t.Fatalf("%d STATEs were sent to a player whose own input has not arrived, want none", n)
	}
	left.input(tick+4, game.None, 1)
	all := left.states()
	if len(all) != 1 || all[0].Reason != wire.ReasonNews || all[0].Ahead.N != 5 || all[0].Ahead.Inputs[4] != game.Up {
		t.Errorf("after a new key the STATEs %+v were sent, want one with the key in the fifth input ahead", all)
	}
	if all := right.states(); len(all) != 0 {
		t.Errorf("%d STATEs were sent to the player who has pressed the key, want none", len(all))
	}
	right.input(tick+5, game.Up, 1)
	left.input(tick+5, game.None, 1)
	if n := len(left.states()); n != 0 {
		t.Errorf("%d STATEs were sent while the key is held, want none", n)
	}
}

// A player who changes the key at every tick draws no more than the budget.
func TestNews_IsBounded(t *testing.T) {
	m := newNewsMatch(t, nil)
	const seconds = 20
	for i := range seconds * game.TickRate {
		m.keys = [2]game.Input{game.Input(1 + i%2), game.Input(1 + i/2%2)}
		m.ticks(1)
	}
	const most = seconds*stateRefill + stateFull/stateCost + 40 // and those at points and serves
	for i, p := range m.players {
		if n := len(p.states()); n < 15*seconds || n > most {
			t.Errorf("player %d was sent %d STATEs in %d s, want %d to %d", i+1, n, seconds, 15*seconds, most)
		}
	}
}

// News is repeated if datagrams of the receiver are lost, more often if more are.
func TestNews_IsRepeatedByLoss(t *testing.T) {
	for class, every := range map[int]int{0: 0, 1: 150, 2: 10} {
		m := newNewsMatch(t, nil)
		left := m.players[0]
		loss := &left.shard.tables.sessions[left.id].loss
		*loss = netcode.Loss{}
		for number := range uint32(700) {
			if every == 0 || number%uint32(every) != 0 {
				loss.Add(number)
			}
		}
		if got := lossClass(loss.Share()); got != class {
			t.Fatalf("a share of %v is of class %d, want %d", loss.Share(), got, class)
		}
		m.keys[1] = game.Up
		m.send()
		left.states()
		var after []uint32
		var first uint32
		for range 12 {
			m.ticks(1)
			for _, st := range left.states() {
				if st.Reason == wire.ReasonNews && first == 0 {
					first = st.Game.Tick
				}
				if first != 0 {
					after = append(after, st.Game.Tick-first)
				}
			}
		}
		want := map[int][]uint32{0: {0, 4, 8}, 1: {0, 3, 7, 11}, 2: {0, 1, 2, 3, 5, 8}}[class]
		if len(after) < len(want) {
			t.Errorf("class %d: STATEs %v ticks after the news, want %v and later ones", class, after, want)
			continue
		}
		for i := range want {
			if after[i] != want[i] {
				t.Errorf("class %d: STATEs %v ticks after the news, want %v and later ones", class, after, want)
				break
			}
		}
	}
}

// The input that decides a contact is sent to the other player when it is known, although no key has changed.
func TestNews_DecidesContacts(t *testing.T) {
	m := newNewsMatch(t, nil)
	contacts := 0
	for range 20 * game.TickRate {
		m.ticks(1)
		match := m.players[0].match()
		for i, p := range m.players {
			for _, st := range p.states() {
				n := match.seats[i].news
				if st.Reason == wire.ReasonNews && match.state.Phase == game.Playing && n.told > n.contact &&
					n.contact >= netcode.Tick(st.Game.Tick) {
					contacts++
				}
			}
			if n := match.seats[i].news; match.state.Phase == game.Playing && n.contact+3 < match.tick() &&
				n.told <= n.contact {
				t.Fatalf("player %d is not sent the input of tick %d, which decides a contact, at tick %d", i+1,
					n.contact, match.tick())
			}
		}
	}
	if contacts < 3 {
		t.Errorf("%d contacts were news: the test does not cover it", contacts)
	}
}

// A player from whom nothing has arrived for a while is sent a STATE as soon as an INPUT arrives again.
func TestNews_WakesUp(t *testing.T) {
	m := newNewsMatch(t, nil)
	left, right := m.players[0], m.players[1]
	for range 2 * wakeAfter {
		m.run(Period, right)
		right.input(right.match().tick()+3, game.None, 4)
	}
	for left.match().tick() == left.match().seats[0].news.sent {
		m.run(Period, right)
	}
	left.states()
	left.input(left.match().tick()+3, game.None, 4)
	if n := len(left.states()); n != 1 {
		t.Errorf("%d STATEs answer the first INPUT after %v, want 1 at once", n, 2*wakeAfter*time.Duration(Period))
	}
}
