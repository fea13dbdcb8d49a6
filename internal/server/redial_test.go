package server_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/memnet"
	"pong/internal/trust"
	"pong/netcode/netsim"
)

// TestRedial_AfterControlIsLost closes only the control connection. The client opens another one with a new session,
// and the match does not pause.
func TestRedial_AfterControlIsLost(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		r.net.Streams()[1].Close()
		r.want(2*time.Second, "there is another connection", func() bool { return right.Resume() != secret })
		r.run(3 * time.Second)
		for _, stage := range append(left.seen, right.seen...) {
			if stage == client.StagePaused || stage == client.StageLost {
				r.Errorf("the players went through the stages %v and %v, want no pause", left.seen, right.seen)
				break
			}
		}
		if n := len(r.logged.entries("player removed")); n != 0 {
			r.Errorf("%d players were removed, want none", n)
		}
		left.Close()
		r.want(time.Second, "lines of the server arrive over it",
			func() bool { return right.view.Presence[0] == client.Left })
	})
}

// TestRedial_LongOutage disconnects a player for 59 s. The match pauses, the other player is told how long the seat is
// kept, and both play on when the network is back.
func TestRedial_LongOutage(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Disconnect("198.51.100.2")
		r.want(6*time.Second, "the match pauses", at(client.StagePaused, left))
		if left.view.Reason != client.ReasonPlayerSilent || left.view.Seconds != 54 {
			r.Errorf("the player who stayed is shown %v with %d s, want %v with 54 s", left.view.Reason,
				left.view.Seconds, client.ReasonPlayerSilent)
		}
		r.run(53 * time.Second)
		if right.view.Attempt == 0 {
			r.Errorf("the player who is disconnected is shown %v with attempt 0, want an attempt", right.view.Reason)
		}
		r.net.Reconnect("198.51.100.2")
		r.want(3*time.Second, "the match counts down", at(client.StageCountdown, left, right))
		r.want(3*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		if n := len(r.logged.entries("started")); n != 1 {
			r.Errorf("%d games were started, want 1", n)
		}
	})
}

// TestRedial_StalledSocket loses all datagrams of a player's socket, as after a change of the network. The client opens
// another socket, and the server follows.
func TestRedial_StalledSocket(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Paths()[1].Set(netsim.Profile{Loss: 1})
		r.run(time.Second)
		r.want(1200*time.Millisecond, "datagrams arrive over another socket", func() bool {
			return len(r.net.Paths()) == 3 && right.view.Stage == client.StagePlaying && right.view.Figures.Latency > 0
		})
		r.run(2 * time.Second)
		if n := len(r.logged.entries("moved to another address")); n != 1 {
			r.Errorf("the player has moved %d times, want once", n)
		}
		if !playing(left, right) {
			r.Errorf("the players are at %v and %v, want them to play", left.view.Stage, right.view.Stage)
		}
	})
}

// TestRedial_OneWayLoss loses only the datagrams that a player sends. STATEs arrive, but the server says that the
// player is silent, and the client opens another socket.
func TestRedial_OneWayLoss(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.Paths()[1].Up.Set(netsim.Profile{Loss: 1})
		r.want(6*time.Second, "the match pauses", at(client.StagePaused, left))
		r.want(2*time.Second, "the player is online again",
			func() bool { return left.view.Presence[1] == client.Online })
		r.want(5*time.Second, "the match goes on", at(client.StagePlaying, left, right))
	})
}

// TestRedial_ServerRestarts stops a server during a game and starts another one. The clients find it, and the players
// begin a new game.
func TestRedial_ServerRestarts(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.stopped(time.Second)
		<-r.ended
		r.want(2*time.Second, "the server is shown as lost", at(client.StageLost, left, right))
		r.run(8 * time.Second)
		r.restart()
		r.want(5*time.Second, "the players are back", at(client.StageCountdown, left, right))
		r.want(5*time.Second, "they play", at(client.StagePlaying, left, right))
		shown := false
		for _, p := range r.players {
			shown = shown || p.newMatch
		}
		if !shown {
			r.Error("no player is told that it is another match")
		}
	})
}

