package game

// A serve leaves the centre at an angle between these from the horizontal, up or down. The least angle keeps the ball
// from flying straight into a paddle that rests in the middle, and straight back.
const (
	leastServe = 5 * degree
	mostServe  = 35 * degree
)

// The speed of a serve; with classic rules, on each axis.
const (
	serveSpeed   = 6 * One
	classicSpeed = 4 * One
)

// serve begins a rally from the centre. Serves fly to the left and to the right in turn, no matter who scored. If they
// flew to the loser, a player who never moves would lose every point.
func (s *State) serve(rules Rules) {
	if s.Round < maxCount {
		s.Round++
	}
	s.Hits = 0
	s.Random = xorshift(s.Random)

	// The upper bits choose the angle, the lowest one up or down.
	a := leastServe + angle(s.Random>>8)%(mostServe-leastServe+1)
	vx, vy := polar(serveSpeed, a)
	if rules.Classic {
		vx, vy = classicSpeed, classicSpeed
	}
	if s.Random&1 == 0 {
		vy = -vy
	}
	if s.ServeTo == 0 {
		vx = -vx
	}
	s.Ball = centred()
	s.Ball.VX, s.Ball.VY = vx, vy
	s.ServeTo = 1 - s.ServeTo
}

// centred returns the ball at rest in the middle of the field.
func centred() Ball {
	return Ball{X: (Width - BallSize) / 2, Y: (Height - BallSize) / 2}
}

// xorshift returns the random word after x. Starting from any word but 0 it goes through all the others and never
// reaches 0 (Marsaglia, "Xorshift RNGs", 2003).
func xorshift(x uint32) uint32 {
	x ^= x << 13
	x ^= x >> 17
	x ^= x << 5
	return x
}

// mix returns the first random word of a seed. Neighbouring seeds, which people choose, give unrelated words (the
// finalizer of SplitMix64: Steele, Lea and Flood 2014).
func mix(seed uint64) uint32 {
	z := seed + 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	word := uint32((z ^ z>>31) >> 32)
	if word == 0 {
		return 1
	}
	return word
}
