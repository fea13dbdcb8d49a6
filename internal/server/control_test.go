package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/memnet"
	"pong/internal/wire"
)

// TestControl_RefusesBadJoins sends first lines that are no valid JOIN. Each is answered by an ERROR with its code,
// after which the connection ends.
func TestControl_RefusesBadJoins(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		for i, test := range []struct{ line, code string }{
			{`{"type":"JOIN","ts":1,"version":2,"name":"a"}`, wire.CodeVersion},
			{`{"type":"JOIN","ts":1,"name":"a"}`, wire.CodeVersion},
			{`{"type":"JOIN","ts":1,"version":1}`, wire.CodeName},
			{`{"type":"JOIN","ts":1,"version":1,"name":"seventeen letters"}`, wire.CodeName},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a\u001b[2J"}`, wire.CodeBadLine},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a","role":"referee"}`, wire.CodeRole},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a","resume":"AAAAAAAAAAAAAAAAAAAAAA"}`, wire.CodeResume},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a","resume":"?"}`, wire.CodeBadLine},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a","resume":"AAAAAAAAAAAAAAAAAAAAAB"}`, wire.CodeBadLine},
			{`{"type":"JOIN","ts":1,"version":1,"name":"a","resume":"AAAAAAAAAAAAAAAAAAAAAA\n"}`, wire.CodeBadLine},
			{`{"type":"PING","ts":1}`, wire.CodeBadLine},
			{`{"type":"WELCOME","ts":1}`, wire.CodeBadLine},
			{`{"type":"JOIN","type":"JOIN"}`, wire.CodeBadLine},
			{`GET / HTTP/1.1`, wire.CodeBadLine},
			{``, wire.CodeBadLine},
			{`{"type":"JOIN","version":` + strings.Repeat("9", 4000) + `}`, wire.CodeBadLine},
			{strings.Repeat("x", 5000), wire.CodeBadLine},
		} {
			c := r.dialTLS(fmt.Sprintf("10.0.0.%d", i))
			c.send(test.line)
			c.wantRefused(test.code)
			c.Close()
			if r.Failed() {
				r.Fatalf("the line was %.80q", test.line)
			}
		}
		left, right := r.joinTwo()
		r.want(5*time.Second, "a match plays after all of them", at(client.StagePlaying, left, right))
	})
}

// TestControl_RefusesPlayersWhenFull refuses the third player of a server with two seats, until one is free.
func TestControl_RefusesPlayersWhenFull(t *testing.T) {
	bubble(t, func(s *settings) { s.MaxPlayers = 2 }, func(r *rig) {
		left, right := r.joinTwo()
		r.want(5*time.Second, "two play", at(client.StagePlaying, left, right))
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		c.wantRefused(wire.CodeFull)
		left.Close()
		r.run(100 * time.Millisecond)
		next := r.join("next")
		r.want(5*time.Second, "the next player has the seat", at(client.StagePlaying, next, right))
	})
}

// TestControl_Resume resumes a seat over a new TLS connection. The secret works once, whichever shard has the seat.
func TestControl_Resume(t *testing.T) {
	bubble(t, func(s *settings) { s.shards = 3 }, func(r *rig) {
		var p []*player
		for i := range 6 {
			p = append(p, r.join(fmt.Sprint(i)))
		}
		r.want(5*time.Second, "all play", at(client.StagePlaying, p...))
		cfg := r.config("5", "10.0.0.5")
		cfg.Resume = p[5].Resume()
		again := r.joinAs(cfg)
		r.want(2*time.Second, "the player who resumes plays on", at(client.StagePlaying, p[4], again))
		if again.view.Match != p[4].view.Match || again.view.Names != p[4].view.Names {
			r.Errorf("resumed %q with %q, want %q with %q", again.view.Match, again.view.Names, p[4].view.Match,
				p[4].view.Names)
		}
		r.want(time.Second, "the old connection is closed", at(client.StageClosed, p[5]))
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), wire.CodeResume) {
			r.Errorf("resume with a used secret: %v, want a refusal with the code %q", err, wire.CodeResume)
		}
		r.run(time.Minute)
		if !playing(p[0], p[1], p[2], p[3], p[4], again) {
			r.Errorf("a minute later player 4 is at %v, want all to play", p[4].view.Stage)
		}
	})
}

// TestControl_AnswersLines sends lines of all kinds together with a JOIN.
func TestControl_AnswersLines(t *testing.T) {
	for _, test := range []struct{ name, line, want, code string }{
		{"a PING is answered", `{"type":"PING","ts":77}`, wire.Pong, ""},
		{"a REMATCH at the wrong time is ignored", `{"type":"REMATCH","ts":1}` + "\n" + `{"type":"PING","ts":77}`,
			wire.Pong, ""},
		{"a second JOIN is refused", joinLine, wire.Error, wire.CodeBadLine},
		{"a START from a player is refused", `{"type":"START","ts":1}`, wire.Error, wire.CodeBadLine},
		{"a line without end is refused", strings.Repeat("x", 5000), wire.Error, wire.CodeBadLine},
		{"a flood is refused", strings.Repeat(`{"type":"REMATCH","ts":1}`+"\n", 51), wire.Error, wire.CodeBadLine},
		{"a LEAVE is confirmed", `{"type":"LEAVE","ts":1}`, wire.Error, wire.CodeSeat},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, nil, func(r *rig) {
				c := r.dialTLS("10.0.0.1")
				c.send(joinLine + "\n" + test.line)
				if m := c.next(); m.Type != wire.Welcome || m.UDPPort != 5556 || m.PlayerID != 1 || m.Token == "" ||
					m.Resume == "" || m.Session == "" {
					r.Errorf("the answer to JOIN is %+v, want a complete WELCOME", m)
				}
				if m := c.next(); m.Type != test.want || m.Code != test.code || m.Type == wire.Pong && m.TS != 77 {
					r.Errorf("the answer is %+v, want %s %s", m, test.want, test.code)
				}
				c.Close()
			})
		})
	}
}

// TestControl_FloodEndsOnlyItsOwnConnection floods the control channel of one player during a game. The session of that
// player ends, and the match pauses for the other one as for any player who is gone.
func TestControl_FloodEndsOnlyItsOwnConnection(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		left := r.dialTLS("10.0.0.1")
		left.send(joinLine)
		stop := left.stayOnline(left.next())
		right := r.join("right")
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, right))
		for range 64 {
			left.send(`{"type":"REMATCH","ts":1}`)
		}
		if m := left.next(); m.Type != wire.Start {
			r.Errorf("the line after WELCOME is %+v, want START", m)
		}
		left.wantRefused(wire.CodeBadLine)
		stop()
		r.run(10 * time.Second)
		if right.view.Stage != client.StagePaused || right.view.Reason != client.ReasonPlayerSilent ||
			right.view.Player != 0 {
			r.Errorf("the other player sees %v (%v), want a pause because player 0 is silent", right.view.Stage,
				right.view.Reason)
		}
		if n := r.logged.refusals(wire.CodeBadLine); n != 1 {
			r.Errorf("%d lines are counted as refused, want the one that was too many\n%s", n, r.logged)
		}
	})
}

// TestControl_UnregisteredPlayerLosesTheSeat joins a player who sends nothing on the game channel for 10 s.
func TestControl_UnregisteredPlayerLosesTheSeat(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		start := time.Now()
		c.next()
		c.wantRefused(wire.CodeSeat)
		if took := time.Since(start); took < 10*time.Second || took > 10200*time.Millisecond {
			r.Errorf("the player is removed after %v, want 10 s", took)
		}
		left, right := r.joinTwo()
		r.want(5*time.Second, "others play", at(client.StagePlaying, left, right))
	})
}

// TestControl_SilentConnectionIsClosed sends no complete line for a minute, only single bytes.
func TestControl_SilentConnectionIsClosed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		defer c.stayOnline(c.next())()
		defer trickle(c, make([]byte, 4000), 4*time.Second)()
		wantClosed(r, c, 59*time.Second, 61*time.Second)
	})
}

// TestControl_PlayerThatDoesNotReadIsClosed stops reading one control connection. The server closes it when a line has
// waited for 5 s, and the match goes on over the game channel.
func TestControl_PlayerThatDoesNotReadIsClosed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		defer c.stayOnline(c.next())()
		right := r.join("right")
		right.hand = follow
		r.want(5*time.Second, "the match plays", at(client.StagePlaying, right))
		c.NetConn().(*memnet.Conn).SetWindow(0)
		for range 3 { // of 40 lines each: more than the server queues
			c.send(strings.TrimSpace(strings.Repeat(`{"type":"PING","ts":1}`+"\n", 40)))
			r.run(time.Second)
			if len(r.logged.entries("player removed")) != 0 {
				r.Fatalf("the player is removed after a few seconds\n%s", r.logged)
			}
		}
		r.run(10 * time.Second)
		if _, err := c.Write([]byte{' '}); err == nil {
			r.Error("the connection of a player who does not read is still open")
		}
		if !playing(right) || right.view.Presence[0] != client.Online {
			r.Errorf("the other player is at %v and sees the player as %v, want play to go on over the game channel",
				right.view.Stage, right.view.Presence[0])
		}
	})
}

// TestControl_SlowReaderIsClosed stops reading a control connection until more lines wait than the server queues, and
// reads again. Lines are missing by then, so the server closes the connection.
func TestControl_SlowReaderIsClosed(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		c := r.dialTLS("10.0.0.1")
		c.send(joinLine)
		defer c.stayOnline(c.next())()
		c.NetConn().(*memnet.Conn).SetWindow(0)
		for range 2 {
			c.send(strings.TrimSpace(strings.Repeat(`{"type":"PING","ts":1}`+"\n", 40)))
			r.run(2 * time.Second)
		}
		c.NetConn().(*memnet.Conn).SetWindow(memnet.DefaultWindow)
		wantClosed(r, c, 0, time.Second)
	})
}
