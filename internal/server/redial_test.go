package server_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/game"
	"pong/internal/trust"
	"pong/internal/wire"
	"pong/netcode/netsim"
)

// TestRedial_AfterControlIsLost cuts the control connection alone: the player gets another, with a session of its own, and the
// match does not even pause.
func TestRedial_AfterControlIsLost(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		r.net.Streams()[1].Close()
		r.want(2*time.Second, "there is another connection", func() bool { return right.Resume() != secret })
		r.run(3 * time.Second)
		for _, stage := range append(left.seen, right.seen...) {
			if stage == client.StagePaused || stage == client.StageLost {
				r.Errorf("stages %v and %v: want the match not to pause", left.seen, right.seen)
				break
			}
		}
		if n := len(r.logged.entries("player removed")); n != 0 {
			r.Errorf("%d seats were freed", n)
		}
		left.Close()
		r.want(time.Second, "what the server says comes over it", func() bool { return right.view.Presence[0] == client.Left })
	})
}

// TestRedial_LongOutage cuts everything for 59 s. The match pauses, the seat is kept, the one who stayed is told for how long, and
// both play on when the network is back.
func TestRedial_LongOutage(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Disconnect("198.51.100.2")
		r.want(6*time.Second, "the match pauses", at(client.StagePaused, left))
		if left.view.Reason != client.ReasonPlayerSilent || left.view.Seconds != 54 {
			r.Errorf("the one who stayed is told %v, %d s, want that the seat is kept for 54 s", left.view.Reason, left.view.Seconds)
		}
		r.run(53 * time.Second)
		if right.view.Attempt == 0 {
			r.Errorf("the one who is cut off is told %v, attempt 0", right.view.Reason)
		}
		r.net.Reconnect("198.51.100.2")
		r.want(3*time.Second, "the match counts down", at(client.StageCountdown, left, right))
		r.want(3*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		if n := len(r.logged.entries("started")); n != 1 {
			r.Errorf("%d games were started, want the one that goes on", n)
		}
	})
}

// TestRedial_StalledSocket lets a player's socket bring nothing any more, as after a change of the network: another one is
// opened, and the server follows.
func TestRedial_StalledSocket(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Paths()[1].Set(netsim.Profile{Loss: 1})
		r.run(time.Second)
		r.want(1200*time.Millisecond, "datagrams come over another socket", func() bool {
			return len(r.net.Paths()) == 3 && right.view.Stage == client.StagePlaying && right.view.Figures.Latency > 0
		})
		r.run(2 * time.Second)
		if n := len(r.logged.entries("moved to another address")); n != 1 {
			r.Errorf("the server has moved the player %d times, want once", n)
		}
		if !playing(left, right) {
			r.Errorf("stages %v and %v", left.view.Stage, right.view.Stage)
		}
	})
}

// TestRedial_OneWayLoss lets only what a player sends get lost: STATEs come, so the screen looks well, but the server says that
// it hears nothing, and another socket helps.
func TestRedial_OneWayLoss(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Paths()[1].Up.Set(netsim.Profile{Loss: 1})
		r.want(6*time.Second, "the match pauses", at(client.StagePaused, left))
		r.want(2*time.Second, "the player is heard again", func() bool { return left.view.Presence[1] == client.Online })
		r.want(5*time.Second, "the match goes on", at(client.StagePlaying, left, right))
	})
}

// TestRedial_ServerRestarts ends a server in mid-game without a word and starts another: the players are told, find it, and
// play a new game.
func TestRedial_ServerRestarts(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.stopped(time.Second)
		<-r.ended
		r.want(2*time.Second, "the players see it", at(client.StageLost, left, right))
		r.run(8 * time.Second)
		r.again()
		r.want(5*time.Second, "the players are back", at(client.StageCountdown, left, right))
		r.want(5*time.Second, "and play", at(client.StagePlaying, left, right))
		told := false
		for _, p := range r.players {
			told = told || p.newMatch
		}
		if !told {
			r.Error("nobody is told that the match before is gone")
		}
	})
}

