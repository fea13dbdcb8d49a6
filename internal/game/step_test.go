package game

import "testing"

var (
	idle     = Inputs{None, None}
	bothAway = Inputs{Away, Away}
)

func TestStep_NothingMovesWhileWaiting(t *testing.T) {
	rules := DefaultRules()
	for _, in := range []Inputs{{Away, Up}, {Down, Away}, {Away, Away}} {
		want := New(rules, 7)
		got := advance(rules, want, in, 1000)
		want.Tick = 1000
		if got != want {
			t.Errorf("inputs %v: got %+v, want %+v", in, got, want)
		}
	}
}

func TestStep_CountdownThenServe(t *testing.T) {
	rules := DefaultRules()
	s := step(rules, New(rules, 7), idle)
	if s.Phase != Countdown || s.Timer != 180 {
		t.Fatalf("after both players have come: phase %d, timer %d, want Countdown with 180", s.Phase, s.Timer)
	}
	s = advance(rules, s, Inputs{Up, Down}, 179)
	if s.Phase != Countdown || s.Timer != 1 || s.Ball != centred() {
		t.Fatalf("before the end of the countdown: %+v", s)
	}
	if s.Paddle != [2]Fixed{0, paddleFloor} {
		t.Errorf("paddles %v: want them to move during the countdown", s.Paddle)
	}
	s = step(rules, s, idle)
	if s.Phase != Playing || s.Round != 1 || s.Ball.VX == 0 || s.Ball.X != centred().X {
		t.Fatalf("at the end of the countdown: %+v, want a serve from the centre", s)
	}
	if next := step(rules, s, idle); next.Ball.X != s.Ball.X+s.Ball.VX {
		t.Errorf("the tick after the serve: ball at %d, want %d", next.Ball.X, s.Ball.X+s.Ball.VX)
	}
}

// Either player may pause in any running phase. A pause keeps the score, the paddles and the rally, which then goes on
// unchanged.
func TestStep_PauseKeepsEverything(t *testing.T) {
	rules := DefaultRules()
	for _, phase := range []Phase{Countdown, Playing, Scored} {
		for _, in := range []Inputs{{Away, Up}, {Down, Away}} {
			before := advance(rules, until(t, rules, New(rules, 7), idle, phase), idle, 3)
			paused := advance(rules, before, in, 500)
			want := before
			want.Phase, want.Timer, want.Tick = Waiting, 0, before.Tick+500
			if paused != want {
				t.Fatalf("pause by %v in phase %d: got %+v, want %+v", in, phase, paused, want)
			}
			counting := step(rules, paused, idle)
			ticks := uint16(120)
			if phase == Countdown {
				ticks = 180 // the game has not begun, so this was not a pause
			}
			if counting.Phase != Countdown || counting.Timer != ticks {
				t.Fatalf("after a pause in phase %d: phase %d, timer %d, want Countdown with %d", phase, counting.Phase,
					counting.Timer, ticks)
			}
			resumed := advance(rules, counting, idle, int(ticks))
			if resumed.Phase != Playing {
				t.Fatalf("after the countdown: phase %d, want Playing", resumed.Phase)
			}
			if phase == Playing && (resumed.Ball != before.Ball || resumed.Round != before.Round ||
				resumed.Hits != before.Hits) {
				t.Errorf("the rally after the pause: %+v, want that before it: %+v", resumed, before)
			}
			if phase != Playing && resumed.Round != before.Round+1 {
				t.Errorf("after a pause in phase %d: round %d, want the next serve, %d", phase, resumed.Round,
					before.Round+1)
			}
		}
	}
}

// A pause in a rally must not carry a late paddle to the ball: until the ball flies on, no key moves a paddle. Before a
// serve, where the ball is in the middle, paddles move in the same countdown.
func TestStep_PaddlesRestInTheCountdownWithTheBallInFlight(t *testing.T) {
	rules := DefaultRules()
	for _, phase := range []Phase{Playing, Scored} {
		before := advance(rules, until(t, rules, New(rules, 7), idle, phase), idle, 3)
		counting := step(rules, step(rules, before, Inputs{Away, None}), idle)
		last := advance(rules, counting, Inputs{Up, Down}, 119)
		if last.Phase != Countdown || last.Timer != 1 {
			t.Fatalf("after a pause in phase %d: phase %d, timer %d, want Countdown with 1", phase, last.Phase,
				last.Timer)
		}
		moved := last.Paddle != before.Paddle
		if want := phase == Scored; moved != want || counting.PaddlesRest() == want {
			t.Errorf("in the countdown after a pause in phase %d the paddles move: %v (PaddlesRest %v), want %v", phase,
				moved, counting.PaddlesRest(), want)
		}
		if next := advance(rules, last, Inputs{Up, Down}, 2); next.Paddle == last.Paddle && phase == Playing {
			t.Error("the paddles rest although the ball flies again")
		}
	}
}

