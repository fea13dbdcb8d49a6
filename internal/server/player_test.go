package server_test

import (
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
)

// A player is a client that draws frames.
type player struct {
	*dial.Client
	transport *mortalTransport
	view      client.Frame
	hand      func(client.Frame) game.Input // If nil, no key is held.
	seen      []client.Stage                // the stages so far, each once in a row
	reasons   []client.Reason               // likewise
	newMatch  bool                          // a frame has said that the match before is gone
	hesitates bool                          // the player does not accept the other one in a room at once
}

func (p *player) frame(now time.Time) {
	key := game.None
	if p.hand != nil {
		key = p.hand(p.view)
	}
	p.Update(now, key)
	p.view = p.Frame(now)
	if n := len(p.seen); n == 0 || p.seen[n-1] != p.view.Stage {
		p.seen = append(p.seen, p.view.Stage)
	}
	if n := len(p.reasons); n == 0 || p.reasons[n-1] != p.view.Reason {
		p.reasons = append(p.reasons, p.view.Reason)
	}
	p.newMatch = p.newMatch || p.view.NewMatch
	if p.view.Stage == client.StageReady && !p.hesitates {
		p.Accept()
	}
}

// at reports whether all players are at a stage.
func at(stage client.Stage, players ...*player) func() bool {
	return func() bool {
		for _, p := range players {
			if p.view.Stage != stage {
				return false
			}
		}
		return true
	}
}

// playing reports whether all players are in a game: with the ball in play, after a point or at the countdown.
func playing(players ...*player) bool {
	for _, p := range players {
		if s := p.view.Stage; s != client.StagePlaying && s != client.StageScored && s != client.StageCountdown {
			return false
		}
	}
	return true
}

// follow keeps the paddle at the ball, so that a rally does not end.
func follow(v client.Frame) game.Input {
	middle := v.Paddle[v.Me] + client.PaddleHeight/2
	switch ball := v.Ball.Y + client.BallSize/2; {
	case v.Stage != client.StagePlaying:
		return game.None
	case ball < middle-10:
		return game.Up
	case ball > middle+10:
		return game.Down
	}
	return game.None
}
