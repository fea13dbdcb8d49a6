package game

// gain is the increase of the ball's speed with each hit, up to MaxSpeed.
const gain = One / 4

// moveBall moves the ball for one tick along its exact path. A paddle hits the ball if they touch when the ball
// reaches the plane of the paddle's face, so a fast ball cannot jump over a paddle, and a ball that has passed the
// plane cannot be hit from behind.
//
// The ball meets at most one face in a tick: they are 730 pixels apart, and it flies at most 12.
func (s *State) moveBall(rules Rules) {
	seat, gap, across := s.Ball.approach()

	// A ball that would end exactly at the plane is judged at the start of the next tick, so every crossing is judged
	// once.
	if gap >= 0 && gap < across {
		ball, walls := s.Ball.fly(gap, across)
		if touches(ball.Y, s.Paddle[seat]) {
			s.Walls += walls
			s.Ball = ball
			s.reflect(rules, seat)
			s.Ball, walls = s.Ball.fly(across-gap, across)
			s.Walls += walls
			return
		}
	}

	ball, walls := s.Ball.fly(1, 1)
	s.Ball = ball
	s.Walls += walls
}

// approach returns the seat towards which the ball flies, its distance from the face of that paddle (negative once it
// has passed), and how far it flies across the field in a tick.
func (b Ball) approach() (seat int, gap, across Fixed) {
	if b.VX > 0 {
		return 1, RightFace - BallSize - b.X, b.VX
	}
	return 0, b.X - LeftFace, -b.VX
}

// fly moves the ball for part/whole of a tick, reflecting it at the upper and lower wall, and returns how often it met
// them.
func (b Ball) fly(part, whole Fixed) (Ball, uint8) {
	// Products of two speeds fit into an int32 now; int64 stays right if speeds grow.
	b.X += Fixed(int64(b.VX) * int64(part) / int64(whole))
	b.Y += Fixed(int64(b.VY) * int64(part) / int64(whole))
	walls := uint8(0)
	for b.Y < 0 || b.Y > ballFloor {
		if b.Y < 0 {
			b.Y = -b.Y
		} else {
			b.Y = 2*ballFloor - b.Y
		}
		b.VY = -b.VY
		walls++
	}
	return b, walls
}

// touches reports whether a ball with its top edge at y overlaps a paddle with
// its top edge at paddle.
func touches(y, paddle Fixed) bool {
	return y+BallSize > paddle && y < paddle+PaddleHeight
}

// reflect sends the ball back from the face of seat's paddle. With classic rules the paddle is a mirror. Otherwise it
// aims: the further from its middle the ball hits it, the steeper the ball leaves, regardless of its direction before.
func (s *State) reflect(rules Rules, seat int) {
	if s.Hits < maxCount {
		s.Hits++
	}
	b := &s.Ball
	if rules.Classic {
		b.VX = -b.VX
		return
	}

	offset := b.Y + BallSize/2 - (s.Paddle[seat] + PaddleHeight/2)
	upwards := offset < 0 || offset == 0 && b.VY < 0
	if offset < 0 {
		offset = -offset
	}
	b.VX, b.VY = polar(RallySpeed(s.Hits), aim(offset))
	if seat == 1 {
		b.VX = -b.VX
	}
	if upwards {
		b.VY = -b.VY
	}
}

// RallySpeed returns the speed of the ball after that many hits.
func RallySpeed(hits uint16) Fixed {
	return min(serveSpeed+Fixed(hits)*gain, MaxSpeed)
}
