package netcode

import "testing"

// walk is the state of the game in these tests; it depends on every input of every tick before.
type walk struct {
	Tick Tick
	Hash uint32
}

func walkOn(s walk, in []int8) walk {
	h := s.Hash
	for _, x := range in {
		h = (h ^ uint32(uint8(x))) * 16777619
	}
	return walk{s.Tick + 1, h}
}

// counted is a walk that counts its steps.
func counted(players int, steps *int) Game[walk, int8] {
	return Game[walk, int8]{Players: players, Step: func(s walk, in []int8) walk {
		*steps++
		return walkOn(s, in)
	}}
}

// lastInputs is a game whose state is the last inputs only, so that two courses meet again.
func lastInputs(steps *int) Game[[2]int8, int8] {
	return Game[[2]int8, int8]{Players: 2, Step: func(_ [2]int8, in []int8) [2]int8 {
		*steps++
		return [2]int8{in[0], in[1]}
	}}
}

func wantSteps(t *testing.T, what string, steps *int, want int) {
	t.Helper()
	if *steps != want {
		t.Errorf("%s: stepped %d ticks, want %d", what, *steps, want)
	}
	*steps = 0
}

func TestPredictor_StepsNothingWithoutNeed(t *testing.T) {
	steps, guesses := 0, 0
	game := counted(2, &steps)
	game.Guess = func(_ int, last int8, _ int) int8 { guesses++; return last }
	p := NewPredictor(game)
	if p.Started() {
		t.Error("a Predictor is started before its start")
	}
	p.Start(100, walk{Tick: 100})
	truth := []walk{{Tick: 100}}
	for tick := Tick(100); tick < 110; tick++ {
		p.SetInput(0, tick, 1)
		p.SetInput(1, tick, 0)
		p.Advance()
		truth = append(truth, walkOn(truth[tick-100], []int8{1, 0}))
	}
	wantSteps(t, "ten ticks", &steps, 10)

	p.Advance()
	truth = append(truth, walkOn(truth[10], []int8{1, 0}))
	steps, guesses = 0, 0
	c := p.Confirm(104, truth[4])
	wantSteps(t, "the server says what was predicted", &steps, 0)
	if guesses != 0 {
		t.Errorf("guessed %d inputs anew, want none: nothing has changed", guesses)
	}
	if want := (Correction[walk]{Before: truth[11], After: truth[11]}); c != want {
		t.Errorf("the correction is %+v, want %+v", c, want)
	}
	p.Confirm(104, truth[4])
	wantSteps(t, "the same again", &steps, 0)
	if c := p.Confirm(103, walk{}); !c.Stale || c.Before != c.After {
		t.Errorf("the correction by an old state is %+v, want a stale one that changes nothing", c)
	}
	wantSteps(t, "an older state", &steps, 0)
	p.SetInput(0, 105, 1)
	p.Confirm(105, truth[5])
	wantSteps(t, "an input that was known", &steps, 0)

	p.SetInput(1, 107, 5)
	wantSteps(t, "before Confirm", &steps, 0)
	if c := p.Confirm(106, truth[6]); c.Mismatch || c.Desync || c.Before == c.After {
		t.Errorf("the correction is %+v, want a changed present and no mismatch", c)
	}
	wantSteps(t, "another input for tick 107", &steps, 4)

	wrong := walk{Tick: 109, Hash: 42}
	if c := p.Confirm(109, wrong); !c.Mismatch || !c.Desync {
		t.Errorf("the correction is %+v, want a mismatch that no input explains", c)
	}
	wantSteps(t, "another state of tick 109", &steps, 2)
	want := walkOn(walkOn(wrong, []int8{1, 0}), []int8{1, 0})
	if got := p.Present(); got != want || p.Head() != 111 || p.Confirmed() != 109 {
		t.Errorf("the present is %v of tick %d, confirmed to %d, want %v, 111 and 109", got, p.Head(), p.Confirmed(),
			want)
	}
	if c := p.Confirm(111, p.Present()); c.Mismatch || c.Resync {
		t.Errorf("the correction by the state of the present itself is %+v, want none", c)
	}
	wantSteps(t, "the state of the present", &steps, 0)
}

