package game

import "testing"

func TestBall_HitAndMissAtTheFace(t *testing.T) {
	const gap, speed = One, 8 * One // the face is reached within the tick
	tests := []struct {
		name   string
		y      Fixed // of the ball, at the face; the paddle spans 250 to 350
		vy     Fixed
		hit    bool
		upward bool
	}{
		{"middle, falling", 295 * One, One, true, false},
		{"middle, rising", 295 * One, -One, true, true},
		{"upper half, falling", 270 * One, One, true, true},
		{"lower half, rising", 320 * One, -One, true, false},
		{"upper edge, just overlapping", 240*One + 1, One, true, true},
		{"upper edge, just touching", 240 * One, One, false, false},
		{"lower edge, just overlapping", 350*One - 1, -One, true, false},
		{"lower edge, just touching", 350 * One, -One, false, false},
		{"far above", 0, One, false, false},
		{"far below", ballFloor, -One, false, false},
	}
	for _, test := range tests {
		for seat := range 2 {
			ball := Ball{X: LeftFace + gap, Y: test.y - test.vy/8, VX: -speed, VY: test.vy}
			if seat == 1 {
				ball.X, ball.VX = RightFace-BallSize-gap, speed
			}
			s := step(DefaultRules(), rally(ball), idle)
			if turned := (s.Ball.VX < 0) != (ball.VX < 0); turned != test.hit || s.Hits > 0 != test.hit {
				t.Errorf("%s, seat %d: hit is %v after %d hits, want %v", test.name, seat, turned, s.Hits, test.hit)
			}
			if test.hit && (s.Ball.VY < 0) != test.upward {
				t.Errorf("%s, seat %d: leaves with vy %d, want upward to be %v", test.name, seat, s.Ball.VY,
					test.upward)
			}
			if !test.hit && (s.Ball.X != ball.X+ball.VX || s.Ball.Y != ball.Y+ball.VY) {
				t.Errorf("%s, seat %d: a missed ball is at %d, %d, want it to fly straight on", test.name, seat,
					s.Ball.X, s.Ball.Y)
			}
		}
	}
}

// crosses reports, with exact fractions and in another way than Step, whether a ball that flies to the left meets the
// paddle. It also reports whether that is too close to decide at the resolution of a Fixed.
func crosses(b Ball, paddle Fixed) (hit, close bool) {
	gap, across := int64(b.X-LeftFace), int64(-b.VX)
	if gap < 0 || gap >= across {
		return false, false
	}
	floor := int64(ballFloor) * across
	y := int64(b.Y)*across + int64(b.VY)*gap
	y = (y%(2*floor) + 2*floor) % (2 * floor)
	y = min(y, 2*floor-y)
	above := y + int64(BallSize)*across - int64(paddle)*across // overlap at the upper edge
	below := int64(paddle+PaddleHeight)*across - y
	return above > 0 && below > 0, max(above, -above) < across || max(below, -below) < across
}

// At every speed, every distance from the face and many offsets on and beside the paddle, the ball is hit if and only
// if its path meets the paddle, and is then in front of it.
func TestBall_CollisionAtEverySpeedAndOffset(t *testing.T) {
	rules := DefaultRules()
	hits, misses := 0, 0
	for speed := slowest; speed <= MaxSpeed; speed += One / 4 {
		for gap := Fixed(0); gap <= speed; gap += 37 {
			for _, paddle := range []Fixed{0, 250 * One, paddleFloor} {
				for y := max(0, paddle-30*One); y <= min(ballFloor, paddle+130*One); y += One + 77 {
					for _, vy := range []Fixed{-speed / 2, -One, 1, speed / 3} {
						ball := Ball{X: LeftFace + gap, Y: y, VX: -speed, VY: vy}
						want, close := crosses(ball, paddle)
						if close {
							continue
						}
						s := rally(ball)
						s.Paddle[0] = paddle
						s = step(rules, s, idle)
						if got := s.Hits == 1; got != want {
							t.Fatalf("ball %+v, paddle at %d: hit is %v, want %v", ball, paddle, got, want)
						}
						if !want {
							misses++
							continue
						}
						hits++
						rest := Fixed(int64(s.Ball.VX) * int64(speed-gap) / int64(speed))
						if s.Ball.VX <= 0 || s.Ball.X != LeftFace+rest {
							t.Fatalf("ball %+v: after the hit %+v, want x %d", ball, s.Ball, LeftFace+rest)
						}
					}
				}
			}
		}
	}
	if hits < 10000 || misses < 10000 {
		t.Errorf("%d hits and %d misses, want more of both", hits, misses)
	}
}

