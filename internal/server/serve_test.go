package server_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/netcode/netsim"
)

// TestServe_Match plays a whole game over a bad network: JOIN, WELCOME, REGISTER, START, points, the result, a rematch.
func TestServe_Match(t *testing.T) {
	bad := netsim.Profile{Delay: 25 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Duplicate: 0.02, Reorder: 0.02}
	bubble(t, func(s *settings) {
		s.Rules = game.Rules{Points: 3}
		s.up, s.down = bad, bad
	}, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "both see the countdown", at(client.StageCountdown, left, right))
		if left.view.Me != 0 || right.view.Me != 1 || left.view.Match != right.view.Match {
			r.Errorf("players %d and %d in matches %q and %q, want 0 and 1 in one", left.view.Me, right.view.Me, left.view.Match, right.view.Match)
		}
		if want := [2]string{"left", "right"}; left.view.Names != want || right.view.Names != want {
			r.Errorf("names %q and %q, want %q on both screens", left.view.Names, right.view.Names, want)
		}
		left.hand = follow
		r.want(5*time.Minute, "a game ends", at(client.StageOver, left, right))
		if left.view.Score != right.view.Score || left.view.Score[0] != 3 || left.view.Winner != 0 || right.view.Winner != 0 {
			r.Errorf("the result is %v and %v, winner %d and %d: want the left player's on both screens",
				left.view.Score, right.view.Score, left.view.Winner, right.view.Winner)
		}
		if l := left.view.Figures.Latency; l < 45 || l > 60 {
			r.Errorf("latency %.1f ms over a path of 25 ms each way, want about 50", l)
		}
		left.Rematch()
		r.want(time.Second, "the right player sees the wish for a rematch", func() bool { return right.view.Rematch[0] })
		right.Rematch()
		r.want(5*time.Second, "the second game begins from 0:0", func() bool {
			return at(client.StagePlaying, left, right)() && left.view.Score == [2]int{} && right.view.Score == [2]int{}
		})
		if slices.Contains(left.seen, client.StageLost) || slices.Contains(right.seen, client.StageLost) {
			r.Errorf("stages %v and %v: nobody may lose the server at 5 %% loss", left.seen, right.seen)
		}
	})
}

// TestServe_BothPlayersSeeTheSamePlacement holds a key on one side: the paddle moves exactly as far on the other (mended 1).
func TestServe_BothPlayersSeeTheSamePlacement(t *testing.T) {
	bubble(t, func(s *settings) { s.up.Delay, s.down.Delay = 40*time.Millisecond, 40*time.Millisecond }, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		before := left.view.Paddle[0]
		left.hand = func(client.Frame) game.Input { return game.Up }
		r.run(200 * time.Millisecond)
		if left.view.Paddle[0] >= before {
			r.Errorf("the own paddle stands at %.0f, was at %.0f: want it to move before the server has answered", left.view.Paddle[0], before)
		}
		left.hand = nil
		r.run(time.Second)
		if own, other := left.view.Paddle[0], right.view.Paddle[0]; own != other || before-own < 40 {
			r.Errorf("held Up for 200 ms: from %.1f to %.1f on the own screen and %.1f on the other, want the same way", before, own, other)
		}
	})
}

// TestServe_OperatorBegins waits ten minutes for the operator's word (mended 3).
func TestServe_OperatorBegins(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false }, func(r *rig) {
		left, right := r.two()
		r.run(10 * time.Minute)
		if !at(client.StageReady, left, right)() {
			r.Fatalf("stages %v and %v, want both players to be ready and nothing to begin without the operator", left.seen, right.seen)
		}
		r.begin <- struct{}{}
		r.want(5*time.Second, "the game begins at the operator's word", at(client.StagePlaying, left, right))
	})
}

// TestServe_OperatorBeginsNothing says so to an operator who is too early, and goes on when there is no operator any more (mended 9).
func TestServe_OperatorBeginsNothing(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false; s.shards = 3 }, func(r *rig) {
		r.begin <- struct{}{}
		left := r.join("left")
		r.run(time.Second)
		if n := len(r.logged.entries("nothing to start: no match has both players connected")); n != 1 {
			r.Errorf("the operator is told %d times that nothing can start, want once\n%s", n, r.logged)
		}
		close(r.begin) // standard input has ended
		right := r.join("right")
		r.run(time.Minute)
		if !at(client.StageReady, left, right)() {
			r.Errorf("stages %v and %v, want both to be ready: the server must live on without a terminal", left.seen, right.seen)
		}
		if n := len(r.logged.entries("status")); n < 6 {
			r.Errorf("%d status lines in a minute without a terminal, want one every 10 s", n)
		}
	})
}

// TestServe_PairsInOrder has ten players join a server of three shards: each pair that comes together plays together, and
// those whose opponents leave play with each other.
func TestServe_PairsInOrder(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		var p []*player
		for range 10 {
			p = append(p, r.join(string(rune('a'+len(p)))))
		}
		r.want(10*time.Second, "all play", at(client.StagePlaying, p...))
		for i := 0; i < len(p); i += 2 {
			want := [2]string{string(rune('a' + i)), string(rune('b' + i))}
			if p[i].view.Names != want || p[i+1].view.Names != want {
				r.Errorf("players %d and %d play in %q and %q, want %q", i, i+1, p[i].view.Names, p[i+1].view.Names, want)
			}
		}
		players := map[uint16]int{}
		for _, path := range r.net.Paths() {
			players[path.Server.Port()]++
		}
		for i, want := range []int{4, 4, 2} {
			if got := players[controlAddr.Port()+1+uint16(i)]; got != want {
				r.Errorf("shard %d has %d players, want %d", i, got, want)
			}
		}
		// Two at different tables of one shard are left alone: shard 0 has the first and the fourth pair.
		p[1].Close()
		p[6].Close()
		r.run(time.Second)
		next, last := r.join("k"), r.join("l")
		r.want(10*time.Second, "all play again", at(client.StagePlaying, p[0], next, p[7], last))
		if p[0].view.Names != [2]string{"a", "h"} || next.view.Names != [2]string{"k", "l"} {
			r.Errorf("they play as %q and %q, want a-h and k-l", p[0].view.Names, next.view.Names)
		}
	})
}