// From where the new course meets the old one, the ticks stay as they were.
func TestPredictor_StopsWhereCoursesMeet(t *testing.T) {
	steps := 0
	p := NewPredictor(lastInputs(&steps))
	p.Start(0, [2]int8{})
	for tick := Tick(0); tick < 20; tick++ {
		p.SetInput(0, tick, 3)
		p.SetInput(1, tick, 3)
		p.Advance()
	}
	steps = 0
	p.SetInput(1, 5, 4)
	p.SetInput(1, 12, 4)
	if c := p.Confirm(2, [2]int8{3, 3}); c.Before != c.After {
		t.Errorf("the present changed from %v to %v, want no change", c.Before, c.After)
	}
	wantSteps(t, "two ticks that leave no trace", &steps, 4)
	if s, _ := p.At(6); s != [2]int8{3, 4} {
		t.Errorf("the state after the first of them is %v, want [3 4]", s)
	}
}

// A right guess costs nothing, and a wrong one is a mismatch that the input explains.
func TestPredictor_Guesses(t *testing.T) {
	steps := 0
	p := NewPredictor(lastInputs(&steps))
	p.Start(0, [2]int8{})
	p.SetInput(1, 0, 7)
	for range 20 {
		p.Advance()
	}
	for tick := range Tick(20) {
		in, known := p.Input(1, tick)
		want := int8(7)
		if tick > HoldGuess {
			want = 0
		}
		if in != want || known != (tick == 0) {
			t.Errorf("tick %d was played with %d (known: %v), want %d: held for %d ticks", tick, in, known, want,
				HoldGuess)
		}
	}
	steps = 0
	p.SetInput(1, 1, 7)
	p.SetInput(1, 2, 7)
	if c := p.Confirm(3, [2]int8{0, 7}); c.Mismatch {
		t.Errorf("the correction is %+v, want none: the guesses were right", c)
	}
	// 7 and 8, for which 7 is not too old any more, and 9 after them
	wantSteps(t, "two more ticks of the guess", &steps, 3)
	if in, _ := p.Input(1, 8); in != 7 {
		t.Errorf("tick 8 is played with %d, want 7: the last known input is 6 ticks old", in)
	}
	p.SetInput(1, 3, 5)
	if c := p.Confirm(4, [2]int8{0, 5}); !c.Mismatch || c.Desync {
		t.Errorf("the correction is %+v, want a mismatch that the input explains", c)
	}
	if _, known := p.Input(1, 21); known {
		t.Error("an input of a tick ahead of the present is known")
	}
}

func TestPredictor_Resynchronises(t *testing.T) {
	steps := 0
	fresh := func() *Predictor[walk, int8] {
		p := NewPredictor(counted(1, &steps))
		p.Start(1000, walk{Tick: 1000})
		for range 200 {
			p.Advance()
		}
		return p
	}
	for _, test := range []struct {
		tick   Tick
		resync bool
	}{{1000, true}, {1072, true}, {1073, false}, {1200, false}, {1201, true}, {5000, true}} {
		p := fresh()
		steps = 0
		state := walk{Tick: test.tick, Hash: 9}
		c := p.Confirm(test.tick, state)
		if c.Resync != test.resync {
			t.Errorf("tick %d with the present at 1200: resync is %v, want %v", test.tick, c.Resync, test.resync)
		}
		if !test.resync {
			wantSteps(t, "a state from the history", &steps, int(1200-test.tick))
			continue
		}
		wantSteps(t, "a resync", &steps, 0)
		if p.Head() != test.tick || p.Present() != state || c.After != state {
			t.Errorf("the present is %v of tick %d after the resync, want %v of tick %d", p.Present(), p.Head(), state,
				test.tick)
		}
		if _, ok := p.At(test.tick - 1); ok {
			t.Errorf("the tick before %d is remembered after the resync", test.tick)
		}
	}
	p := NewPredictor(counted(1, &steps))
	if c := p.Confirm(7, walk{Tick: 7}); !c.Resync || !p.Started() || p.Head() != 7 {
		t.Errorf("the first state gives %+v, want a start by it", c)
	}
	if _, ok := p.At(6); ok {
		t.Error("the tick before the first is remembered")
	}
}