// TestRedial_OtherServerIdentity starts a server of another identity in the place of one that has ended: nobody joins it.
func TestRedial_OtherServerIdentity(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left := r.join("left")
		r.want(time.Second, "the player waits", at(client.StageWaiting, left))
		r.stopped(time.Second)
		<-r.ended
		thief, err := trust.NewIdentity(time.Now(), nil)
		if err != nil {
			r.Fatal(err)
		}
		r.Config.TLS = trust.ServerTLS(thief, time.Now)
		r.again()
		r.want(5*time.Second, "the player stays away", at(client.StageClosed, left))
		if left.view.Reason != client.ReasonRedialFailed || !strings.Contains(left.view.Err.Error(), "not the server you were told to expect") {
			r.Errorf("the player is told %v, %v", left.view.Reason, left.view.Err)
		}
		if n := len(r.logged.entries("joined")); n != 1 {
			r.Errorf("%d players have joined, want the one of before", n)
		}
	})
}

// TestServe_Drain ends a server in an orderly way: the point is finished, newcomers are refused, and Serve returns nil.
func TestServe_Drain(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		close(r.drain)
		r.run(200 * time.Millisecond)
		if left.view.Stage != client.StagePlaying || !left.view.Closing {
			r.Errorf("a player sees %v, closing %v", left.view.Stage, left.view.Closing)
		}
		if _, err := dial.Dial(r.Context(), r.config("late", "10.0.0.1")); err == nil || !strings.Contains(err.Error(), "shutting down or restarting") {
			r.Errorf("a newcomer gets %v", err)
		}
		r.want(20*time.Second, "both are told the end", at(client.StageLost, left, right))
		if n := len(r.logged.entries("score")); n != 1 {
			r.Errorf("%d points were scored, want the one that was in play", n)
		}
		if err := <-r.ended; err != nil {
			r.Errorf("Serve ended with %v", err)
		}
		r.ended <- nil
	})
}

// TestServe_StopWhileDraining ends at once a server that waits for a point.
func TestServe_StopWhileDraining(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		close(r.drain)
		r.run(200 * time.Millisecond)
		r.stopped(time.Second)
	})
}

// TestRedial_KilledProcess lets a player's process end without a word and starts it again: the note of the seat brings it back
// to it, while another player of the same name on the same machine gets a seat of their own.
func TestRedial_KilledProcess(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		notes := r.TempDir()
		noted := func(name, ip string) dial.Config {
			cfg := r.config(name, ip)
			cfg.SeatDir = notes
			return cfg
		}
		left, right := r.joinAs(noted("same", "10.0.0.1")), r.joinAs(noted("same", "10.0.0.1"))
		r.want(5*time.Second, "two players of one name play", at(client.StagePlaying, left, right))
		right.kill()
		r.players = r.players[:1]
		r.want(3*time.Second, "the match pauses soon, since the connection has ended too", at(client.StagePaused, left))
		again := r.joinAs(noted("same", "10.0.0.1"))
		r.want(2*time.Second, "the match counts down", at(client.StageCountdown, left, again))
		if again.view.Me != 1 || len(r.logged.entries("started")) != 1 {
			r.Errorf("the player is at seat %d; %d games were started, want one", again.view.Me, len(r.logged.entries("started")))
		}
		again.Close() // in good order: the seat is given up, and nothing is left to come back to
		r.want(time.Second, "the seat is free", func() bool { return left.view.Presence[1] == client.Left })
		next := r.joinAs(noted("same", "10.0.0.1"))
		r.want(5*time.Second, "who comes next begins another game", func() bool { return len(r.logged.entries("started")) == 2 })
		next.kill()
		left.kill()
		r.players = nil
		r.run(time.Minute)
		r.run(5 * time.Second)
		late := r.joinAs(noted("same", "10.0.0.1")) // both notes are of seats that are gone
		r.want(time.Second, "a note that is too old does no harm", at(client.StageWaiting, late))
	})
}

