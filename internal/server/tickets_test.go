package server_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pong/internal/client"
	"pong/internal/dial"
	"pong/internal/server"
	"pong/internal/ticket"
	"pong/internal/wire"
)

// hostKey returns the private key of a host for a test.
func hostKey(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

// withTickets makes a rig want tickets of the first host, for the server {9}.
func withTickets(s *settings) {
	s.Monitor = new(server.Monitor)
	s.Tickets = &ticket.Checker{
		Keys:    []ed25519.PublicKey{hostKey(1).Public().(ed25519.PublicKey)},
		Servers: func() []ticket.Server { return []ticket.Server{{9}} },
	}
}

// ticket returns a ticket with the number n that is valid for an hour, changed by change unless it is nil.
func (r *rig) ticket(n byte, change func(*ticket.Ticket)) string {
	r.Helper()
	t := ticket.Ticket{
		ID: ticket.ID{n}, Role: ticket.Player, Name: fmt.Sprintf("player %d", n),
		NotBefore: ticket.SecondsOf(time.Now()), Expires: ticket.SecondsOf(time.Now().Add(time.Hour)),
	}
	if change != nil {
		change(&t)
	}
	text, err := ticket.Sign(t, hostKey(1))
	if err != nil {
		r.Fatal(err)
	}
	return text
}

// withTicket returns the configuration of a client with a ticket, whose own name is "nobody".
func (r *rig) withTicket(ip, ticket string) dial.Config {
	cfg := r.config("nobody", ip)
	cfg.Ticket = ticket
	return cfg
}

// wantRefused checks that a client is refused with a code.
func (r *rig) wantRefused(what string, cfg dial.Config, code string) {
	r.Helper()
	c, err := dial.Dial(r.Context(), cfg)
	var refused *dial.RefusedError
	if err == nil {
		c.Close()
	}
	if !errors.As(err, &refused) || refused.Code != code {
		r.Errorf("%s: %v, want the code %s", what, err, code)
	}
}

// TestTickets_DecideWhoJoins sends tickets that are refused, each with a code of its own that is counted, and two that
// are taken. Their names and rooms outrank those of JOIN.
func TestTickets_DecideWhoJoins(t *testing.T) {
	bubble(t, withTickets, func(r *rig) {
		const ip = "10.0.0.1"
		for what, c := range map[string]struct{ text, code string }{
			"no ticket": {"", wire.CodeTicketMissing},
			"a ticket of another server": {r.ticket(1, func(t *ticket.Ticket) { t.Server = ticket.Server{8} }),
				wire.CodeTicketServer},
			"an early ticket": {r.ticket(1, func(t *ticket.Ticket) { t.NotBefore += 90 }), wire.CodeTicketEarly},
			"an expired ticket": {r.ticket(1, func(t *ticket.Ticket) { t.NotBefore, t.Expires = 1, t.NotBefore-90 }),
				wire.CodeTicketExpired},
			"a watcher's ticket": {r.ticket(1, func(t *ticket.Ticket) { t.Role = ticket.Watcher }),
				wire.CodeTicketRole},
			"a name that is none": {r.ticket(1, func(t *ticket.Ticket) { t.Name = "\u200b" }), wire.CodeName},
			"a room that is none": {r.ticket(1, func(t *ticket.Ticket) { t.Room = "Oak" }), wire.CodeRoom},
		} {
			r.T.Log(what)
			conn := r.dialTLS(ip)
			conn.send(fmt.Sprintf(`{"type":"JOIN","version":1,"name":"nobody","room":"elm-3","ticket":%q}`, c.text))
			conn.wantRefused(c.code)
			conn.Close()
		}
		forged, err := ticket.Sign(ticket.Ticket{ID: ticket.ID{1}, Role: ticket.Player, Expires: 1<<32 - 1}, hostKey(2))
		if err != nil {
			r.Fatal(err)
		}
		r.wantRefused("a ticket of another host", r.withTicket(ip, forged), wire.CodeTicketInvalid)

		r.Tickets.Servers = func() []ticket.Server { return []ticket.Server{ticket.Server(r.key)} }
		inRoom := func(t *ticket.Ticket) { t.Room, t.Server = "oak-7", ticket.Server(r.key) }
		left := r.joinAs(r.withTicket(ip, r.ticket(1, inRoom)))
		cfg := r.withTicket("10.0.0.2", r.ticket(2, inRoom))
		cfg.Room = "elm-3"
		right := r.joinAs(cfg)
		r.want(2*time.Second, "both meet in the room of their tickets", at(client.StageCountdown, left, right))
		if got, want := left.view.Names, [2]string{"player 1", "player 2"}; got != want {
			r.Errorf("the players are called %q, want %q", got, want)
		}
		watcher := r.withTicket("10.0.0.3", r.ticket(3, func(t *ticket.Ticket) { t.Role = ticket.Watcher }))
		watcher.Watch, watcher.Room = true, "oak-7"
		r.joinAs(watcher)
		counted := r.Monitor.Look(0, 0).Refused
		for _, code := range []string{wire.CodeTicketMissing, wire.CodeTicketInvalid, wire.CodeTicketServer,
			wire.CodeTicketEarly, wire.CodeTicketExpired, wire.CodeTicketRole} {
			if counted[code] != 1 {
				r.Errorf("%d refusals with %s were counted, want 1", counted[code], code)
			}
		}
		for _, line := range r.logged.entries("refused") {
			if text := fmt.Sprint(line); strings.Contains(text, forged[:20]) {
				r.Errorf("the log has a ticket: %s", text)
			}
		}
	})
}

// TestTickets_AreSentToTheirServerAlone dials a server with a ticket for another one.
func TestTickets_AreSentToTheirServerAlone(t *testing.T) {
	bubble(t, withTickets, func(r *rig) {
		cfg := r.withTicket("10.0.0.1", r.ticket(1, func(t *ticket.Ticket) { t.Server = ticket.Server{8} }))
		if _, err := dial.Dial(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "another server") {
			r.Errorf("Dial: %v, want an error about another server", err)
		}
		if _, _, err := dial.List(r.Context(), cfg); err == nil || !strings.Contains(err.Error(), "another server") {
			r.Errorf("List: %v, want an error about another server", err)
		}
		r.run(time.Second)
		if n := r.Monitor.Look(0, 0).Refused[wire.CodeTicketServer]; n != 0 {
			r.Errorf("the server was sent the ticket %d times, want never", n)
		}
	})
}

// TestTickets_OnePlaceAtATime uses a ticket twice at once, at two shards. The player who has the seat returns to it
// over another connection, also when the ticket has expired meanwhile; when it is free, the ticket can be used again.
func TestTickets_OnePlaceAtATime(t *testing.T) {
	bubble(t, func(s *settings) { withTickets(s); s.shards = 2 }, func(r *rig) {
		short := func(t *ticket.Ticket) { t.Expires = t.NotBefore + 20 }
		one, two := r.ticket(1, short), r.ticket(2, short)
		left, right := r.joinAs(r.withTicket("10.0.0.1", one)), r.joinAs(r.withTicket("10.0.0.2", two))
		left.hand, right.hand = follow, follow
		r.want(5*time.Second, "the ball is in play", at(client.StagePlaying, left, right))
		for room := range 8 { // some of which are at the other shard
			cfg := r.withTicket("10.0.0.3", one)
			cfg.Room = fmt.Sprintf("oak-%d", room)
			r.wantRefused("the same ticket in "+cfg.Room, cfg, wire.CodeTicketInUse)
		}
		watch := r.withTicket("10.0.0.3", one)
		watch.Watch = true
		r.wantRefused("the same ticket to watch", watch, wire.CodeTicketInUse)

		r.run(20*time.Second + ticket.Skew)
		r.wantRefused("an expired ticket", r.withTicket("10.0.0.3", one), wire.CodeTicketExpired)
		secret := right.Resume()
		r.net.Streams()[1].Close()
		r.want(2*time.Second, "there is another connection", func() bool { return right.Resume() != secret })
		r.run(time.Second)
		if n := len(r.logged.entries("player removed")); n != 0 {
			r.Errorf("%d players were removed, want none", n)
		}
		again := r.ticket(1, nil)
		r.wantRefused("another ticket with the same id", r.withTicket("10.0.0.3", again), wire.CodeTicketInUse)
		left.Close()
		r.joinAs(r.withTicket("10.0.0.3", again))
	})
}

// TestTickets_AfterARestart lets players return to a server that was started again, while their tickets are valid.
func TestTickets_AfterARestart(t *testing.T) {
	bubble(t, withTickets, func(r *rig) {
		left := r.joinAs(r.withTicket("10.0.0.1", r.ticket(1, nil)))
		short := r.ticket(2, func(t *ticket.Ticket) { t.Expires = t.NotBefore + 30 })
		right := r.joinAs(r.withTicket("10.0.0.2", short))
		r.want(5*time.Second, "the match begins", at(client.StagePlaying, left, right))
		r.run(2 * time.Minute)
		close(r.drain)
		r.stopped(time.Minute)
		r.restart()
		r.want(10*time.Second, "the player with the valid ticket waits", at(client.StageWaiting, left))
		r.want(10*time.Second, "the other one is told", at(client.StageClosed, right))
		var refused *dial.RefusedError
		if !errors.As(right.view.Err, &refused) || refused.Code != wire.CodeTicketExpired {
			r.Errorf("the player whose ticket has expired is told %v, want the code %s", right.view.Err,
				wire.CodeTicketExpired)
		}
	})
}

// TestTickets_List asks for the matches with and without a ticket: the list has names.
func TestTickets_List(t *testing.T) {
	bubble(t, withTickets, func(r *rig) {
		left := r.joinAs(r.withTicket("10.0.0.1", r.ticket(1, nil)))
		right := r.joinAs(r.withTicket("10.0.0.2", r.ticket(2, nil)))
		r.want(5*time.Second, "the match begins", at(client.StagePlaying, left, right))
		// A client that resumes needs no ticket, but LIST resumes nothing.
		for _, line := range []string{`{"type":"LIST"}`, `{"type":"LIST","resume":"ICEiIyQlJicoKSorLC0uLw"}`} {
			c := r.dialTLS("10.0.0.3")
			c.send(line)
			c.wantRefused(wire.CodeTicketMissing)
			c.Close()
		}
		all, _, err := dial.List(r.Context(), r.withTicket("10.0.0.3", r.ticket(1, nil)))
		if err != nil || len(all) != 1 || all[0].Names[0] != "player 1" {
			r.Errorf("the list is %+v, %v, want the match of player 1", all, err)
		}
	})
}

// TestTickets_AreIgnoredUnlessWanted lets a client with a ticket join a server that wants none.
func TestTickets_AreIgnoredUnlessWanted(t *testing.T) {
	bubble(t, nil, func(r *rig) {
		text := r.ticket(1, func(t *ticket.Ticket) { t.Expires = t.NotBefore + 1 })
		r.run(2 * time.Minute)
		r.joinAs(r.withTicket("10.0.0.1", text))
		r.joinAs(r.withTicket("10.0.0.2", text))
		c := r.dialTLS("10.0.0.3")
		c.send(`{"type":"JOIN","version":1,"name":"Ann","ticket":"none"}`)
		if got := c.next(); got.Type != wire.Welcome {
			r.Errorf("JOIN with a ticket that is none is answered with %+v, want WELCOME", got)
		}
		c.Close()
	})
}
