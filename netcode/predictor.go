package netcode

import "slices"

// A Game is what a Predictor must know about a game. The game must be deterministic: the same state and the same
// inputs give the same next state on every machine, so it computes with integers, and chance is an input.
type Game[S, I comparable] struct {
	// Players is the number of inputs of a tick.
	Players int

	// Step plays one tick. inputs has Players entries; Step must not keep it.
	Step func(state S, inputs []I) S

	// Guess returns the input of a player at a tick for which none is known. last is the newest known input, and age
	// (1 or more) is how many ticks ago it was. If nil, Guess returns last for HoldGuess ticks and then the zero
	// input.
	Guess func(player int, last I, age int) I
}

// HoldGuess is the number of ticks for which the default Guess assumes that a key stays held: 250 ms at 60 Hz. A server
// that sends a state when a key changes tells of each wrong guess at once, so a key that is not known for so long has
// most likely not changed. If states are lost for longer, a paddle that stands still is less wrong than one at an edge.
const HoldGuess = 15

// A Predictor runs a game ahead of its server. It plays ticks at once, with the inputs that are known and guesses for
// the others, and keeps the last History ticks. When the server's state of a past tick arrives, it compares. If the
// prediction was right, it does nothing. If not, it takes the server's state and plays the ticks since then again
// with all inputs that are known by now. (Client-side prediction and server reconciliation are those of QuakeWorld;
// the rollback by comparison is that of GGPO.)
//
// Make a Predictor with NewPredictor; Start or Confirm gives it its first state. No method allocates after that.
type Predictor[S, I comparable] struct {
	game      Game[S, I]
	states    [History]S
	inputs    []entry[I]    // rows rows of Players entries, of the ticks from oldest to head+History-1
	lent      []I           // the argument of Step
	word      [History]bool // the state came from the server: no replay changes it
	head      Tick          // the predicted present: states[head] is the newest
	confirmed Tick          // the newest tick whose state came from the server
	oldest    Tick          // the oldest tick still remembered
	retold    Tick          // the oldest tick whose input was set after it was played; never if there is none
	started   bool
}

// rows is the number of ticks whose inputs a Predictor keeps: as many ahead of the present as behind it.
const rows = 2 * History

// never is later than every tick.
const never = ^Tick(0)

// An entry is one player's input of one tick. If it is not known, used is a guess from last, which is age ticks old.
type entry[I comparable] struct {
	used, last I
	age        int
	known      bool
	changed    bool // used differs from the input with which the tick was played
}

// NewPredictor returns a Predictor for game.
func NewPredictor[S, I comparable](game Game[S, I]) *Predictor[S, I] {
	if game.Guess == nil {
		game.Guess = func(_ int, last I, age int) I {
			var none I
			if age > HoldGuess {
				return none
			}
			return last
		}
	}
	return &Predictor[S, I]{
		game:   game,
		inputs: make([]entry[I], rows*game.Players),
		lent:   make([]I, game.Players),
	}
}

// Start drops everything and makes state, of tick t, the confirmed present. It is for the first state of a session,
// and for a new start after a gap that is longer than the history.
func (p *Predictor[S, I]) Start(t Tick, state S) {
	clear(p.inputs)
	clear(p.word[:])
	p.states[slot(t)], p.word[slot(t)] = state, true
	p.head, p.confirmed, p.oldest = t, t, t
	p.retold = never
	p.started = true
}

// Clone returns a Predictor with the same states and inputs, which goes on by itself.
func (p *Predictor[S, I]) Clone() *Predictor[S, I] {
	q := *p
	q.inputs, q.lent = slices.Clone(p.inputs), slices.Clone(p.lent)
	return &q
}

// Started reports whether there is a state to predict from.
func (p *Predictor[S, I]) Started() bool { return p.started }

// SetInput sets a player's input of tick t: the client's own when it is decided, another player's when the server has
// sent it, and the client's own again if the server played another one. If t was played already, the next Confirm
// plays the ticks since then again. If t is ahead of the present, Advance plays it with this input (see Reveal). It
// does nothing for a tick that is forgotten, or History or more ticks ahead.
func (p *Predictor[S, I]) SetInput(player int, t Tick, input I) {
	if t < p.oldest || t > p.head && t-p.head >= History {
		return
	}
	e := p.entry(t, player)
	if e.known && e.used == input {
		return
	}
	if t < p.head {
		p.retold = min(p.retold, t)
		e.changed = e.changed || e.used != input
	}
	e.used, e.known = input, true
}

// Advance plays one more tick and returns the new predicted present.
func (p *Predictor[S, I]) Advance() S {
	p.resolve(p.head)
	next := p.step(p.head)
	p.head++
	if p.head-p.oldest >= History {
		p.oldest = p.head - History + 1
	}
	p.states[slot(p.head)], p.word[slot(p.head)] = next, false
	clear(p.row(p.head + History - 1)) // which was that of a tick before the oldest
	return next
}