// TestRedial_UnusableNotes plays where a seat cannot be noted, and where its note holds no secret: neither keeps a player out.
func TestRedial_UnusableNotes(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		dir := r.TempDir()
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			r.Fatal(err)
		}
		nowhere := r.config("nowhere", "10.0.0.1")
		nowhere.SeatDir = filepath.Join(file, "seats")
		left := r.joinAs(nowhere)

		noted := r.config("noted", "10.0.0.1")
		noted.SeatDir = filepath.Join(dir, "seats")
		right := r.joinAs(noted)
		r.want(5*time.Second, "the two play", at(client.StagePlaying, left, right))
		right.kill()
		r.players = r.players[:1]
		notes, err := filepath.Glob(filepath.Join(noted.SeatDir, "*-0"))
		if err != nil || len(notes) != 1 {
			r.Fatalf("the notes are %v, %v", notes, err)
		}
		if err := os.WriteFile(notes[0], []byte("garbled\n"), 0o600); err != nil {
			r.Fatal(err)
		}
		again := r.joinAs(noted)
		r.want(time.Second, "a garbled note is none", at(client.StageWaiting, again))
	})
}

// TestRedial_WhileStillConnected loses only the game channel, so that a player joins again while the old connection still
// works: its last word, that the player has joined again, is about that and no reason to end.
func TestRedial_WhileStillConnected(t *testing.T) {
	bubble(t, func(s *settings) {
		s.up, s.down = netsim.Profile{Delay: 20 * time.Millisecond}, netsim.Profile{Delay: 20 * time.Millisecond}
	}, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		for end := time.Now().Add(5 * time.Second); right.Resume() == secret && time.Now().Before(end); {
			for _, p := range r.net.Paths()[1:] { // whatever is opened anew is as bad, until the player has joined again
				p.Set(netsim.Profile{Loss: 1})
			}
			r.run(time.Second / 60)
			if len(r.logged.entries("joined")) == 3 {
				r.net.Paths()[len(r.net.Paths())-1].Set(netsim.Profile{Delay: 20 * time.Millisecond})
				r.run(500 * time.Millisecond)
			}
		}
		if right.Resume() == secret {
			r.Fatal("the player has not joined again")
		}
		r.want(5*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		for _, stage := range right.seen {
			if stage == client.StageClosed {
				r.Errorf("the player saw %v, %v", right.seen, right.reasons)
				break
			}
		}
	})
}

// TestRedial_NothingReceivedForLong lets nothing come down to a player whose control connection has ended, for longer than a new
// connection is waited for: the server hears the new one and retires the old, the player hears neither. The seat is the
// same when the way is good again, as it is for a process that is killed meanwhile.
func TestRedial_NothingReceivedForLong(t *testing.T) {
	for _, killed := range []bool{false, true} {
		bubble(t, nil, func(r *rig) {
			cfg := r.config("left", "198.51.100.1")
			cfg.SeatDir = r.TempDir()
			left, right := r.joinAs(cfg), r.join("right")
			left.hand, right.hand = follow, follow
			r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			r.net.SetLink(netsim.Profile{}, netsim.Profile{Loss: 1})
			r.net.Paths()[0].Down.Set(netsim.Profile{Loss: 1})
			r.net.Streams()[0].Close()
			r.run(6 * time.Second)
			if killed {
				left.kill()
				r.players = r.players[1:]
			} else {
				r.run(8 * time.Second)
			}
			r.net.SetLink(netsim.Profile{}, netsim.Profile{})
			for _, p := range r.net.Paths() {
				if p.Client == netip.MustParseAddr("198.51.100.1") {
					p.Down.Set(netsim.Profile{})
				}
			}
			if killed {
				left = r.joinAs(cfg)
			}
			r.want(8*time.Second, "the match goes on", func() bool { return playing(left, right) })
			if n := len(r.logged.entries("started")); n != 1 {
				r.Errorf("killed %v: %d games were started, want the one that goes on", killed, n)
			}
		})
	}
}