// TestRedial_OtherServerIdentity starts a server with another identity at the address of one that has ended. The client
// does not join it.
func TestRedial_OtherServerIdentity(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left := r.join("left")
		r.want(time.Second, "the player waits", at(client.StageWaiting, left))
		r.stopped(time.Second)
		<-r.ended
		other, err := trust.NewIdentity(time.Now())
		if err != nil {
			r.Fatal(err)
		}
		r.Config.TLS = trust.ServerTLS(other, time.Now)
		r.restart()
		r.want(5*time.Second, "the client gives up", at(client.StageClosed, left))
		if left.view.Reason != client.ReasonRedialFailed ||
			!strings.Contains(left.view.Err.Error(), "not the server you were told to expect") {
			r.Errorf("the player is shown %v, %v; want %v because of the identity", left.view.Reason, left.view.Err,
				client.ReasonRedialFailed)
		}
		if n := len(r.logged.entries("joined")); n != 1 {
			r.Errorf("%d players have joined, want only the first", n)
		}
	})
}

// TestRedial_KilledProcess kills a player's process and starts it again. The note of the seat leads it back to its
// seat, whereas another player of the same name on the same machine gets a seat of its own.
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
		r.want(3*time.Second, "the match pauses soon, because the connection has ended, too",
			at(client.StagePaused, left))
		again := r.joinAs(noted("same", "10.0.0.1"))
		r.want(2*time.Second, "the match counts down", at(client.StageCountdown, left, again))
		if again.view.Me != 1 || len(r.logged.entries("started")) != 1 {
			r.Errorf("the player has seat %d and %d games were started, want 1 and 1", again.view.Me,
				len(r.logged.entries("started")))
		}
		again.Close() // gives the seat up
		r.want(time.Second, "the seat is free", func() bool { return left.view.Presence[1] == client.Left })
		next := r.joinAs(noted("same", "10.0.0.1"))
		r.want(5*time.Second, "the next player begins another game",
			func() bool { return len(r.logged.entries("started")) == 2 })
		next.kill()
		left.kill()
		r.players = nil
		r.run(time.Minute)
		r.run(5 * time.Second)
		late := r.joinAs(noted("same", "10.0.0.1")) // both notes are of seats that are gone
		r.want(time.Second, "a note that is too old is ignored", at(client.StageWaiting, late))
	})
}

// TestRedial_LeaveThatDoesNotArrive has a player leave a room over a control connection that is dead, and join again.
// The note of the seat leads it back, for as long as the server has not confirmed the LEAVE.
func TestRedial_LeaveThatDoesNotArrive(t *testing.T) {
	for what, die := range map[string]func(*memnet.Conn){
		"a connection that carries nothing": (*memnet.Conn).Stall,
		"a reset connection":                func(c *memnet.Conn) { c.Close() },
		"a connection that the server has closed": func(c *memnet.Conn) {
			c.Peer().Close()
			synctest.Wait() // the client has read the end before it sends LEAVE
		},
	} {
		bubble(t, nil, func(r *rig) {
			notes := r.TempDir()
			cfg := func(name, ip string) dial.Config {
				cfg := r.config(name, ip)
				cfg.SeatDir, cfg.Room = notes, "maple"
				return cfg
			}
			left := r.joinAs(cfg("left", "10.0.0.1"))
			right := r.joinAs(cfg("right", "10.0.0.2"))
			r.want(5*time.Second, "the two play", at(client.StagePlaying, left, right))
			streams := r.net.Streams()
			die(streams[len(streams)-1])
			right.Close()
			r.players = r.players[:1]
			r.run(4 * time.Second)
			again := r.joinAs(cfg("right", "10.0.0.2")) // fails if the room is full
			r.want(6*time.Second, what+": the match goes on", at(client.StagePlaying, left, again))
			if n := len(r.logged.entries("started")); n != 1 || again.view.Me != 1 {
				r.Errorf("%s: %d games and seat %d, want the same game and seat 1", what, n, again.view.Me)
			}
			again.Close() // is confirmed
			r.players = r.players[:1]
			r.want(time.Second, what+": the seat is free", func() bool { return left.view.Presence[1] == client.Left })
			r.joinAs(cfg("right", "10.0.0.2"))
			r.want(5*time.Second, what+": there is another game", func() bool {
				return len(r.logged.entries("started")) == 2
			})
		})
	}
}