func TestStep_PointPauseThenReset(t *testing.T) {
	rules := DefaultRules()
	s := until(t, rules, New(rules, 7), idle, Scored)
	if s.Timer != 60 || s.Ball.VX != 0 || s.Ball.VY != 0 || s.Score[0]+s.Score[1] != 1 {
		t.Fatalf("at the point: %+v, want one point, a resting ball and 60 ticks", s)
	}
	left := s.Ball
	s = advance(rules, s, Inputs{Up, Up}, 59)
	if s.Phase != Scored || s.Ball != left || s.Paddle != [2]Fixed{} {
		t.Fatalf("during the pause: %+v, want the ball to rest and the paddles to move", s)
	}
	s = step(rules, s, idle)
	if s.Phase != Playing || s.Round != 2 || s.Ball.X != centred().X || s.Ball.Y != centred().Y {
		t.Errorf("after the pause: %+v, want the second serve from the centre", s)
	}
}

// atMatchPoint returns a state whose next tick is a point for the seat.
func atMatchPoint(score [2]uint16, seat int) State {
	s := rally(Ball{X: -BallSize, Y: 100 * One, VX: -4 * One, VY: One})
	if seat == 0 {
		s.Ball.X, s.Ball.VX = Width, 4*One
	}
	s.Score = score
	return s
}

func TestStep_WinningPointEndsTheGameAtOnce(t *testing.T) {
	rules := DefaultRules()
	for seat := range 2 {
		s := step(rules, atMatchPoint([2]uint16{10, 10}, seat), idle)
		if s.Phase != Scored || s.Winner != 0 {
			t.Errorf("11 to 10: phase %d, winner %d, want play to go on", s.Phase, s.Winner)
		}
		score := [2]uint16{10, 10}
		score[seat] = 11
		s = step(rules, atMatchPoint(score, seat), idle)
		if s.Phase != Over || int(s.Winner) != seat+1 || s.Timer != 0 {
			t.Errorf("12 to 10 for seat %d: %+v, want Over at once", seat, s)
		}
		must(t, s)
	}
}

func TestStep_BothAwayEndsTheGameInEveryPhase(t *testing.T) {
	rules := Rules{Points: 1}
	for _, phase := range []Phase{Countdown, Playing, Scored, Over} {
		if phase == Scored {
			rules.Points = 3
		} else {
			rules.Points = 1
		}
		before := until(t, rules, New(rules, 7), idle, phase)
		want := New(rules, 7)
		want.Tick = before.Tick + 1
		want.Paddle, want.Walls, want.ServeTo = before.Paddle, before.Walls, before.ServeTo
		got := step(rules, before, bothAway)
		if got != want {
			t.Errorf("both away in phase %d: got %+v, want %+v", phase, got, want)
		}
		if set := Events(before, got); set != 0 {
			t.Errorf("both away in phase %d: events %b, want none", phase, set)
		}
	}
}

func TestStep_OverStaysUntilBothAreAway(t *testing.T) {
	rules := DefaultRules()
	over := step(rules, atMatchPoint([2]uint16{10, 3}, 0), idle)

	s := advance(rules, over, Inputs{Up, Away}, 300)
	want := over
	want.Tick += 300
	want.Paddle[0] = 0
	if s != want {
		t.Fatalf("one player away: got %+v, want %+v", s, want)
	}

	s = step(rules, s, bothAway)
	want = State{
		Tick: s.Tick, Phase: Waiting, Paddle: s.Paddle, Ball: centred(),
		Walls: over.Walls, ServeTo: over.ServeTo,
	}
	if s != want {
		t.Fatalf("rematch: got %+v, want %+v", s, want)
	}
	s = step(rules, advance(rules, s, bothAway, 10), idle)
	if s.Phase != Countdown || s.Timer != 180 {
		t.Errorf("rematch: phase %d, timer %d, want the long countdown", s.Phase, s.Timer)
	}
}

func TestStep_ZeroPointsNeverEndsAndCountersStop(t *testing.T) {
	for _, rules := range []Rules{{}, {Classic: true}} {
		s := atMatchPoint([2]uint16{maxCount, maxCount}, 1)
		s.Round, s.Hits = maxCount, maxCount
		s = step(rules, s, idle)
		if s.Phase != Scored || s.Score != [2]uint16{maxCount, maxCount} {
			t.Errorf("%+v: phase %d, score %v, want play to go on at the largest score", rules, s.Phase, s.Score)
		}
		first := until(t, rules, s, idle, Playing)
		second := until(t, rules, until(t, rules, first, idle, Scored), idle, Playing)
		if second.Round != maxCount {
			t.Errorf("%+v: round %d, want it to stay at %d", rules, second.Round, maxCount)
		}
		if (first.Ball.VX < 0) == (second.Ball.VX < 0) {
			t.Errorf("%+v: two serves the same way at the largest round", rules)
		}
	}
}