// TestRedial_StoppedProcess lets a player's process stand still for 20 s, as a laptop that is closed, and go on: what has come
// meanwhile is too old to tell that the server is there, but what comes next does, and there is no need to join again.
func TestRedial_StoppedProcess(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		all := r.players
		r.players = all[:1]
		r.run(20 * time.Second)
		if left.view.Stage != client.StagePaused {
			r.Errorf("the one who goes on is at %v, want a pause", left.view.Stage)
		}
		r.players = all
		r.want(3*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		r.run(3 * time.Second)
		if n := len(r.logged.entries("joined")); n != 2 {
			r.Errorf("players have joined %d times, want twice", n)
		}
		if n := len(r.net.Paths()); n != 2 {
			r.Errorf("%d sockets were opened, want 2", n)
		}
	})
}

// TestRedial_SleptTooLong lets a player's machine sleep until the seat is gone and the connection with it: the player gets another
// seat, and is told that it is another match.
func TestRedial_SleptTooLong(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		all := r.players
		r.players = all[:1]
		r.net.Disconnect("198.51.100.2")
		r.net.Streams()[1].Close()
		r.run(70 * time.Second)
		r.net.Reconnect("198.51.100.2")
		r.players = all
		r.want(5*time.Second, "a game begins", at(client.StageCountdown, left, right))
		if !right.newMatch {
			r.Errorf("the player who slept is not told that the match before is gone: %v", right.reasons)
		}
	})
}

// TestServe_Watching looks on at a match from the middle of it, and sees what the players see.
func TestServe_Watching(t *testing.T) {
	bubble(t, func(s *settings) { s.down = netsim.Profile{Delay: 20 * time.Millisecond, Loss: 0.05} }, func(r *rig) {
		cfg := r.config("eye", "10.0.0.1")
		list, _, err := dial.List(r.Context(), cfg)
		if err != nil || len(list) != 0 {
			r.Errorf("before anybody plays the list is %+v, %v", list, err)
		}
		cfg.Watch = true
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "no such match") {
			r.Errorf("to watch where nobody plays: %v", err)
		}
		left, right := r.two()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.run(2 * time.Second)
		list, _, err = dial.List(r.Context(), cfg)
		if err != nil || len(list) != 1 || list[0].Names != [2]string{"left", "right"} {
			r.Fatalf("the list is %+v, %v", list, err)
		}
		cfg.Match = list[0].Name
		eye := r.joinAs(cfg)
		r.want(time.Second, "the watcher sees the ball", at(client.StagePlaying, eye))
		jumps, last := 0, eye.view.Ball
		for range 600 {
			eye.hand = func(client.Frame) game.Input { return game.Up } // which moves nothing
			r.run(time.Second / 60)
			if d := eye.view.Ball.X - last.X; d > 15 || d < -15 {
				jumps++
			}
			last = eye.view.Ball
		}
		if v := eye.view; !v.Watching || v.Names != [2]string{"left", "right"} || v.Presence != [2]client.Presence{client.Online, client.Online} {
			r.Errorf("the watcher sees %+v", v)
		}
		if jumps > 3 { // a point may be scored
			r.Errorf("the ball has jumped %d times in 600 frames", jumps)
		}
		if eye.view.Score != left.view.Score {
			r.Errorf("the watcher sees %v, a player %v", eye.view.Score, left.view.Score)
		}
		left.Close()
		r.want(time.Second, "the watcher sees the result", at(client.StageOver, eye))
		if eye.view.Winner != 1 || !eye.view.Forfeit {
			r.Errorf("the watcher is told that player %d wins, forfeit %v, want 1 because the other has left", eye.view.Winner, eye.view.Forfeit)
		}
		right.Close()
		r.want(time.Second, "and that it is over", at(client.StageClosed, eye))
		r.run(10 * time.Second) // until the next line of the status
		if n, m := r.logged.refusals(wire.CodeBadLine), r.logged.refusals(wire.CodeMatch); n != 0 || m != 1 {
			r.Errorf("%d bad lines and %d refused watchers are counted, want none and one: who asks for the list and goes is no stranger", n, m)
		}
	})
}

// TestServe_Room brings together those who name a room, however they write it.
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
				r.Errorf("a third player gets %v", err)
			}
		}
		cfg.Room = "!?"
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "room code") {
			r.Errorf("a bad code gets %v", err)
		}
	})
}