// TestRedial_LeaveWhileRedialling has a player leave while its game channel carries nothing and it has joined again
// over a second connection. The control channel of the first carries nothing either. Leaving takes a second at most,
// and the note of the seat is removed if the second connection carries the LEAVE.
func TestRedial_LeaveWhileRedialling(t *testing.T) {
	for _, carries := range []bool{true, false} {
		bubble(t, nil, func(r *rig) {
			cfg := r.config("left", "10.0.0.1")
			cfg.SeatDir = r.TempDir()
			left := r.joinAs(cfg)
			right := r.joinAs(r.config("right", "10.0.0.2"))
			r.want(5*time.Second, "the two play", at(client.StagePlaying, left, right))
			r.net.SetHost("10.0.0.1", netsim.Profile{Loss: 1}, netsim.Profile{Loss: 1})
			r.net.Streams()[0].Stall()
			r.want(5*time.Second, "the player dials again", func() bool { return len(r.net.Streams()) == 3 })
			r.run(100 * time.Millisecond) // JOIN and WELCOME
			r.net.HoldStreams("10.0.0.1", !carries)
			start := time.Now()
			left.Close()
			if took := time.Since(start); took > time.Second {
				r.Errorf("the second connection carries lines: %v; leaving took %v, want a second at most", carries,
					took)
			}
			r.players = r.players[1:]
			notes, err := filepath.Glob(filepath.Join(cfg.SeatDir, "*-0"))
			if err != nil || (len(notes) == 0) != carries {
				r.Errorf("the second connection carries lines: %v; the notes afterwards are %v (%v)", carries, notes,
					err)
			}
		})
	}
}

// TestRedial_UnusableNotes joins with a seat directory that cannot be written, and with a note that holds no secret.
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
			r.Fatalf("the notes are %v, %v; want one", notes, err)
		}
		if err := os.WriteFile(notes[0], []byte("garbled\n"), 0o600); err != nil {
			r.Fatal(err)
		}
		again := r.joinAs(noted)
		r.want(time.Second, "a garbled note is ignored", at(client.StageWaiting, again))
	})
}

// TestRedial_WhileStillConnected loses only the game channel, so that the client redials while its old connection still
// works. The ERROR with which the server ends the old session must not end the client.
func TestRedial_WhileStillConnected(t *testing.T) {
	bubble(t, func(s *settings) {
		s.up, s.down = netsim.Profile{Delay: 20 * time.Millisecond}, netsim.Profile{Delay: 20 * time.Millisecond}
	}, func(r *rig) {
		left, right := r.joinTwo()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		secret := right.Resume()
		for end := time.Now().Add(5 * time.Second); right.Resume() == secret && time.Now().Before(end); {
			for _, p := range r.net.Paths()[1:] { // new sockets are as bad, until the client has joined again
				p.Set(netsim.Profile{Loss: 1})
			}
			r.run(time.Second / 60)
			if len(r.logged.entries("resumed")) == 1 {
				r.net.Paths()[len(r.net.Paths())-1].Set(netsim.Profile{Delay: 20 * time.Millisecond})
				r.run(500 * time.Millisecond)
			}
		}
		if right.Resume() == secret {
			r.Fatal("the client has not joined again")
		}
		r.want(5*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		for _, stage := range right.seen {
			if stage == client.StageClosed {
				r.Errorf("the player went through the stages %v and reasons %v, want none closed", right.seen,
					right.reasons)
				break
			}
		}
	})
}

// TestRedial_NothingReceivedForLong loses all datagrams to a player whose control connection has ended, for longer than
// the client waits for a new connection. The server accepts the new session and ends the old one, but the client
// receives nothing from either. It gets its seat when datagrams arrive again, and so does a process that was killed
// meanwhile.
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
				r.Errorf("killed %v: %d games were started, want 1", killed, n)
			}
		})
	}
}

// TestRedial_StoppedProcess stops a player's process for 20 s, as when a laptop is closed. The queued datagrams are too
// old to show that the server is there, but the next ones do, so that the client need not join again.
func TestRedial_StoppedProcess(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwoOfFrames()
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		all := r.players
		r.players = all[:1]
		r.run(20 * time.Second)
		if left.view.Stage != client.StagePaused {
			r.Errorf("the other player is at %v, want a pause", left.view.Stage)
		}
		r.players = all
		r.want(3*time.Second, "the match goes on", at(client.StagePlaying, left, right))
		r.run(3 * time.Second)
		if n := len(r.logged.entries("joined")) + len(r.logged.entries("resumed")); n != 2 {
			r.Errorf("players have joined %d times, want twice", n)
		}
		if n := len(r.net.Paths()); n != 2 {
			r.Errorf("%d sockets were opened, want 2", n)
		}
	})
}