// A Correction says what Confirm found and did.
type Correction[S comparable] struct {
	Mismatch bool // the prediction of the confirmed tick was wrong
	Desync   bool // the inputs set so far do not give this state: one was not set, or the game is not deterministic
	Resync   bool // the tick was ahead of the present or older than the history: it started again
	Stale    bool // the tick was older than the newest confirmed one: it did nothing
	Before   S    // the predicted present as it was
	After    S    // the predicted present as it is now; equal to Before if nothing had to change
}

// Confirm takes the server's state of tick t and reconciles: it plays the ticks again that the state or new inputs
// have changed, and no others. The present keeps its tick, except after a Resync: then the present is t, and the
// caller advances from there.
func (p *Predictor[S, I]) Confirm(t Tick, state S) Correction[S] {
	c := Correction[S]{Before: p.Present()}
	switch {
	case p.started && t < p.confirmed:
		c.Stale = true
	case !p.started || t > p.head || t < p.oldest:
		p.Start(t, state)
		c.Resync = true
	default:
		c.Mismatch = p.states[slot(t)] != state
		if c.Mismatch || p.retold != never {
			c.Desync = p.replay(t, state)
		}
		p.word[slot(t)] = true
		p.confirmed = t
	}
	c.After = p.Present()
	return c
}

// replay plays again from the oldest change on and puts the server's state in its place at tick t. It steps a tick
// only if its state or one of its inputs has changed: where the new course meets the old one, it does nothing.
func (p *Predictor[S, I]) replay(t Tick, state S) (desync bool) {
	changed := false // the state of tick u differs from the one from which u was played before
	for u := max(p.oldest, min(p.retold, t)); ; u++ {
		if s := &p.states[slot(u)]; u == t && *s != state {
			*s, changed, desync = state, true, true
		}
		if u == p.head {
			break
		}
		again := p.resolve(u) || changed // in any case, because guesses depend on their age
		if !again || p.word[slot(u+1)] {
			changed = false
			continue
		}
		next, old := p.step(u), &p.states[slot(u+1)]
		changed = next != *old
		*old = next
	}
	p.retold = never
	return desync
}

// Present returns the predicted present.
func (p *Predictor[S, I]) Present() S { return p.states[slot(p.head)] }

// Head returns the tick of the predicted present.
func (p *Predictor[S, I]) Head() Tick { return p.head }

// Confirmed returns the newest tick whose state came from the server. States up to it are what the server played,
// provided that all inputs before it were set; later states are predictions.
func (p *Predictor[S, I]) Confirmed() Tick { return p.confirmed }

// At returns the state of tick t. It returns false if t is ahead of the present or forgotten.
func (p *Predictor[S, I]) At(t Tick) (S, bool) {
	if !p.started || t < p.oldest || t > p.head {
		var none S
		return none, false
	}
	return p.states[slot(t)], true
}

// Input returns a player's input of tick t as it was last played; known is false if it is a guess.
func (p *Predictor[S, I]) Input(player int, t Tick) (input I, known bool) {
	if t < p.oldest || t > p.head {
		return input, false
	}
	e := p.entry(t, player)
	return e.used, e.known
}

// SyncTest plays the last n ticks again and reports whether every state comes out as it was. It fails for a game that
// is not deterministic or keeps something outside its state. It changes nothing and is meant for tests and debug
// builds. It does not compare states that came from the server, nor ticks that wait for Confirm to play them again.
func (p *Predictor[S, I]) SyncTest(n int) bool {
	from, to := p.oldest, min(p.head, p.retold)
	if p.head-from > Tick(n) {
		from = p.head - Tick(n)
	}
	for t := from; t < to; t++ {
		if next := p.step(t); next != p.states[slot(t+1)] && !p.word[slot(t+1)] {
			return false
		}
	}
	return true
}

// resolve decides the inputs of tick t: the known ones, and guesses for the others. It reports whether any of them
// differs from the one with which the tick was played.
func (p *Predictor[S, I]) resolve(t Tick) (changed bool) {
	for player := range p.game.Players {
		e := p.entry(t, player)
		if e.known {
			changed = changed || e.changed
			e.last, e.age, e.changed = e.used, 0, false
			continue
		}
		if t > p.oldest {
			before := p.entry(t-1, player)
			e.last, e.age = before.last, before.age
			e.age++
		} else { // the tick before is forgotten; last and age have its effect already
			e.age = max(e.age, 1)
		}
		guess := p.game.Guess(player, e.last, e.age)
		changed = changed || guess != e.used
		e.used = guess
	}
	return changed
}

func (p *Predictor[S, I]) step(t Tick) S { return p.game.Step(p.states[slot(t)], p.lend(t)) }

func (p *Predictor[S, I]) lend(t Tick) []I {
	for i, e := range p.row(t) {
		p.lent[i] = e.used
	}
	return p.lent
}

func (p *Predictor[S, I]) row(t Tick) []entry[I] {
	i := int(t%rows) * p.game.Players
	return p.inputs[i : i+p.game.Players]
}

func (p *Predictor[S, I]) entry(t Tick, player int) *entry[I] {
	return &p.inputs[int(t%rows)*p.game.Players+player]
}