// A ball that ends a tick exactly at the plane is judged in the next tick, and once.
func TestBall_CrossingIsJudgedOnce(t *testing.T) {
	for _, hit := range []bool{true, false} {
		s := rally(Ball{X: LeftFace + 6*One, Y: 295 * One, VX: -6 * One, VY: One})
		s = step(DefaultRules(), s, idle)
		if s.Ball.X != LeftFace || s.Hits != 0 {
			t.Fatalf("ball %+v after %d hits, want it at the face and not judged", s.Ball, s.Hits)
		}
		if !hit {
			s.Paddle[0] = 0
		}
		s = step(DefaultRules(), s, idle)
		if (s.Hits == 1) != hit {
			t.Fatalf("%d hits, want hit to be %v", s.Hits, hit)
		}
		s.Paddle[0] = 250 * One
		if s = step(DefaultRules(), s, idle); s.Hits > 1 || !hit && s.Hits > 0 {
			t.Errorf("judged again: %d hits", s.Hits)
		}
	}
}

// The paddle covers the ball in every tick after it has passed the plane, without effect.
func TestBall_IsNotHitFromBehind(t *testing.T) {
	for _, rules := range []Rules{DefaultRules(), ClassicRules()} {
		for behind := Fixed(1); behind < 40*One; behind += 61 {
			s := rally(Ball{X: LeftFace - behind, Y: 295 * One, VX: -4 * One, VY: One})
			s = until(t, rules, s, idle, Scored)
			if s.Hits != 0 || s.Score != [2]uint16{0, 1} {
				t.Fatalf("%s, %d behind: %d hits, score %v", rules.Name(), behind, s.Hits, s.Score)
			}
		}
	}
}

func TestStep_PaddleMovesBeforeTheBall(t *testing.T) {
	s := rally(Ball{X: LeftFace + One, Y: 350 * One, VX: -6 * One, VY: 0})
	if s = step(DefaultRules(), s, Inputs{Down, None}); s.Hits != 1 {
		t.Error("a key pressed in the tick of contact did not count")
	}
	s = rally(Ball{X: LeftFace + One, Y: 348 * One, VX: -6 * One, VY: 0})
	if s = step(DefaultRules(), s, Inputs{Up, None}); s.Hits != 0 {
		t.Error("the ball hit the paddle where it was before the tick")
	}
}

func TestBall_WallsFoldThePath(t *testing.T) {
	tests := []struct {
		name  string
		from  Ball
		want  Ball
		walls uint8
	}{
		{"upper", Ball{400 * One, 2 * One, 4 * One, -5 * One}, Ball{404 * One, 3 * One, 4 * One, 5 * One}, 1},
		{"lower", Ball{400 * One, 589 * One, 4 * One, 5 * One}, Ball{404 * One, 586 * One, 4 * One, -5 * One}, 1},
		{"exactly at", Ball{400 * One, 5 * One, 4 * One, -5 * One}, Ball{404 * One, 0, 4 * One, -5 * One}, 0},
		{"from exactly at", Ball{400 * One, 0, 4 * One, -5 * One}, Ball{404 * One, 5 * One, 4 * One, 5 * One}, 1},
		{"behind a paddle", Ball{10 * One, One, -4 * One, -5 * One}, Ball{6 * One, 4 * One, -4 * One, 5 * One}, 1},
	}
	for _, test := range tests {
		s := step(DefaultRules(), rally(test.from), idle)
		if s.Ball != test.want || s.Walls != test.walls {
			t.Errorf("%s: ball %+v after %d walls, want %+v after %d", test.name, s.Ball, s.Walls, test.want,
				test.walls)
		}
	}
}

