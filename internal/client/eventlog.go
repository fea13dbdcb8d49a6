package client

import (
	"pong/internal/game"
	"pong/netcode"
)

// eventLog is what happens in the picture, told once, when it is seen: a correction that plays a tick again does not make
// its hit sound twice.
type eventLog struct {
	upTo   netcode.Tick // the tick up to which the ball has been seen
	events []Event

	round, hits uint16 // of the last hit that was told
	wallRound   uint16
	walls       uint8
	looked      bool // score and over are those of a frame, and not of before the first
	score       [2]uint16
	over        bool
	scorer      int // who scored last; -1 for nobody
}

// collect adds what is seen since the last frame.
func (n *eventLog) collect(s *Session) {
	to := netcode.Tick(max(s.drawn.times.Ball, 0))
	if to < n.upTo || to-n.upTo > netcode.History/2 {
		n.upTo = to // after a gap there is nothing to tell
	}
	for ; n.upTo < to; n.upTo++ {
		before, ok := s.predictor.At(n.upTo)
		after, ok2 := s.predictor.At(n.upTo + 1)
		if ok && ok2 {
			n.flight(before, after)
		}
	}
	n.result(s.shown())
}

// flight adds what the ball does in a tick.
func (n *eventLog) flight(before, after game.State) {
	set := game.Events(before, after)
	if set.Has(game.Hit) && (after.Round != n.round || after.Hits > n.hits) {
		n.round, n.hits = after.Round, after.Hits
		n.add(EventHit)
	}
	if set.Has(game.Wall) && (after.Round != n.wallRound || after.Walls != n.walls) {
		n.wallRound, n.walls = after.Round, after.Walls
		n.add(EventWall)
	}
	if set.Has(game.Serve) {
		n.add(EventServe)
	}
}

// result adds what the server's score says: a point is no point before. Who comes into a game is told nothing of the
// points before.
func (n *eventLog) result(state game.State) {
	if !n.looked {
		n.looked, n.score, n.over = true, state.Score, state.Phase == game.Over
	}
	for i, score := range state.Score {
		if score > n.score[i] {
			n.scorer = i
			n.add(EventPoint)
		}
	}
	n.score = state.Score
	if over := state.Phase == game.Over; over != n.over {
		if n.over = over; over {
			n.add(EventOver)
		}
	}
}

// maxEvents is how many events wait for a Frame; a caller that never asks does not make them pile up.
const maxEvents = 16

func (n *eventLog) add(e Event) {
	if len(n.events) < maxEvents {
		n.events = append(n.events, e)
	}
}

// take hands out what has been collected.
func (n *eventLog) take() []Event {
	events := n.events
	n.events = nil
	return events
}
