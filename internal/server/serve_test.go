package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/names/namestest"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// TestServe_Match plays a whole game over a bad network, from JOIN to the result and a rematch.
func TestServe_Match(t *testing.T) {
	bad := netsim.Profile{
		Delay: 25 * time.Millisecond, Jitter: 5 * time.Millisecond, Loss: 0.05, Duplicate: 0.02, Reorder: 0.02,
	}
	bubble(t, func(s *settings) {
		s.Rules = game.Rules{Points: 3}
		s.up, s.down = bad, bad
	}, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "both are at the countdown", at(client.StageCountdown, left, right))
		if left.view.Me != 0 || right.view.Me != 1 || left.view.Match != right.view.Match {
			r.Errorf("players %d and %d in matches %q and %q, want 0 and 1 in one", left.view.Me, right.view.Me,
				left.view.Match, right.view.Match)
		}
		if want := [2]string{"left", "right"}; left.view.Names != want || right.view.Names != want {
			r.Errorf("the players see the names %q and %q, want %q", left.view.Names, right.view.Names, want)
		}
		left.hand = follow
		r.want(5*time.Minute, "a game ends", at(client.StageOver, left, right))
		if left.view.Score != right.view.Score || left.view.Score[0] != 3 || left.view.Winner != 0 ||
			right.view.Winner != 0 {
			r.Errorf("the players see the results %v and %v with the winners %d and %d, want 3 points and winner 0",
				left.view.Score, right.view.Score, left.view.Winner, right.view.Winner)
		}
		if l := left.view.Figures.Latency; l < 45 || l > 60 {
			r.Errorf("the latency is %.1f ms over a path of 25 ms each way, want about 50", l)
		}
		left.Rematch()
		r.want(time.Second, "the right player is shown the offer of a rematch",
			func() bool { return right.view.Rematch[0] })
		right.Rematch()
		r.want(5*time.Second, "the second game begins from 0:0", func() bool {
			return at(client.StagePlaying, left, right)() && left.view.Score == [2]int{} && right.view.Score == [2]int{}
		})
		if slices.Contains(left.seen, client.StageLost) || slices.Contains(right.seen, client.StageLost) {
			r.Errorf("the players went through the stages %v and %v, want no lost server at 5 %% loss", left.seen,
				right.seen)
		}
	})
}

// TestServe_BothPlayersSeeTheSamePlacement holds a key of one player. Both players see the paddle move equally far
// (mended 1).
func TestServe_BothPlayersSeeTheSamePlacement(t *testing.T) {
	bubble(t, func(s *settings) { s.up.Delay, s.down.Delay = 40*time.Millisecond, 40*time.Millisecond }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		before := left.view.Paddle[0]
		left.hand = func(client.Frame) game.Input { return game.Up }
		r.run(200 * time.Millisecond)
		if left.view.Paddle[0] >= before {
			r.Errorf("the own paddle is at %.0f after 200 ms, was at %.0f: want it to move before the server answers",
				left.view.Paddle[0], before)
		}
		left.hand = nil
		r.run(time.Second)
		if own, other := left.view.Paddle[0], right.view.Paddle[0]; own != other || before-own < 40 {
			r.Errorf("Up for 200 ms moves the paddle from %.1f to %.1f for its player, to %.1f for the other",
				before, own, other)
		}
	})
}

// TestServe_OperatorBegins waits ten minutes for the operator (mended 3).
func TestServe_OperatorBegins(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false }, func(r *rig) {
		left, right := r.joinTwo()
		r.run(10 * time.Minute)
		if !at(client.StageReady, left, right)() {
			r.Fatalf("the players went through the stages %v and %v, want both ready and no game", left.seen,
				right.seen)
		}
		r.begin <- struct{}{}
		r.want(5*time.Second, "the game begins when the operator says so", at(client.StagePlaying, left, right))
	})
}

