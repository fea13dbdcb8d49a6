package netcode

// Game is what a Predictor must know about a game. The game is deterministic: the same state and the same inputs
// give the same next state on every machine, so it computes on integers and keeps its random word in its state.
type Game[S, I comparable] struct {
	// Players is how many inputs a tick has.
	Players int

	// Step plays one tick. inputs has Players entries and is only lent: it must not be kept.
	Step func(state S, inputs []I) S

	// Guess says what a player does at a tick for which no input is known: last is the newest known input
	// and age (1 or more) is how many ticks ago it was. If nil, last is held for HoldGuess ticks and then
	// gives way to the zero input.
	Guess func(player int, last I, age int) I
}

// HoldGuess is for how many ticks the default Guess believes that a key stays held: 100 ms, about the time in
// which a person does not change his mind. Beyond it a wrong guess costs more than a missing one.
const HoldGuess = 6

// A Predictor runs a game ahead of its server: it plays ticks at once with the inputs known so far and guesses for
// the rest, keeps the last History ticks, and when the server's word on a past tick arrives it compares. If what was
// predicted is what happened, nothing at all is done; if not, the server's state is taken and the ticks since are
// played again with all that is known (client-side prediction and server reconciliation, as in QuakeWorld; the
// rollback by comparison is that of GGPO, which calls the oldest certain tick the confirmed one).
//
// The zero Predictor is not usable; NewPredictor makes one, and Start gives it its first state. No method allocates
// after that.
type Predictor[S, I comparable] struct {
	game      Game[S, I]
	states    [History]S
	inputs    []entry[I]    // History rows of Players entries
	lent      []I           // the argument of Step
	word      [History]bool // the states that are the server's word: no replay changes them
	head      Tick          // the predicted present: states[head] is the newest
	confirmed Tick          // the newest tick the server has spoken of
	oldest    Tick          // the oldest tick still remembered
	retold    Tick          // the oldest tick that was told an input after it was played; never if none was
	started   bool
}

// never is a tick that does not come.
const never = ^Tick(0)

// entry is one player's input of one tick. When it is not known, used is a guess from last, which is age ticks old.
type entry[I comparable] struct {
	used, last I
	age        int
	known      bool
	changed    bool // used is not what the tick was played with
}

// NewPredictor returns a Predictor for the game.
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
		inputs: make([]entry[I], History*game.Players),
		lent:   make([]I, game.Players),
	}
}

// Start forgets everything and makes state, of tick t, the confirmed present: the first state of a session, or a
// hard resynchronisation after a gap longer than the history.
func (p *Predictor[S, I]) Start(t Tick, state S) {
	clear(p.inputs)
	clear(p.word[:])
	p.states[slot(t)], p.word[slot(t)] = state, true
	p.head, p.confirmed, p.oldest = t, t, t
	p.retold = never
	p.started = true
}

// Started reports whether there is a state to predict from.
func (p *Predictor[S, I]) Started() bool { return p.started }

// SetInput tells a player's input of tick t: the own one when it is decided, a remote one when the server has
// told it, or the own one again if the server used another. It may come after t was played; Confirm then plays
// the ticks since again. Ticks that are ahead of the present or forgotten are ignored.
func (p *Predictor[S, I]) SetInput(player int, t Tick, input I) {
	if t > p.head || t < p.oldest {
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
	clear(p.row(p.head))
	return next
}

// A Correction is what Confirm found and did.
type Correction[S comparable] struct {
	Mismatch bool // the prediction of the confirmed tick was wrong
	Desync   bool // the inputs told so far do not explain the state: one was not told, or the game is not deterministic
	Resync   bool // the tick was ahead of the present or older than the history: everything was forgotten
	Stale    bool // the tick was older than the newest confirmed one: nothing was done
	Before   S    // the predicted present as it was
	After    S    // the predicted present as it is now; equal to Before when nothing had to change
}

// Confirm takes the server's state of tick t and reconciles: it plays again what new inputs or the server's word
// have changed, and nothing else. The present keeps its tick, except after a Resync, when the present is t and the
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

// replay plays again from the oldest change and puts the server's state in its place at tick t. A tick is stepped
// only if its state or an input of it is not what it was: where the new course meets the old one, nothing is done.
func (p *Predictor[S, I]) replay(t Tick, state S) (desync bool) {
	changed := false // the state of tick u is not the one from which u was played before
	for u := max(p.oldest, min(p.retold, t)); ; u++ {
		if s := &p.states[slot(u)]; u == t && *s != state {
			*s, changed, desync = state, true, true
		}
		if u == p.head {
			break
		}
		again := p.resolve(u) || changed // the guesses must be settled in any case: they age
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

// Confirmed returns the newest tick the server has spoken of. States up to it are what happened, provided that the
// inputs before it were told (SetInput); later ones are predictions.
func (p *Predictor[S, I]) Confirmed() Tick { return p.confirmed }

// At returns the state of tick t, if it is remembered.
func (p *Predictor[S, I]) At(t Tick) (S, bool) {
	if !p.started || t < p.oldest || t > p.head {
		var none S
		return none, false
	}
	return p.states[slot(t)], true
}

// Input returns a player's input of tick t as it was last played, and whether it is known or a guess.
func (p *Predictor[S, I]) Input(player int, t Tick) (input I, known bool) {
	if t < p.oldest || t > p.head {
		return input, false
	}
	e := p.entry(t, player)
	return e.used, e.known
}

// SyncTest plays the last n ticks again from what is remembered and reports whether every state comes out as it
// was: the test for a game that is not deterministic or keeps something outside its state. It changes nothing and
// is meant for tests and debug builds. Where the server has had its word it is not contradicted, and ticks that wait
// for Confirm to play them again are not compared.
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

// resolve settles the inputs of tick t: the known ones, and guesses for the others. It reports whether any of them
// is not what the tick was played with.
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
		} else { // the tick before is forgotten, but what it meant for this one is not
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
	i := slot(t) * p.game.Players
	return p.inputs[i : i+p.game.Players]
}

func (p *Predictor[S, I]) entry(t Tick, player int) *entry[I] {
	return &p.inputs[slot(t)*p.game.Players+player]
}
