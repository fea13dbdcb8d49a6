package client

import (
	"math"

	"pong/internal/game"
	"pong/netcode"
)

// A contactWait holds the opponent's time back when the ball is about to meet the opponent's face, as long as the input
// that decides what becomes of it is not known. A hit that is drawn and then taken back is worse than a ball that waits
// for a moment.
type contactWait struct {
	at     float64 // the contact for which it waits
	waited float64 // ticks
}

const (
	// mostWait is for how many ticks the opponent's time waits. A longer wait would be seen as a halt, and a guess is
	// drawn then.
	mostWait = 9

	// mostSilence is how many ticks older the newest STATE may be than the newest that can have arrived. In an outage
	// the time would wait in vain.
	mostSilence = 45

	// beforeContact is how many ticks before the contact the time stops.
	beforeContact = 1.0 / 16
)

// limit returns the time that the opponent's time must not pass, when passed ticks have passed since it was drawn. The
// next contact at the opponent's face that is not decided is at the time at, infinite if there is none.
func (w *contactWait) limit(at, drawn, passed float64) float64 {
	if math.IsInf(at, 1) {
		return at
	}
	if math.Abs(at-w.at) > 1 {
		*w = contactWait{at: at}
	}
	stop := max(at-beforeContact, drawn)
	if late := drawn + passed - stop; late > 0 {
		w.waited += late
	}
	if w.waited > mostWait {
		return math.Inf(1)
	}
	return stop
}

// openContact returns the time of the first contact at the opponent's face from a time on that is predicted, but not
// decided: the input of its tick is not known. It is infinite if there is none.
func (s *simulation) openContact(from float64, me int) float64 {
	for t := max(netcode.Tick(max(from, 0)), s.known); t < s.predictor.Head(); t++ {
		if state, ok := s.predictor.At(t); ok && state.Phase == game.Playing {
			if at := float64(t) + untilFace(1-me, state.Ball); at >= from && at < float64(t+1) {
				return at
			}
		}
	}
	return math.Inf(1)
}

// untilFace returns in how many ticks a ball meets a player's face, infinite if it does not fly there.
func untilFace(player int, b game.Ball) float64 {
	gap, across := b.X-game.LeftFace, -b.VX
	if player == 1 {
		gap, across = game.RightFace-game.BallSize-b.X, b.VX
	}
	if across <= 0 || gap < 0 {
		return math.Inf(1)
	}
	return float64(gap) / float64(across)
}