// TestServe_OperatorBeginsNothing has the operator begin too early, and then closes the operator's input (mended 9).
func TestServe_OperatorBeginsNothing(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false; s.shards = 3 }, func(r *rig) {
		r.begin <- struct{}{}
		left := r.join("left")
		r.run(time.Second)
		if n := len(r.logged.entries("nothing to start: no match has both players connected")); n != 1 {
			r.Errorf("the log says %d times that nothing can start, want once\n%s", n, r.logged)
		}
		close(r.begin) // standard input has ended
		right := r.join("right")
		r.run(time.Minute)
		if !at(client.StageReady, left, right)() {
			r.Errorf("the players went through the stages %v and %v after the input was closed, want both ready",
				left.seen, right.seen)
		}
		if n := len(r.logged.entries("status")); n < 6 {
			r.Errorf("%d status lines in a minute after the input was closed, want one every 10 s", n)
		}
	})
}

// TestServe_PairsInOrder joins ten players to a server of three shards. Each two that join after each other play with
// each other, and so do two players whose opponents have left.
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
				r.Errorf("players %d and %d play in %q and %q, want %q", i, i+1, p[i].view.Names, p[i+1].view.Names,
					want)
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
		// Two players of different matches of shard 0, which has the first and the fourth pair, lose their opponents.
		p[1].Close()
		p[6].Close()
		r.run(time.Second)
		next, last := r.join("k"), r.join("l")
		r.want(10*time.Second, "all play again", at(client.StagePlaying, p[0], next, p[7], last))
		if p[0].view.Names != [2]string{"a", "h"} || next.view.Names != [2]string{"k", "l"} {
			r.Errorf("the pairs are %q and %q, want a-h and k-l", p[0].view.Names, next.view.Names)
		}
	})
}

// TestServe_ManyJoinAtOnce joins sixty players to three shards at the same moment. All of them find an opponent.
func TestServe_ManyJoinAtOnce(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		const n = 60
		clients := make(chan *dial.Client, n)
		for i := range n {
			go func() {
				c, err := dial.Dial(r.Context(), r.config("p", fmt.Sprintf("10.1.0.%d", i)))
				if err != nil {
					r.Errorf("one of %d players cannot join: %v", n, err)
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

// TestServe_ManyFromOneAddress joins forty players from one address one after the other, as of a school. A connection
// that has joined does not count as pending: strangers from other addresses evict none of them.
func TestServe_ManyFromOneAddress(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		start := time.Now()
		for range 40 {
			r.joinAs(r.config("p", "10.0.0.1"))
		}
		if took := time.Since(start); took > 0 {
			r.Errorf("forty players took %v to join, want none of them to wait for a tick", took)
		}
		r.run(11 * time.Second)
		if !playing(r.players...) {
			r.Error("not all of the forty players play")
		}
		if n := r.logged.refusals("too_many_pending"); n > 0 {
			r.Errorf("%d connections are counted as too many, want none", n)
		}
		for i := range 300 {
			r.dialStream(fmt.Sprintf("10.1.%d.%d", i/100, i%100))
		}
		r.run(11 * time.Second)
		if n := r.logged.refusals("too_many_pending"); n == 0 {
			r.Error("none of 300 silent connections is evicted")
		}
		if n := len(r.logged.entries("joined")) + len(r.logged.entries("resumed")); n != len(r.players) {
			r.Errorf("%d players have joined %d times, want once each: none of their connections is evicted",
				len(r.players), n)
		}
	})
}

// TestServe_ControlChannelLost closes the TCP connection of one player during a game, which goes on (mended 2).
func TestServe_ControlChannelLost(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Streams()[0].Close()
		r.run(2 * time.Minute)
		if !playing(left, right) || slices.Contains(right.seen, client.StagePaused) {
			r.Errorf("stages %v and %v after the left player's control channel was closed, want them to play",
				left.seen, right.seen)
		}
	})
}

