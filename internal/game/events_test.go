package game

import "testing"

func set(events ...Event) EventSet {
	var all EventSet
	for _, e := range events {
		all |= 1 << e
	}
	return all
}

func TestEvents_OfOneTick(t *testing.T) {
	rules := DefaultRules()
	tests := []struct {
		name   string
		before State
		in     Inputs
		want   EventSet
	}{
		{"flight", rally(Ball{400 * One, 300 * One, 6 * One, One}), idle, 0},
		{"hit", rally(Ball{LeftFace, 300 * One, -6 * One, One}), idle, set(Hit)},
		{"wall", rally(Ball{400 * One, One, 6 * One, -5 * One}), idle, set(Wall)},
		{"point", atMatchPoint([2]uint16{}, 0), idle, set(Point)},
		{"winning point", atMatchPoint([2]uint16{10, 0}, 0), idle, set(Point, GameOver)},
		{"point at the largest score", atMatchPoint([2]uint16{maxCount, maxCount}, 0), idle, set(Point)},
		{"pause", rally(Ball{LeftFace, 300 * One, -6 * One, One}), bothAway, 0},
		{"first serve", State{Phase: Countdown, Timer: 1, Serve: 1}, idle, set(Serve)},
		{"next serve", State{Phase: Scored, Timer: 1, Serve: 1, Round: maxCount}, idle, set(Serve)},
		{"rally resumed", State{Phase: Countdown, Timer: 1, Ball: Ball{0, 0, 6 * One, 0}}, idle, 0},
		{"rematch", State{Phase: Over, Winner: 1, Score: [2]uint16{11, 0}, Round: 11}, bothAway, 0},
	}
	for _, test := range tests {
		after := step(rules, test.before, test.in)
		if got := Events(test.before, after); got != test.want {
			t.Errorf("%s: events %05b, want %05b", test.name, got, test.want)
		}
	}
	corner := rally(Ball{X: LeftFace + 4*One, Y: One, VX: -8 * One, VY: -3 * One})
	corner.Paddle[0], corner.Walls = 0, 255
	if got := Events(corner, step(rules, corner, idle)); got != set(Hit, Wall) {
		t.Errorf("corner: events %05b, want a hit and a wall", got)
	}
}

// In whole matches the events agree with the counters and the ball.
func TestEvents_AreExact(t *testing.T) {
	seen := [GameOver + 1]int{}
	for seed := range uint64(20) {
		rules := Rules{Classic: seed%2 == 1, Points: 3}
		s, p := New(rules, seed), newPlayers(seed)
		for range 10000 {
			next := step(rules, s, p.inputs(s))
			events := Events(s, next)
			want := [...]bool{
				Hit:      next.Hits == s.Hits+1,
				Wall:     events.Has(Wall),
				Point:    next.Score[0]+next.Score[1] == s.Score[0]+s.Score[1]+1,
				Serve:    next.Round == s.Round+1,
				GameOver: s.Winner == 0 && next.Winner != 0,
			}
			if !want[Hit] && !want[Point] && !want[Serve] {
				want[Wall] = next.Ball.VY*s.Ball.VY < 0
			}
			for e, happened := range want {
				if events.Has(Event(e)) != happened {
					t.Fatalf("seed %d: event %d is %v between %+v and %+v", seed, e, !happened, s, next)
				}
				if happened {
					seen[e]++
				}
			}
			s = next
		}
	}
	for e, count := range seen {
		if count < 10 {
			t.Errorf("event %d was seen %d times, want more", e, count)
		}
	}
}