func TestStep_PaddleMovesFivePixelsATickAndStopsAtTheWalls(t *testing.T) {
	tests := []struct {
		from Fixed
		in   Input
		want Fixed
	}{
		{250 * One, None, 250 * One},
		{250 * One, Up, 245 * One},
		{250 * One, Down, 255 * One},
		{250 * One, Input(200), 250 * One},
		{250 * One, Away, 250 * One},
		{3 * One, Up, 0},
		{0, Up, 0},
		{497 * One, Down, 500 * One},
		{500 * One, Down, 500 * One},
	}
	for _, test := range tests {
		if got := movePaddle(test.from, test.in); got != test.want {
			t.Errorf("from %d with input %d: %d, want %d", test.from, test.in, got, test.want)
		}
	}
}

// Invariants between any two ticks of any match.
func TestStep_InvariantsOverManyMatches(t *testing.T) {
	for seed := range uint64(60) {
		rules := Rules{Classic: seed%2 == 1, Points: uint16(seed % 4)}
		s, p := New(rules, seed), newPlayers(seed)
		for range 6000 {
			in := p.inputs(s)
			next := step(rules, s, in)
			must(t, next)
			switch {
			case next.Tick != s.Tick+1:
				t.Fatalf("seed %d: tick %d after %d", seed, next.Tick, s.Tick)
			case next.Phase == Playing && next.Ball == s.Ball:
				if s.Phase == Playing {
					t.Fatalf("seed %d: the ball does not move: %+v", seed, next)
				}
			case next.Phase == Playing && !rules.Classic && next.Ball.VY == 0:
				t.Fatalf("seed %d: a flat ball: %+v", seed, next)
			}
			for seat := range 2 {
				if moved := next.Paddle[seat] - s.Paddle[seat]; moved > PaddleSpeed || moved < -PaddleSpeed {
					t.Fatalf("seed %d: paddle %d moved by %d in a tick", seed, seat, moved)
				}
			}
			s = next
		}
	}
}

func TestStep_AllocatesNothing(t *testing.T) {
	rules := DefaultRules()
	s := until(t, rules, New(rules, 7), idle, Playing)
	room := make([]byte, 0, StateLen)
	hash := uint64(0)
	allocs := testing.AllocsPerRun(1000, func() {
		before := s
		s = step(rules, s, Inputs{Up, Down})
		room = s.Append(room[:0])
		parsed, err := ParseState(room)
		if err != nil || parsed != s {
			t.Fatalf("ParseState: %+v, %v, want %+v", parsed, err, s)
		}
		hash += s.Hash() + uint64(Events(before, s))
		_, err = ParseState(room[1:])
		if err == nil {
			t.Fatal("ParseState accepts a short state")
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a tick, want 0", allocs)
	}
}

func FuzzStep(f *testing.F) {
	for seed := range uint64(4) {
		rules := Rules{Classic: seed%2 == 1, Points: 2}
		s, p := New(rules, seed), newPlayers(seed)
		for i := range 3000 {
			in := p.inputs(s)
			if i%97 == 0 {
				f.Add(s.Append(nil), rules.Classic, rules.Points, byte(in[0]), byte(in[1]), uint32(i))
			}
			s = step(rules, s, in)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, classic bool, points uint16, left, right byte, serve uint32) {
		s, err := ParseState(b)
		if err != nil {
			return
		}
		rules := Rules{Classic: classic, Points: points}
		for range 200 {
			next := Step(rules, s, Inputs{Input(left), Input(right)}, serve)
			if next.Tick != s.Tick+1 {
				t.Fatalf("tick %d after %d", next.Tick, s.Tick)
			}
			parsed, err := ParseState(next.Append(nil))
			if err != nil || parsed != next {
				t.Fatalf("Step of %+v gives %+v, which parses as %+v, %v", s, next, parsed, err)
			}
			s = next
		}
	})
}

func BenchmarkStep(b *testing.B) {
	for _, rules := range []Rules{{}, {Classic: true}} {
		b.Run(rules.Name(), func(b *testing.B) {
			// The inputs are recorded, so that the time of the players does not count.
			var in [4096]Inputs
			s, p := New(rules, 7), newPlayers(7)
			for i := range in {
				in[i] = p.inputs(s)
				s = step(rules, s, in[i])
			}
			s = New(rules, 7)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s = step(rules, s, in[i%len(in)])
			}
		})
	}
}

func BenchmarkHash(b *testing.B) {
	s, sum := New(DefaultRules(), 7), uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		sum += s.Hash()
	}
	_ = sum
}
