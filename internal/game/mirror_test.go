package game

import (
	"math/rand/v2"
	"testing"
)

// anyRally returns a random state of a rally, half the time with the ball near a face.
func anyRally(random *rand.Rand) State {
	between := func(low, high Fixed) Fixed { return low + Fixed(random.IntN(int(high-low)+1)) }
	x := between(-BallSize, Width)
	switch random.IntN(4) {
	case 0:
		x = between(LeftFace-One, LeftFace+MaxSpeed)
	case 1:
		x = between(RightFace-BallSize-MaxSpeed, RightFace-BallSize+One)
	}
	vx, vy := polar(between(serveSpeed, MaxSpeed), angle(between(Fixed(flattest), Fixed(steepest))))
	if random.IntN(2) == 0 {
		vx = -vx
	}
	if random.IntN(2) == 0 {
		vy = -vy
	}
	s := rally(Ball{X: x, Y: between(0, ballFloor), VX: vx, VY: vy})
	for seat := range s.Paddle {
		s.Paddle[seat] = between(max(0, s.Ball.Y-PaddleHeight-BallSize), min(paddleFloor, s.Ball.Y+2*BallSize))
	}
	s.Hits = uint16(random.IntN(40))
	return s
}

// checkMirror compares, for many states, the mirror image of a Step with the Step of the mirror image.
func checkMirror(t *testing.T, state func(State) State, inputs func(Inputs) Inputs) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	seen := [GameOver + 1]int{}
	for range 200000 {
		rules := Rules{Classic: random.IntN(2) == 0, Points: 1}
		s := anyRally(random)
		must(t, s)
		in := Inputs{Input(random.IntN(3)), Input(random.IntN(3))}
		next := step(rules, s, in)
		if got, want := step(rules, state(s), inputs(in)), state(next); got != want {
			t.Fatalf("%+v with %v: the mirror gives %+v, want %+v", s, in, got, want)
		}
		for e := range seen {
			if Events(s, next).Has(Event(e)) {
				seen[e]++
			}
		}
	}
	if seen[Hit] < 10000 || seen[Wall] < 1000 || seen[Point] < 500 {
		t.Errorf("events %v, want more of each", seen)
	}
}

// Neither seat has an advantage: the game is symmetric.
func TestStep_MirrorLeftRight(t *testing.T) {
	checkMirror(t, func(s State) State {
		s.Ball.X, s.Ball.VX = Width-BallSize-s.Ball.X, -s.Ball.VX
		s.Paddle[0], s.Paddle[1] = s.Paddle[1], s.Paddle[0]
		s.Score[0], s.Score[1] = s.Score[1], s.Score[0]
		s.ServeTo = 1 - s.ServeTo
		if s.Winner > 0 {
			s.Winner = 3 - s.Winner
		}
		return s
	}, func(in Inputs) Inputs { return Inputs{in[1], in[0]} })
}

func TestStep_MirrorUpDown(t *testing.T) {
	flip := [3]Input{None: None, Up: Down, Down: Up}
	checkMirror(t, func(s State) State {
		s.Ball.Y, s.Ball.VY = ballFloor-s.Ball.Y, -s.Ball.VY
		s.Paddle[0], s.Paddle[1] = paddleFloor-s.Paddle[0], paddleFloor-s.Paddle[1]
		return s
	}, func(in Inputs) Inputs { return Inputs{flip[in[0]], flip[in[1]]} })
}
