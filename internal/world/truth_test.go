package world

import (
	"testing"

	"pong/internal/game"
)

// truth records what the server plays and compares with what a client takes for confirmed.
type truth struct {
	t       *testing.T
	w       *World
	states  []game.State // by tick
	checked map[*Player]uint32
	equal   int
	missing int // ticks in gaps that no STATE explains
}

// watch begins to record the match of the players.
func watch(t *testing.T, w *World, players ...*Player) *truth {
	tr := &truth{t: t, w: w, checked: make(map[*Player]uint32)}
	before := w.OnStep
	w.OnStep = func() {
		if before != nil {
			before()
		}
		tr.record(players[0])
		for _, p := range players {
			tr.compare(p)
		}
	}
	return tr
}

// record keeps the state of the tick that was just played.
func (tr *truth) record(p *Player) {
	s, ok := tr.w.Shard.State(p.id)
	if !ok {
		return
	}
	if tr.states == nil {
		tr.states = make([]game.State, s.Tick) // what came before is not compared
	}
	switch n := len(tr.states); {
	case int(s.Tick) == n:
		tr.states = append(tr.states, s)
	case int(s.Tick) > n:
		tr.t.Fatalf("the observer has missed tick %d", n)
	}
}

// compare looks at the ticks that a client has confirmed since it was last asked.
func (tr *truth) compare(p *Player) {
	newest := p.View.Tick
	if tr.checked[p] == 0 {
		tr.checked[p] = uint32(len(tr.states))
	}
	for tick := tr.checked[p] + 1; tick <= newest; tick++ {
		s, ok := p.Session.Confirmed(tick)
		if !ok {
			tr.missing++
			continue
		}
		if s != tr.states[tick] || s.Hash() != tr.states[tick].Hash() {
			tr.t.Fatalf("%s at %v: tick %d was\n%+v\nat the server, and is taken for\n%+v",
				p.Name, tr.w.Elapsed(), tick, tr.states[tick], s)
		}
		tr.equal++
	}
	tr.checked[p] = max(tr.checked[p], newest)
}