// TestRedial_SleptTooLong lets a player's machine sleep until the seat is free. The player gets another seat, and is
// told that it is another match.
func TestRedial_SleptTooLong(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.joinTwoOfFrames()
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
			r.Errorf("the player is not told that it is another match: %v", right.reasons)
		}
	})
}

// TestRedial_NothingComesDown loses all datagrams to a player, on this path and every later one. The player is told so
// until the end, does not take over a connection on which nothing arrives, and redials less and less often. The other
// player is told that the match pauses.
func TestRedial_NothingComesDown(t *testing.T) {
	for _, heals := range []bool{true, false} {
		bubble(t, nil, func(r *rig) {
			left, right := r.joinTwo()
			left.hand, right.hand = follow, follow
			r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
			r.net.SetLink(netsim.Profile{}, netsim.Profile{Loss: 1})
			r.net.Paths()[1].Down.Set(netsim.Profile{Loss: 1})
			r.run(6 * time.Second)
			if v := left.view; v.Stage != client.StagePaused || v.Reason != client.ReasonPlayerSilent {
				r.Errorf("the other player is shown %v (%v), want the pause", v.Stage, v.Reason)
			}
			for range 4 {
				r.run(12 * time.Second)
				if v := right.view; v.Stage != client.StageLost || v.Reason != client.ReasonNoAnswer {
					r.Errorf("the player is shown %v (%v), want that nothing arrives over UDP", v.Stage, v.Reason)
				}
			}
			if v := right.view; v.Seconds < 53 || v.Attempt > 8 {
				r.Errorf("after 54 s the player is shown a silence of %d s and attempt %d, want 53 s and at most 8",
					v.Seconds, v.Attempt)
			}
			if heals {
				r.net.SetLink(netsim.Profile{}, netsim.Profile{})
				r.run(4 * time.Second)
				r.want(2*time.Second, "the match goes on", at(client.StagePlaying, left, right))
			} else {
				r.run(7 * time.Second)
				r.want(2*time.Second, "the player has given up", at(client.StageClosed, right))
			}
			if n := len(r.logged.entries("started")); n != 1 {
				r.Errorf("%d games were started, want 1", n)
			}
		})
	}
}

// TestRedial_StartedAgainTwice kills a player's process and starts it again while no datagrams pass, twice. The secret
// of the first process is the only one that has reached the server over UDP, and must still be known when the control
// connection of the third is lost.
func TestRedial_StartedAgainTwice(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		cfg := r.config("left", "198.51.100.1")
		cfg.SeatDir = r.TempDir()
		left, right := r.joinAs(cfg), r.join("right")
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		r.net.SetHost("198.51.100.1", netsim.Profile{Loss: 1}, netsim.Profile{Loss: 1})
		for range 2 {
			left.kill()
			r.players = []*player{right}
			r.run(time.Second)
			left = r.joinAs(cfg)
			r.run(time.Second)
		}
		r.net.Reset("198.51.100.1")
		r.run(time.Second)
		r.net.SetHost("198.51.100.1", netsim.Profile{}, netsim.Profile{})
		r.want(10*time.Second, "the match goes on", func() bool { return playing(left, right) })
		if n := len(r.logged.entries("started")); n != 1 {
			r.Errorf("%d games were started, want 1", n)
		}
	})
}

// TestRedial_ServerSideClosed closes only the server's side of a control connection, as a proxy may, before the
// player's first REGISTER has arrived. The server removes the player, who must come back by itself.
func TestRedial_ServerSideClosed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		r.net.SetHost("198.51.100.1", netsim.Profile{Loss: 1}, netsim.Profile{})
		left := r.join("left")
		r.run(time.Second)
		if err := r.net.Streams()[0].CloseWrite(); err != nil {
			r.Fatal(err)
		}
		r.run(time.Second)
		r.net.SetHost("198.51.100.1", netsim.Profile{}, netsim.Profile{})
		right := r.join("right")
		r.want(20*time.Second, "the match begins", at(client.StageCountdown, left, right))
	})
}
