package game

import "math/rand/v2"

// players makes the inputs of a match: each player follows the ball, with lapses, and is Away now and then.
type players struct {
	rand  *rand.Rand
	away  [2]int // ticks left of being away
	lapse [2]int // ticks left of holding held, whatever the ball does
	held  [2]Input
}

func newPlayers(seed uint64) *players {
	return &players{rand: rand.New(rand.NewPCG(seed, seed))}
}

func (p *players) inputs(s State) Inputs {
	var in Inputs
	if s.Phase == Over && p.rand.IntN(100) == 0 {
		return bothAway
	}
	for seat := range in {
		switch {
		case p.away[seat] > 0:
			p.away[seat]--
			in[seat] = Away
		case p.lapse[seat] > 0:
			p.lapse[seat]--
			in[seat] = p.held[seat]
		case p.rand.IntN(1500) == 0:
			p.away[seat] = p.rand.IntN(90)
			in[seat] = Away
		case p.rand.IntN(150) == 0:
			p.lapse[seat], p.held[seat] = p.rand.IntN(60), Input(p.rand.IntN(3))
		default:
			middle := s.Paddle[seat] + PaddleHeight/2 - BallSize/2
			if s.Ball.Y < middle-20*One {
				in[seat] = Up
			} else if s.Ball.Y > middle+20*One {
				in[seat] = Down
			}
		}
	}
	if in == bothAway && p.rand.IntN(10) > 0 {
		in[1] = None // the server makes both Away only to end the game
	}
	return in
}
