package netcode

import (
	"math/rand/v2"
	"testing"
)

// A model does what a Predictor should do in the simplest way: it plays everything again from its oldest tick
// whenever it is asked.
type model struct {
	inputs, late        map[Tick][2]*int8 // late inputs are not played before the next state of the server
	base                [2]origin         // what is known about the inputs before the oldest tick
	first               walk              // the state of the oldest tick
	word                map[Tick]walk
	oldest, head, newer Tick
	guess               func(player int, last int8, age int) int8
}

type origin struct {
	last int8
	age  int
}

func (n *model) start(t Tick, s walk) {
	*n = model{
		inputs: map[Tick][2]*int8{}, late: map[Tick][2]*int8{}, word: map[Tick]walk{t: s},
		first: s, oldest: t, head: t, newer: t, guess: n.guess,
	}
}

func (n *model) setInput(player int, t Tick, x int8) {
	if t < n.oldest || t >= n.head+History {
		return
	}
	m := n.late
	if t >= n.head {
		m = n.inputs
	}
	in := m[t]
	in[player] = &x
	m[t] = in
}

func (n *model) settle() {
	for t, late := range n.late {
		in := n.inputs[t]
		for player, x := range late {
			if x != nil && t >= n.oldest {
				in[player] = x
			}
		}
		n.inputs[t] = in
	}
	clear(n.late)
}

func (n *model) confirm(t Tick, s walk) {
	n.word[t], n.newer = s, t
	if t == n.oldest {
		n.first = s
	}
}

func (n *model) play() map[Tick]walk {
	states := map[Tick]walk{n.oldest: n.first}
	from := n.base
	for t := n.oldest; t < n.head; t++ {
		var in []int8
		for player := range 2 {
			from[player].age++
			x := n.inputs[t][player]
			if x != nil {
				from[player] = origin{last: *x}
				in = append(in, *x)
				continue
			}
			in = append(in, n.guess(player, from[player].last, from[player].age))
		}
		states[t+1] = walkOn(states[t], in)
		if s, ok := n.word[t+1]; ok {
			states[t+1] = s
		}
	}
	return states
}

// advance drops the oldest tick if there are too many, but keeps its effect on guesses.
func (n *model) advance(oldState func(Tick) walk) {
	n.head++
	if n.head-n.oldest < History {
		return
	}
	for player := range 2 {
		n.base[player].age++
		if x := n.inputs[n.oldest][player]; x != nil {
			n.base[player] = origin{last: *x}
		}
	}
	n.oldest++
	n.first = oldState(n.oldest)
}

// Drives a Predictor and a model in random order, with inputs that are in time, late, ahead, forgotten or changed,
// with states that are old, repeated, ahead, too old, right or wrong, and with guesses that change with age.
func TestPredictor_AgainstTheModel(t *testing.T) {
	guess := func(player int, last int8, age int) int8 {
		switch {
		case age > 20 && player == 1:
			return int8(age / 8)
		case age > HoldGuess:
			return 0
		}
		return last
	}
	var seen tally
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 0))
		game := Game[walk, int8]{Players: 2, Step: walkOn, Guess: guess}
		p, n := NewPredictor(game), &model{guess: guess}
		begin := walk{Tick: Tick(r.IntN(3) * 500)}
		p.Start(begin.Tick, begin)
		n.start(begin.Tick, begin)
		for range 1500 {
			tick := Tick(max(int64(n.head)-int64(r.IntN(1+r.IntN(170)))+int64(r.IntN(3)), 0))
			switch k := r.IntN(20); {
			case k < 8:
				n.advance(func(t Tick) walk { s, _ := p.At(t); return s })
				p.Advance()
			case k < 17:
				player, x := r.IntN(2), int8(r.IntN(3))
				if r.IntN(3) == 0 {
					tick = n.head // like the client's own
				}
				if r.IntN(4) == 0 {
					tick = n.head + Tick(r.IntN(History+5)) // as revealed by the server
				}
				p.SetInput(player, tick, x)
				n.setInput(player, tick, x)
			default:
				state := walk{tick, uint32(r.IntN(1000))}
				before, ok := p.At(tick)
				switch ok = ok && tick >= n.newer; {
				case ok && r.IntN(3) == 0:
					state = before // as predicted
				case ok && r.IntN(2) == 0:
					n.settle()
					state = n.play()[tick] // as the inputs set meanwhile give it
				}
				want := Correction[walk]{Before: p.Present()}
				switch {
				case tick < n.newer:
					want.Stale = true
				case !ok:
					want.Resync = true
					n.start(tick, state)
				default:
					n.settle()
					want.Mismatch, want.Desync = before != state, n.play()[tick] != state
					n.confirm(tick, state)
				}
				want.After = want.Before
				if !want.Stale {
					want.After = n.play()[n.head]
				}
				if got := p.Confirm(tick, state); got != want {
					t.Fatalf("seed %d, tick %d of %d to %d: the correction is %+v, want %+v", seed, tick, n.oldest,
						n.head, got, want)
				}
				if !want.Stale {
					compare(t, seed, p, n)
				}
				seen.add(want)
			}
		}
	}
	if least := min(seen.mismatch, seen.desync, seen.explained, seen.resync, seen.stale, seen.none); least < 500 {
		t.Errorf("only %d of some kind of correction in %+v: the test does not cover it", least, seen)
	}
}

// A tally counts the kinds of corrections that the test has seen.
type tally struct{ mismatch, desync, explained, resync, stale, none int }

func (s *tally) add(c Correction[walk]) {
	for _, kind := range []struct {
		is bool
		n  *int
	}{
		{c.Mismatch, &s.mismatch}, {c.Desync, &s.desync}, {c.Mismatch && !c.Desync, &s.explained},
		{c.Resync, &s.resync}, {c.Stale, &s.stale}, {c == Correction[walk]{Before: c.Before, After: c.Before}, &s.none},
	} {
		if kind.is {
			*kind.n++
		}
	}
}

func compare(t *testing.T, seed uint64, p *Predictor[walk, int8], n *model) {
	t.Helper()
	want := n.play()
	if p.Head() != n.head || p.Confirmed() != n.newer {
		t.Fatalf("seed %d: the present is %d and confirmed %d, want %d and %d", seed, p.Head(), p.Confirmed(), n.head,
			n.newer)
	}
	for tick := n.oldest; tick <= n.head; tick++ {
		if got, ok := p.At(tick); !ok || got != want[tick] {
			t.Fatalf("seed %d: tick %d of %d to %d is %v (%v), want %v", seed, tick, n.oldest, n.head, got, ok,
				want[tick])
		}
	}
	if _, ok := p.At(n.oldest - 1); ok {
		t.Fatalf("seed %d: tick %d is remembered, want nothing before %d", seed, n.oldest-1, n.oldest)
	}
	if !p.SyncTest(History) {
		t.Fatalf("seed %d: the sync test fails on a deterministic game", seed)
	}
}