// In a corner the ball meets the wall, then the paddle, then the wall again, all in one tick.
func TestBall_WallPaddleWallInOneTick(t *testing.T) {
	s := rally(Ball{X: LeftFace + 4*One, Y: One, VX: -8 * One, VY: -3 * One})
	s.Paddle = [2]Fixed{0, 0}
	s.Hits = 30 // full speed
	s = step(DefaultRules(), s, idle)
	if s.Hits != 31 || s.Walls != 2 || s.Ball.VX <= 0 || s.Ball.VY <= 0 {
		t.Errorf("%+v after %d hits and %d walls, want one hit between two walls", s.Ball, s.Hits, s.Walls)
	}
	must(t, s)
}

func TestBall_HitsGainSpeedUpToTheBound(t *testing.T) {
	for hits, want := range map[uint16]Fixed{0: 1536, 1: 1600, 2: 1664, 23: 3008, 24: 3072, 25: 3072, maxCount: 3072} {
		if got := RallySpeed(hits); got != want {
			t.Errorf("speed after %d hits: %d, want %d", hits, got, want)
		}
	}
	s := rally(Ball{X: LeftFace, Y: 300 * One, VX: -6 * One, VY: 0})
	s.Hits = 9
	s = step(DefaultRules(), s, idle)
	want := RallySpeed(10)
	if square := s.Ball.VX*s.Ball.VX + s.Ball.VY*s.Ball.VY; square > want*want || square < (want-3)*(want-3) {
		t.Errorf("the tenth hit gives %+v, want a speed of %d", s.Ball, want)
	}

	// The count stops at its largest value; if it wrapped, the ball would be slow again.
	s = rally(Ball{X: LeftFace, Y: 300 * One, VX: -MaxSpeed, VY: 0})
	s.Hits = maxCount
	if s = step(DefaultRules(), s, idle); s.Hits != maxCount || s.Ball.VX < 11*One {
		t.Errorf("after one hit more than is counted: %d hits, ball %+v", s.Hits, s.Ball)
	}
}

func TestBall_ClassicIsAMirror(t *testing.T) {
	for _, y := range []Fixed{245 * One, 295 * One, 345 * One} {
		for _, vy := range []Fixed{-4 * One, 4 * One} {
			s := step(ClassicRules(), rally(Ball{X: LeftFace + One, Y: y, VX: -4 * One, VY: vy}), idle)
			want := Ball{X: LeftFace + 3*One, Y: y + vy, VX: 4 * One, VY: vy}
			if s.Ball != want {
				t.Errorf("ball at %d: %+v, want %+v", y, s.Ball, want)
			}
		}
	}
}

// Row 5 of "The original, kept" in docs/promises.md: a point is for crossing the wall, not for passing the paddle.
func TestStep_PointWhenTheBallIsWhollyOutside(t *testing.T) {
	tests := []struct {
		x, vx Fixed
		score [2]uint16
	}{
		{-6 * One, -4 * One, [2]uint16{}},
		{-6 * One, -4*One - 1, [2]uint16{0, 1}},
		{796 * One, 4 * One, [2]uint16{}},
		{796 * One, 4*One + 1, [2]uint16{1, 0}},
	}
	for _, test := range tests {
		s := step(DefaultRules(), rally(Ball{X: test.x, Y: 9 * One, VX: test.vx, VY: One}), idle)
		if s.Score != test.score {
			t.Errorf("from %d by %d: score %v, want %v", test.x, test.vx, s.Score, test.score)
		}
		must(t, s)
	}
}
