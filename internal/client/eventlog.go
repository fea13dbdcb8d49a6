package client

import (
	"pong/internal/game"
	"pong/netcode"
)

// Event is something to hear or to flash. It is in one frame only, when it is seen.
type Event uint8

// The events.
const (
	EventHit   Event = iota // the ball met a paddle
	EventWall               // the ball met the upper or lower wall
	EventPoint              // a player scored
	EventServe              // the ball is in play again
	EventOver               // the game has a winner
)

// An eventLog collects the events of the picture, each once: a correction that replays a tick does not repeat its hit.
type eventLog struct {
	upTo   netcode.Tick // the tick up to which the ball has been seen
	events []Event

	round, hits uint16 // of the last hit
	wallRound   uint16 // of the last bounce off a wall, as walls
	walls       uint8
	looked      bool // score and over are those of a frame
	score       [2]uint16
	over        bool
	scorer      int // of the last point; -1 for nobody
}

// collect adds the events up to the ball's time, at which the picture shows a state.
func (e *eventLog) collect(stateAt func(netcode.Tick) (game.State, bool), ball float64, shown game.State) {
	to := netcode.Tick(max(ball, 0))
	if to < e.upTo || to-e.upTo > netcode.History/2 {
		e.upTo = to // after a gap there is nothing to report
	}
	for ; e.upTo < to; e.upTo++ {
		before, ok := stateAt(e.upTo)
		after, ok2 := stateAt(e.upTo + 1)
		if ok && ok2 {
			e.addFlight(before, after)
		}
	}
	e.addResult(shown)
}

// addFlight adds the events of the ball in one tick.
func (e *eventLog) addFlight(before, after game.State) {
	set := game.Events(before, after)
	if set.Has(game.Hit) && (after.Round != e.round || after.Hits > e.hits) {
		e.round, e.hits = after.Round, after.Hits
		e.add(EventHit)
	}
	if set.Has(game.Wall) && (after.Round != e.wallRound || after.Walls != e.walls) {
		e.wallRound, e.walls = after.Round, after.Walls
		e.add(EventWall)
	}
	if set.Has(game.Serve) {
		e.add(EventServe)
	}
}

// addResult adds the events of the server's score: a predicted point is none. Points from before the first frame are
// left out.
func (e *eventLog) addResult(state game.State) {
	if !e.looked {
		e.looked, e.score, e.over = true, state.Score, state.Phase == game.Over
	}
	for i, score := range state.Score {
		if score > e.score[i] {
			e.scorer = i
			e.add(EventPoint)
		}
	}
	e.score = state.Score
	if over := state.Phase == game.Over; over != e.over {
		if e.over = over; over {
			e.add(EventOver)
		}
	}
}

// maxEvents bounds the events that wait for a Frame.
const maxEvents = 16

func (e *eventLog) add(event Event) {
	if len(e.events) < maxEvents {
		e.events = append(e.events, event)
	}
}

// take returns the events that were collected, and forgets them.
func (e *eventLog) take() []Event {
	events := e.events
	e.events = nil
	return events
}
