package server_test

import (
	"fmt"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/wire"
)

// guesser joins again and again as a watcher of rooms that are not there, for some time.
func (r *rig) guessRooms(ip string, d time.Duration) (answers map[string]int) {
	answers = make(map[string]int)
	for n, end := 0, time.Now().Add(d); time.Now().Before(end); n++ {
		c := r.dialTLS(ip)
		c.send(fmt.Sprintf(`{"type":"JOIN","ts":1,"version":1,"name":"x","role":"watcher","room":"guess-%d"}`, n))
		answers[c.next().Code]++
		c.Close()
		r.run(10 * time.Millisecond)
	}
	return answers
}

// TestServe_GuessesOfRoomsAreSlow and then refused. Clients of other addresses do not notice it.
func TestServe_GuessesOfRoomsAreSlow(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		answers := r.guessRooms("10.0.0.66", time.Minute)
		if n := answers[wire.CodeMatch]; n < 20 || n >= 60 || answers[wire.CodeGuesses] == 0 || len(answers) != 2 {
			r.Errorf("in a minute a client was answered %v, want 20 to 59 guesses and refusals", answers)
		}
		c := r.dialTLS("10.0.0.66")
		c.send(`{"type":"JOIN","ts":1,"version":1,"name":"x","room":"a-new-one"}`)
		c.wantRefused(wire.CodeGuesses)
		began := time.Now()
		for i, name := range []string{"left", "right"} {
			cfg := r.config(name, fmt.Sprintf("198.51.100.%d", i+1))
			cfg.Room = "oak-7"
			r.joinAs(cfg)
		}
		r.joinAs(r.config("next", "10.0.0.66")) // without a room
		if took := time.Since(began); took > 100*time.Millisecond {
			r.Errorf("three players have joined after %v, want no delay", took)
		}
	})
}

// TestServe_GuessOnAWaitingConnectionCounts: a watcher that waits for a match may name another room each time.
func TestServe_GuessOnAWaitingConnectionCounts(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.66")
		for n := 0; ; n++ {
			c.send(fmt.Sprintf(`{"type":"JOIN","ts":1,"version":1,"name":"x","role":"watcher","room":"guess-%d"}`, n))
			if code := c.next().Code; code == wire.CodeGuesses {
				if n > 60 {
					r.Errorf("%d guesses over one connection, want fewer", n)
				}
				return
			} else if code != wire.CodeMatch || n > 100 {
				r.Fatalf("guess %d is answered %q", n, code)
			}
		}
	})
}

// TestServe_ResumeIsNotDelayedByNeighbours: a player whose address is that of an attacker comes back to the seat at
// once, and a wrong secret is slow to be refused.
func TestServe_ResumeIsNotDelayedByNeighbours(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left, right := r.config("left", "10.0.0.66"), r.config("right", "10.0.0.2")
		left.Room, right.Room = "oak-7", "oak-7"
		a, b := r.joinAs(left), r.joinAs(right)
		r.want(5*time.Second, "the two play", at(client.StagePlaying, a, b))
		r.guessRooms("10.0.0.66", 10*time.Second)
		wrong := func() time.Duration {
			began := time.Now()
			c := r.dialTLS("10.0.0.66")
			c.send(`{"type":"JOIN","ts":1,"version":1,"name":"x","room":"oak-7","resume":"AAAAAAAAAAAAAAAAAAAAAA"}`)
			c.wantRefused(wire.CodeResume)
			return time.Since(began)
		}
		slow := 0
		for range 150 {
			if wrong() > time.Second {
				slow++
			}
		}
		if slow == 0 {
			r.Error("150 wrong secrets of an address in a row were refused at once, want delays")
		}
		began := time.Now()
		left.Resume = a.Resume()
		again := r.joinAs(left)
		if took := time.Since(began); took > 100*time.Millisecond {
			r.Errorf("the player has resumed after %v, want no delay", took)
		}
		r.want(5*time.Second, "they play on", at(client.StagePlaying, again, b))
	})
}

// TestServe_RoomIsWatchedWithItsCodeOnly tries the name of the match, another code, and the list.
func TestServe_RoomIsWatchedWithItsCodeOnly(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		var match string
		for i, name := range []string{"left", "right"} {
			cfg := r.config(name, fmt.Sprintf("198.51.100.%d", i+1))
			cfg.Room = "oak-7"
			p := r.joinAs(cfg)
			r.run(5 * time.Second)
			match = p.view.Match
		}
		for _, names := range []string{
			`"match":"` + match + `"`, `"match":"` + match + `","room":"oak-8"`, `"room":"oak"`, `"room":"oak-70"`,
			`"points":1`,
		} {
			c := r.dialTLS("10.0.0.66")
			c.send(`{"type":"JOIN","ts":1,"version":1,"name":"x","role":"watcher",` + names + `}`)
			if m := c.next(); m.Type != wire.Error || m.Code != wire.CodeMatch {
				r.Errorf("a watcher with %s is answered %s %q, want ERROR match", names, m.Type, m.Code)
			}
			c.Close()
		}
		matches, _, err := dial.List(r.Context(), r.config("x", "10.0.0.66"))
		if err != nil || len(matches) > 0 {
			r.Errorf("the list has %+v, %v, want no match of a room", matches, err)
		}
		cfg := r.config("friend", "10.0.0.66")
		cfg.Watch, cfg.Room = true, "oak-7"
		friend := r.joinAs(cfg)
		r.want(5*time.Second, "a watcher with the code watches", at(client.StagePlaying, friend))
	})
}

// TestServe_StrangerIsSentAway by the player who has opened the room, over the network. The friend then plays.
func TestServe_StrangerIsSentAway(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		in := func(name, ip string) dial.Config {
			cfg := r.config(name, ip)
			cfg.Room = "oak-7"
			return cfg
		}
		ann := r.joinAs(in("Ann", "10.0.0.1"))
		ann.hesitates = true
		r.run(time.Second)
		stranger := r.joinAs(in("Mallory", "10.0.0.66"))
		r.want(3*time.Second, "they meet", at(client.StageReady, ann, stranger))
		if v := ann.view; v.Opened != [2]bool{true, false} || v.Names[1] != "Mallory" {
			r.Errorf("Ann sees %q, opened %v; want Mallory in a room of her own", v.Names, v.Opened)
		}
		stranger.Refuse() // which does nothing
		r.run(time.Second)
		ann.Refuse()
		r.want(time.Second, "the stranger is gone", at(client.StageClosed, stranger))
		r.want(time.Second, "Ann waits", at(client.StageWaiting, ann))
		if _, err := dial.Dial(r.Context(), in("Ben", "10.0.0.66")); err == nil {
			r.Error("the stranger is back at once")
		}
		ben := r.joinAs(in("Ben", "10.0.0.2"))
		r.want(3*time.Second, "the friends meet", at(client.StageReady, ann, ben))
		ann.Accept()
		ben.Accept()
		r.want(time.Second, "the match begins at once", at(client.StageCountdown, ann, ben))
	})
}