// TestServe_GameChannelSilent stops the datagrams of one player. After 5 s the match pauses and the other player is
// told; after 60 s the seat is free for the next player (mended 5 and 7).
func TestServe_GameChannelSilent(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		path := r.net.Paths()[1].Up
		path.Set(netsim.Profile{Loss: 1})
		r.net.Disconnect("198.51.100.2")
		r.net.Paths()[1].Down.Set(netsim.Profile{}) // but datagrams to the player arrive
		r.run(4900 * time.Millisecond)
		if left.view.Stage == client.StagePaused {
			r.Error("the match is paused after 4.9 s of silence, want 5 s")
		}
		r.want(400*time.Millisecond, "the match pauses after 5 s", at(client.StagePaused, left))
		r.net.Reconnect("198.51.100.2")
		path.Set(netsim.Profile{})
		r.want(time.Second, "it goes on when the datagrams arrive again",
			func() bool { return left.view.Stage != client.StagePaused })
		r.net.Disconnect("198.51.100.2")
		r.run(59 * time.Second)
		if left.view.Presence[1] != client.Silent || len(r.logged.entries("player removed")) != 0 {
			r.Errorf("the player is %v after 59 s of silence, want silent and the seat kept", left.view.Presence[1])
		}
		r.want(1500*time.Millisecond, "the seat is free after 60 s",
			func() bool { return left.view.Presence[1] == client.Left })
		if right.view.Stage != client.StageClosed || right.view.Reason == client.ReasonNone {
			r.Errorf("the silent player is at %v (%v), want closed with a reason", right.view.Stage, right.view.Reason)
		}
		next := r.join("next")
		r.want(5*time.Second, "another player plays in that seat", at(client.StagePlaying, left, next))
	})
}

// TestServe_LeaveBeforeStart wants a seat to be freed at once (mended 6).
func TestServe_LeaveBeforeStart(t *testing.T) {
	bubble(t, func(s *settings) { s.Auto = false; s.MaxPlayers = 2 }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(time.Second, "both are ready", at(client.StageReady, left, right))
		left.Close()
		r.want(time.Second, "the other player is told", func() bool { return right.view.Presence[0] == client.Left })
		if len(r.logged.entries("player removed")) != 1 {
			r.Errorf("the log does not say that a player was removed\n%s", r.logged)
		}
		next := r.join("next")
		r.want(time.Second, "the seat is taken again", at(client.StageReady, next, right))
	})
}

// TestServe_ServerGone cuts both channels. The players are told within 2 s (mended 7), and their clients redial on
// their own.
func TestServe_ServerGone(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		for _, ip := range []string{"198.51.100.1", "198.51.100.2"} {
			r.net.Disconnect(ip) // first the game traffic alone
			defer r.net.Reconnect(ip)
		}
		r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
		r.net.Reconnect("198.51.100.1")
		r.net.Reconnect("198.51.100.2")
		r.net.Streams()[0].Close()
		r.net.Streams()[1].Close()
		if left.view.Reason == client.ReasonNone {
			r.Error("the player is given no reason")
		}
		r.want(2*time.Second, "both are back", at(client.StageCountdown, left, right))
		r.want(5*time.Second, "they play on", at(client.StagePlaying, left, right))
		if n := len(r.logged.entries("started")); n != 1 {
			r.Errorf("%d games were started, want 1", n)
		}
	})
}

