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

// ServeNotice is how many ticks before a serve it is drawn: from there on both players see where it will fly. Nothing
// that a client has before that tells the serve.
const ServeNotice = 1 * TickRate

// DrawsServe reports whether the next serve is to be drawn at the tick that follows. A server does so with its first
// chance; a serve that was drawn before a pause stays.
func (s State) DrawsServe() bool {
	return s.Serve == 0 && s.Ball.VX == 0 && (s.Phase == Countdown || s.Phase == Scored) && s.Timer <= ServeNotice
}

// SeededServe returns the serve of a seed at the tick that follows, 0 if none is to be drawn. It is for matches that
// must be the same each time; a server draws from a secret.
func (s State) SeededServe(seed uint64) uint32 {
	if !s.DrawsServe() {
		return 0
	}
	return mix(seed + uint64(s.Tick)<<32)
}

// NextServe returns how the ball will fly after the next serve. ok is false as long as it is not drawn.
func (s State) NextServe(rules Rules) (vx, vy Fixed, ok bool) {
	if s.Serve == 0 {
		return 0, 0, false
	}
	// The upper bits choose the angle, the lowest one up or down.
	a := leastServe + angle(s.Serve>>8)%(mostServe-leastServe+1)
	vx, vy = polar(serveSpeed, a)
	if rules.Classic {
		vx, vy = classicSpeed, classicSpeed
	}
	if s.Serve&1 == 0 {
		vy = -vy
	}
	if s.ServeTo == 0 {
		vx = -vx
	}
	return vx, vy, true
}

// serve begins a rally from the centre. Serves fly to the left and to the right in turn, no matter who scored. If they
// flew to the loser, a player who never moves would lose every point.
func (s *State) serve(rules Rules) {
	if s.Round < maxCount {
		s.Round++
	}
	s.Hits = 0
	s.Ball = centred()
	s.Ball.VX, s.Ball.VY, _ = s.NextServe(rules)
	s.Serve = 0
	s.ServeTo = 1 - s.ServeTo
}

// centred returns the ball at rest in the middle of the field.
func centred() Ball {
	return Ball{X: (Width - BallSize) / 2, Y: (Height - BallSize) / 2}
}

// mix returns a word of a seed, which is never 0. Neighbouring seeds, which people choose, give unrelated words (the
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
