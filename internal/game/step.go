package game

// The time for which the ball rests, in ticks.
const (
	startTicks  = 3 * TickRate // before the first serve of a game
	resumeTicks = 2 * TickRate // after a pause
	scoredTicks = 1 * TickRate // after a point
)

// maxCount is the value at which Round, Score and Hits stop counting.
const maxCount = 1<<16 - 1

// Step plays one tick: s is the state of tick t, in are the inputs of the players during it, serve is the serve that is
// drawn at it, 0 if none is, and the result is the state of tick t+1. This is the whole game. It accepts every State
// that ParseState accepts and every serve, and allocates nothing.
//
// If one seat is Away, the game pauses, so a pause follows from inputs alone. If both are Away, the game ends and a
// new one waits. The tick that begins or ends a pause moves nothing. Nor do paddles move in the countdown after a pause
// while the ball is in flight: otherwise a pause would carry a late paddle to the ball.
func Step(rules Rules, s State, in Inputs, serve uint32) State {
	if serve != 0 && s.DrawsServe() {
		s.Serve = serve
	}
	s.Tick++
	away := in[0] == Away || in[1] == Away
	switch {
	case in[0] == Away && in[1] == Away:
		s.newGame()
		return s
	case s.Phase == Waiting:
		if !away {
			s.countDown()
		}
		return s
	case away && s.Phase != Over:
		s.Phase, s.Timer = Waiting, 0
		return s
	}

	// Paddles move before the ball, so a key that is pressed in the tick of contact counts.
	if !s.PaddlesRest() {
		s.Paddle[0] = movePaddle(s.Paddle[0], in[0])
		s.Paddle[1] = movePaddle(s.Paddle[1], in[1])
	}

	switch s.Phase {
	case Countdown, Scored:
		s.countTick(rules)
	case Playing:
		s.moveBall(rules)
		s.keepScore(rules)
	}
	return s
}

// PaddlesRest reports whether no paddle moves in the tick that follows: in a pause, and in the countdown after it if
// the ball is in flight.
func (s State) PaddlesRest() bool {
	return s.Phase == Waiting || s.Phase == Countdown && s.Ball.VX != 0
}

// countDown leaves Waiting. The countdown after a pause is shorter than that of a new game.
func (s *State) countDown() {
	s.Phase, s.Timer = Countdown, startTicks
	if s.Round > 0 {
		s.Timer = resumeTicks
	}
}

// countTick counts a tick of Countdown or Scored. A client that does not know the serve yet predicts that the ball
// rests until it does.
func (s *State) countTick(rules Rules) {
	if s.Timer == 1 && s.Ball.VX == 0 && s.Serve == 0 {
		return
	}
	s.Timer--
	if s.Timer == 0 {
		s.play(rules)
	}
}

// play ends Countdown or Scored. A rally that was interrupted by a pause goes on with the ball as it was; otherwise
// there is a serve. The ball flies from the next tick on.
func (s *State) play(rules Rules) {
	s.Phase = Playing
	if s.Ball.VX == 0 {
		s.serve(rules)
	}
}

// keepScore gives a point once the ball is completely outside the field, some ticks after it has passed the paddle.
func (s *State) keepScore(rules Rules) {
	switch {
	case s.Ball.X+BallSize < 0:
		s.point(rules, 1)
	case s.Ball.X > Width:
		s.point(rules, 0)
	}
}

// point ends the rally, and the game if the player has won it. The ball stays where it left the field.
func (s *State) point(rules Rules, seat int) {
	if s.Score[seat] < maxCount {
		s.Score[seat]++
	}
	s.Ball.VX, s.Ball.VY = 0, 0
	if rules.won(s.Score[seat], s.Score[1-seat]) {
		s.Phase, s.Winner = Over, uint8(seat+1)
		return
	}
	s.Phase, s.Timer = Scored, scoredTicks
}

// newGame resets the score and waits for the players. Paddles stay where they are, because players hold them, and
// serves go on alternating.
func (s *State) newGame() {
	s.Phase, s.Timer, s.Winner = Waiting, 0, 0
	s.Score = [2]uint16{}
	s.Round, s.Hits, s.Serve = 0, 0, 0
	s.Ball = centred()
}

// movePaddle returns the top edge of a paddle after a tick in which it started at y.
func movePaddle(y Fixed, in Input) Fixed {
	switch in {
	case Up:
		return max(y-PaddleSpeed, 0)
	case Down:
		return min(y+PaddleSpeed, paddleFloor)
	}
	return y
}