// TestServe_StateRates plays with the usual number of STATEs and with one at every tick. As STATEs with news are sent
// at once, the other paddle is drawn less than 2.5 ticks late with both.
func TestServe_StateRates(t *testing.T) {
	for _, rate := range []int{15, 60} {
		bubble(t, func(s *settings) { s.Config.StateRate = rate }, func(r *rig) {
			left, right := r.joinTwo()
			r.want(10*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			r.run(time.Second)
			if times := left.view.Times; times.Own-times.Remote > 2.5 {
				t.Errorf("with %d STATEs a second the other paddle is drawn %.2f ticks in the past, want less than 2.5",
					rate, times.Own-times.Remote)
			}
		})
	}
}

// TestServe_Watching watches a match from its middle on.
func TestServe_Watching(t *testing.T) {
	bubble(t, func(s *settings) { s.down = netsim.Profile{Delay: 20 * time.Millisecond, Loss: 0.05} }, func(r *rig) {
		cfg := r.config("watcher", "10.0.0.1")
		list, _, err := dial.List(r.Context(), cfg)
		if err != nil || len(list) != 0 {
			r.Errorf("List() = %+v, %v without a match, want none", list, err)
		}
		cfg.Watch = true
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "no such match") {
			r.Errorf("watch without a match: %v, want no such match", err)
		}
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.run(2 * time.Second)
		list, _, err = dial.List(r.Context(), cfg)
		if err != nil || len(list) != 1 || list[0].Names != [2]string{"left", "right"} {
			r.Fatalf("List() = %+v, %v; want the match of left and right", list, err)
		}
		cfg.Match = list[0].Name
		watcher := r.joinAs(cfg)
		r.want(time.Second, "the watcher sees the ball", at(client.StagePlaying, watcher))
		jumps, last := 0, watcher.view.Ball
		for range 600 {
			watcher.hand = func(client.Frame) game.Input { return game.Up } // which must be ignored
			r.run(time.Second / 60)
			if d := watcher.view.Ball.X - last.X; d > 15 || d < -15 {
				jumps++
			}
			last = watcher.view.Ball
		}
		if v := watcher.view; !v.Watching || v.Names != [2]string{"left", "right"} ||
			v.Presence != [2]client.Presence{client.Online, client.Online} {
			r.Errorf("the watcher's frame is %+v, want both players online", v)
		}
		if jumps > 3 { // a point may be scored
			r.Errorf("the ball has jumped %d times in 600 frames, want at most 3", jumps)
		}
		if watcher.view.Score != left.view.Score {
			r.Errorf("the watcher sees the score %v, a player %v", watcher.view.Score, left.view.Score)
		}
		left.Close()
		r.want(time.Second, "the watcher sees the result", at(client.StageOver, watcher))
		if watcher.view.Winner != 1 || !watcher.view.Forfeit {
			r.Errorf("the watcher sees the winner %d and Forfeit %v, want 1 and true", watcher.view.Winner,
				watcher.view.Forfeit)
		}
		right.Close()
		r.want(time.Second, "the watcher is told that the match has ended", at(client.StageClosed, watcher))
		r.run(10 * time.Second) // until the next status
		if n, m := r.logged.refusals(wire.CodeBadLine), r.logged.refusals(wire.CodeMatch); n != 0 || m != 1 {
			r.Errorf("%d bad lines and %d refused watchers are counted, want 0 and 1", n, m)
		}
	})
}

// TestServe_NamesOfTheWorld joins with names in many scripts, two in a match.
func TestServe_NamesOfTheWorld(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		all := namestest.Names[:len(namestest.Names)&^1]
		for i := 0; i < len(all); i += 2 {
			two := [2]string{all[i].Name, all[i+1].Name}
			left, right := r.join(two[0]), r.join(two[1])
			r.want(5*time.Second, "the two play", at(client.StagePlaying, left, right))
			if left.view.Names != two || right.view.Names != two {
				r.Errorf("the players see the names %+q and %+q, want %+q", left.view.Names, right.view.Names, two)
			}
			left.Close()
			right.Close()
		}
	})
}

// TestServe_Room joins players who write the code of a room in different ways.
func TestServe_Room(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		in := func(name, room string) *player {
			cfg := r.config(name, "10.0.0.1")
			cfg.Room = room
			return r.joinAs(cfg)
		}
		a, stranger, b := in("a", "maple-42"), r.join("stranger"), in("b", " Maple 42!")
		r.want(5*time.Second, "the two play", at(client.StagePlaying, a, b))
		if stranger.view.Stage != client.StageWaiting || a.view.Room != "maple-42" {
			r.Errorf("the stranger is at %v, the room is %q", stranger.view.Stage, a.view.Room)
		}
		cfg := r.config("c", "10.0.0.1")
		if cfg.Room = "maple-42"; true {
			if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "this room") {
				r.Errorf("a third player joins the room: %v, want that it is full", err)
			}
		}
		cfg.Room = "!?"
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "room code") {
			r.Errorf("join with a bad code: %v, want that it is no room code", err)
		}
	})
}
