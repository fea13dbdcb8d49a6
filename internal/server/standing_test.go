package server_test

import (
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/game"
)

// shortGame makes one point win a game.
func shortGame(s *settings) { s.Rules = game.Rules{Points: 1} }

// TestStanding_RematchIsRepeatedAfterControlWasLost ends a game while the control channel of a player carries nothing.
// Both ask for a rematch, and it begins when a control channel works again: the old one, or another one.
func TestStanding_RematchIsRepeatedAfterControlWasLost(t *testing.T) {
	for _, heals := range []bool{true, false} {
		bubble(t, shortGame, func(r *rig) {
			left, right := r.joinTwo()
			r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			if r.net.HoldStreams("198.51.100.2", true); !heals {
				r.net.Abandon("198.51.100.2")
			}
			r.want(10*time.Second, "the game is over", at(client.StageOver, left, right))
			left.Rematch()
			right.Rematch()
			r.run(time.Second)
			if v := right.view; v.Reason != client.ReasonRematchAsked || !v.Rematch[0] || v.Winner < 0 {
				r.Errorf("without lines the player reads %s (%v), winner %d; want that it waits for the other's answer",
					right.reads(), v.Rematch, v.Winner)
			}
			r.run(5 * time.Second)
			r.net.HoldStreams("198.51.100.2", false)
			r.want(5*time.Second, "the next game begins", func() bool {
				return playing(left, right) && left.view.Game == 2 && right.view.Game == 2
			})
		})
	}
}

// TestStanding_ResultDoesNotHideTheNextGame has a player's opponent leave, and a third player come, while the control
// channel carries nothing. The player follows the STATEs.
func TestStanding_ResultDoesNotHideTheNextGame(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		right.Close()
		r.players = r.players[:1]
		r.want(time.Second, "the player reads that the other has left", at(client.StageOver, left))
		r.net.HoldStreams("198.51.100.1", true)
		third := r.joinAs(r.config("third", "198.51.100.3"))
		r.want(time.Second, "the player sees the game", func() bool { return playing(left, third) })
		r.run(time.Second)
		if left.view.Names[1] == "right" {
			r.Errorf("the player plays against the third under the name of the one who left: %q", left.view.Names)
		}
		r.net.HoldStreams("198.51.100.1", false)
		r.want(time.Second, "the name is right", func() bool { return left.view.Names[1] == "third" })
	})
}

// TestStanding_SeatFollowsSTATE moves a waiting player to the right seat of another match while its control channel
// carries nothing. The player's own paddle is the right one.
func TestStanding_SeatFollowsSTATE(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		third := r.join("third")
		third.hand = func(client.Frame) game.Input { return game.Up }
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.HoldStreams("198.51.100.3", true)
		right.Close()
		r.players = []*player{left, third}
		r.want(2*time.Second, "the third player plays at the right seat",
			func() bool { return playing(left, third) && third.view.Me == 1 })
		r.run(3 * time.Second)
		if third.view.Paddle[1] != 0 || left.view.Paddle[1] != 0 || third.view.Paddle[0] == 0 {
			r.Errorf("the player holds up, and the paddles are at %v, by the other's picture at %v; want the right "+
				"one at 0", third.view.Paddle, left.view.Paddle)
		}
	})
}

// TestStanding_LeftIsReadWithoutControl has a player leave while the control channel of the other carries nothing.
func TestStanding_LeftIsReadWithoutControl(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.HoldStreams("198.51.100.2", true)
		left.Close()
		r.players, right.seen = r.players[1:], nil
		r.run(time.Second)
		v := right.view
		if v.Stage != client.StageWaiting || v.Reason != client.ReasonPlayerLeft || len(right.seen) > 2 {
			r.Errorf("the player reads %s after %v, want that the other has left, at once", right.reads(), right.seen)
		}
	})
}
