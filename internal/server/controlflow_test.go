package server_test

import (
	"fmt"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/front"
	"pong/netcode/netsim"
)

// reads returns what a player reads, in one line.
func (p *player) reads() string {
	return fmt.Sprintf("%s %s", p.view.Stage, front.Notice(&p.view))
}

// eachSecond lets time pass until something has happened, and logs each second what two players read.
func (r *rig) eachSecond(left, right *player, within time.Duration, happened func() bool) {
	r.Helper()
	for s := range int(within / time.Second) {
		r.Logf("%2d s  left: %-40s right: %s", s, left.reads(), right.reads())
		if r.until(time.Second, happened) {
			r.Logf("%2d s  left: %-40s right: %s", s+1, left.reads(), right.reads())
			return
		}
	}
	r.Fatalf("not within %v: the player knows; log:\n%s", within, r.logged)
}

// TestControlFlow_DroppedAloneIsNoticed drops only the TCP flow of a player, during a game. Another connection is
// opened before 25 s have passed, the match does not pause, and the player who reads nothing from the server until then
// learns that the other has left.
func TestControlFlow_DroppedAloneIsNoticed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		r.net.Streams()[1].Stall()
		r.eachSecond(left, right, 25*time.Second, func() bool { return right.Resume() != secret })
		r.run(2 * time.Second)
		if !playing(left, right) || len(r.logged.entries("player not responding, match paused")) != 0 {
			r.Errorf("the players are at %v and %v, want the match to go on without a pause", left.seen, right.seen)
		}
		for _, p := range r.players {
			if p.view.NoControl {
				r.Error("the control channel is new, and the player still reads that it does not work")
			}
		}
		left.Close()
		r.want(time.Second, "lines of the server arrive over the new connection",
			func() bool { return right.view.Presence[0] == client.Left })
	})
}

// TestControlFlow_OpponentWhoLeavesIsNoticed drops a player's TCP flow; then the other leaves. The game stops
// without a line, so that the control channel is checked at once.
func TestControlFlow_OpponentWhoLeavesIsNoticed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Streams()[1].Stall()
		left.Close()
		r.players = r.players[1:]
		r.eachSecond(right, right, 4*time.Second, func() bool {
			return right.view.Stage == client.StageWaiting && right.view.Presence[0] != client.Online
		})
	})
}

// TestControlFlow_PlayerIsToldWhenTCPIsBlocked drops the TCP flow and lets no other one through. The player reads that
// within 25 s, and the game goes on.
func TestControlFlow_PlayerIsToldWhenTCPIsBlocked(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Kill(controlAddr.Addr().String())
		r.net.Streams()[1].Stall()
		r.eachSecond(left, right, 25*time.Second, func() bool { return right.view.NoControl })
		r.run(10 * time.Second)
		if !playing(left, right) || !right.view.NoControl || right.view.Attempt == 0 {
			r.Errorf("the players read %q and %q, want a game that goes on, and attempts to reconnect",
				left.reads(), right.reads())
		}
	})
}

// TestControlFlow_NewPathChecksTheControlChannel loses both channels of a player, as a change of the address does. The
// game channel gets a new socket, and soon there is a new control connection, too.
func TestControlFlow_NewPathChecksTheControlChannel(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		r.net.Paths()[1].Set(netsim.Profile{Loss: 1})
		r.net.Streams()[1].Stall()
		r.want(5*time.Second, "there is another connection", func() bool { return right.Resume() != secret })
		r.want(time.Second, "the players play", func() bool { return playing(left, right) })
	})
}

// TestControlFlow_NewPathAloneKeepsTheConnection loses a player's socket only. The control channel answers, and stays.
func TestControlFlow_NewPathAloneKeepsTheConnection(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		r.net.Paths()[1].Set(netsim.Profile{Loss: 1})
		r.run(40 * time.Second)
		if !playing(left, right) || right.Resume() != secret {
			r.Errorf("the players are at %v and %v, want them to play, over the same connection", left.seen, right.seen)
		}
	})
}