// TestServe_ManyJoinAtOnce has sixty players join three shards at the same moment: nobody is left without an opponent.
func TestServe_ManyJoinAtOnce(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		const n = 60
		clients := make(chan *dial.Client, n)
		for i := range n {
			go func() {
				c, err := dial.Dial(r.Context(), r.config("p", fmt.Sprintf("10.1.0.%d", i)))
				if err != nil {
					r.Errorf("one of %d players at once: %v", n, err)
				}
				clients <- c
			}()
		}
		for range n {
			if c := <-clients; c != nil {
				r.players = append(r.players, &player{Client: c})
			}
		}
		r.want(10*time.Second, "all play", func() bool { return playing(r.players...) })
	})
}

// TestServe_ManyFromOneAddress has forty players join from one address, a school or a test of the load, one after the other:
// whoever is in does not count as a stranger any more.
func TestServe_ManyFromOneAddress(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		start := time.Now()
		for range 40 {
			r.joinAs(r.config("p", "10.0.0.1"))
		}
		if took := time.Since(start); took > 0 {
			r.Errorf("seating forty players took %v, want none of them to wait for a tick", took)
		}
		r.run(11 * time.Second)
		if !playing(r.players...) {
			r.Error("not all of forty players from one address play")
		}
		if n := r.logged.refusals("too_many_from_address"); n > 0 {
			r.Errorf("%d of them are counted as too many", n)
		}
	})
}

// TestServe_ControlChannelLost closes the TCP connection of one player in mid-game: play goes on (mended 2).
func TestServe_ControlChannelLost(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Streams()[0].Close()
		r.run(2 * time.Minute)
		if !playing(left, right) || slices.Contains(right.seen, client.StagePaused) {
			r.Errorf("stages %v and %v after the left player's control channel was closed, want them to play", left.seen, right.seen)
		}
	})
}

// TestServe_GameChannelSilent stops the datagrams of one player: after 5 s the match pauses and the other is told, after 60 s
// the seat is free and the next player gets it (mended 5 and 7).
func TestServe_GameChannelSilent(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		path := r.net.Paths()[1].Up
		path.Set(netsim.Profile{Loss: 1})
		r.net.Disconnect("198.51.100.2")
		r.net.Paths()[1].Down.Set(netsim.Profile{}) // what comes down is heard all the time
		r.run(4900 * time.Millisecond)
		if left.view.Stage == client.StagePaused {
			r.Errorf("paused after 4.9 s of silence, want 5")
		}
		r.want(400*time.Millisecond, "the match pauses after 5 s", at(client.StagePaused, left))
		r.net.Reconnect("198.51.100.2")
		path.Set(netsim.Profile{})
		r.want(time.Second, "it goes on when the player is heard again", func() bool { return left.view.Stage != client.StagePaused })
		r.net.Disconnect("198.51.100.2")
		r.run(59 * time.Second)
		if left.view.Presence[1] != client.Silent || len(r.logged.entries("player removed")) != 0 {
			r.Errorf("after 59 s of silence the seat is %v, want it to be kept", left.view.Presence[1])
		}
		r.want(1500*time.Millisecond, "the seat is free after 60 s", func() bool { return left.view.Presence[1] == client.Left })
		if right.view.Stage != client.StageClosed || right.view.Reason == client.ReasonNone {
			r.Errorf("the silent player sees %v %v, want to be told that the seat is gone", right.view.Stage, right.view.Reason)
		}
		next := r.join("next")
		r.want(5*time.Second, "another player plays in that seat", at(client.StagePlaying, left, next))
	})
}

// TestServe_LeaveBeforeStart frees the seat at once (mended 6).
func TestServe_LeaveBeforeStart(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false; s.MaxSeats = 2 }, func(r *rig) {
		left, right := r.two()
		r.want(time.Second, "both are ready", at(client.StageReady, left, right))
		left.Close()
		r.want(time.Second, "the other sees it", func() bool { return right.view.Presence[0] == client.Left })
		if len(r.logged.entries("player removed")) != 1 {
			r.Errorf("the operator does not see that a seat is free\n%s", r.logged)
		}
		next := r.join("next")
		r.want(time.Second, "the seat is taken again", at(client.StageReady, next, right))
	})
}

// TestServe_ServerGone cuts both channels without a word: the players see it within 2 s (mended 7), and come back by
// themselves over other sockets.
func TestServe_ServerGone(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		for _, ip := range []string{"198.51.100.1", "198.51.100.2"} {
			r.net.Disconnect(ip) // first the game traffic alone
			defer r.net.Reconnect(ip)
		}
		r.want(2*time.Second, "the server is lost", at(client.StageLost, left, right))
		r.net.Reconnect("198.51.100.1")
		r.net.Reconnect("198.51.100.2")
		r.net.Streams()[0].Close()
		r.net.Streams()[1].Close()
		if left.view.Reason == client.ReasonNone {
			r.Error("the player is not told why it has stopped")
		}
		r.want(2*time.Second, "both are back", at(client.StageCountdown, left, right))
		r.want(5*time.Second, "they play on", at(client.StagePlaying, left, right))
		if n := len(r.logged.entries("started")); n != 1 {
			r.Errorf("%d games were started, want the one that goes on", n)
		}
	})
}