// States from the server stay, even if the inputs that led to them were never set.
func TestPredictor_KeepsConfirmedStates(t *testing.T) {
	steps := 0
	p := NewPredictor(counted(1, &steps))
	p.Start(0, walk{})
	for range 30 {
		p.Advance()
	}
	word := walk{Tick: 10, Hash: 10}
	p.Confirm(10, word)
	p.SetInput(0, 5, 3)
	p.Confirm(20, walk{Tick: 20, Hash: 20})
	if s, _ := p.At(10); s != word {
		t.Errorf("the state of tick 10 is %v, want %v as the server sent it", s, word)
	}
	if s, _ := p.At(6); s.Hash != walkOn(walk{Tick: 5}, []int8{3}).Hash {
		t.Errorf("the state of tick 6 is %v, want it played with the input that was set later", s)
	}
	if !p.SyncTest(History) {
		t.Error("the sync test fails at a state from the server")
	}
}

func TestSyncTest_FindsAGameThatIsNotDeterministic(t *testing.T) {
	hidden := uint32(0) // outside the state
	p := NewPredictor(Game[walk, int8]{Players: 1, Step: func(s walk, in []int8) walk {
		if s.Tick == 50 {
			hidden++
			s.Hash += hidden
		}
		return walkOn(s, in)
	}})
	p.Start(0, walk{})
	for range 60 {
		p.Advance()
	}
	if !p.SyncTest(9) {
		t.Error("the sync test fails over ticks 51 to 59, which are deterministic")
	}
	for _, n := range []int{10, 30, History, 10_000} {
		if p.SyncTest(n) {
			t.Errorf("the sync test over %d ticks does not notice that tick 50 depends on more than the state", n)
		}
	}
}

func TestSyncTest_WaitsForConfirm(t *testing.T) {
	steps := 0
	p := NewPredictor(counted(1, &steps))
	p.Start(0, walk{})
	for range 10 {
		p.Advance()
	}
	p.SetInput(0, 5, 1)
	if !p.SyncTest(10) {
		t.Error("the sync test fails over a tick that has not been played again yet")
	}
	p.Confirm(1, walkOn(walk{}, []int8{0}))
	if !p.SyncTest(10) {
		t.Error("the sync test fails after it has been")
	}
	p.states[slot(8)].Hash++ // as if tick 7 had come out otherwise
	if p.SyncTest(10) {
		t.Error("the sync test still waits for a tick that has been played again")
	}
}

func TestPredictor_AllocatesNothing(t *testing.T) {
	p, again := rollback()
	if n := testing.AllocsPerRun(100, again); n != 0 {
		t.Errorf("%v allocations in nine ticks with a rollback, want none", n)
	}
	if n := testing.AllocsPerRun(100, func() { p.Confirm(p.Confirmed(), p.states[slot(p.Confirmed())]) }); n != 0 {
		t.Errorf("%v allocations in a Confirm without need, want none", n)
	}
	if n := testing.AllocsPerRun(100, func() { p.SyncTest(30) }); n != 0 {
		t.Errorf("%v allocations in a sync test, want none", n)
	}
}

// rollback returns a Predictor nine ticks ahead of its server, and a function in which the server's state differs and
// both then go on by a tick.
func rollback() (*Predictor[walk, int8], func()) {
	p := NewPredictor(Game[walk, int8]{Players: 2, Step: func(s walk, in []int8) walk {
		for range 25 { // some 50 ns, like a small game
			s = walkOn(s, in)
		}
		return s
	}})
	p.Start(0, walk{})
	for range 9 {
		p.Advance()
	}
	hash := uint32(0)
	return p, func() {
		t := p.Head() - 9
		hash++
		p.Confirm(t, walk{t, hash})
		p.SetInput(0, p.Head(), int8(hash))
		p.Advance()
	}
}

func BenchmarkPredictor_Rollback9(b *testing.B) {
	_, again := rollback()
	b.ReportAllocs()
	for b.Loop() {
		again()
	}
}

func BenchmarkPredictor_ConfirmWithoutChange(b *testing.B) {
	p, again := rollback()
	again()
	t, state := p.Confirmed(), p.states[slot(p.Confirmed())]
	b.ReportAllocs()
	for b.Loop() {
		p.Confirm(t, state)
	}
}
