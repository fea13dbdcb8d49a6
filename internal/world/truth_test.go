package world

import (
	"testing"

	"pong/internal/game"
)

// A truth records what the server plays and compares it with the states that the clients hold as confirmed.
type truth struct {
	t       *testing.T
	w       *World
	matches map[string]*record
	checked map[*Player]uint32
	equal   int
	missing int // ticks in gaps that no STATE explains
}

// A record is the states of a match, from the first tick seen.
type record struct {
	first  uint32
	states []game.State
}

func (r *record) at(tick uint32) game.State { return r.states[tick-r.first] }

// watch starts to record all matches.
func watch(t *testing.T, w *World) *truth {
	tr := &truth{t: t, w: w, matches: make(map[string]*record), checked: make(map[*Player]uint32)}
	before := w.OnStep
	w.OnStep = func() {
		if before != nil {
			before()
		}
		for _, p := range w.Players {
			tr.record(p)
		}
		for _, p := range w.Players {
			tr.compare(p)
		}
	}
	return tr
}

// record keeps the current state of a player's match.
func (tr *truth) record(p *Player) {
	s, ok := tr.w.Shard.State(p.id)
	if !ok {
		return
	}
	r := tr.matches[p.Welcome.Match]
	if r == nil {
		r = &record{first: s.Tick}
		tr.matches[p.Welcome.Match] = r
	}
	switch next := r.first + uint32(len(r.states)); {
	case s.Tick == next:
		r.states = append(r.states, s)
	case s.Tick > next: // no player of the match was there for a while
		tr.matches[p.Welcome.Match] = &record{first: s.Tick, states: []game.State{s}}
	}
}

// compare checks the ticks that a client has confirmed since the last call.
func (tr *truth) compare(p *Player) {
	r, newest := tr.matches[p.Welcome.Match], p.Frame.Tick
	if r == nil || newest == 0 || newest < r.first {
		return
	}
	if tr.checked[p] == 0 {
		tr.checked[p] = newest - 1
	}
	for tick := max(tr.checked[p]+1, r.first); tick <= newest; tick++ {
		s, ok := p.Session.Confirmed(tick)
		if !ok {
			tr.missing++
			continue
		}
		if want := r.at(tick); s != want || s.Hash() != want.Hash() {
			tr.t.Fatalf("%s at %v: tick %d was\n%+v\nat the server, and the client has\n%+v", p.Name, tr.w.Elapsed(),
				tick, want, s)
		}
		tr.equal++
	}
	tr.checked[p] = max(tr.checked[p], newest)
}
