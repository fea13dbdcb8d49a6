package shard

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pong/internal/ticket"
)

// testTickets are Tickets in use.
type testTickets map[ticket.ID]bool

func (u testTickets) Used(id ticket.ID) bool { return u[id] }

func (u testTickets) Use(id ticket.ID, now bool) {
	if now {
		u[id] = true
	} else {
		delete(u, id)
	}
}

// TestTickets_GiveOnePlaceAtATime through everything that changes who has which seat.
func TestTickets_GiveOnePlaceAtATime(t *testing.T) {
	used := make(testTickets)
	d := newTestShard(t, func(cfg *Config) { cfg.Tickets = used })
	a, b, c := ticket.ID{1}, ticket.ID{2}, ticket.ID{3}
	want := func(when string, ids ...ticket.ID) {
		t.Helper()
		if len(used) != len(ids) || slices.ContainsFunc(ids, func(id ticket.ID) bool { return !used[id] }) {
			t.Errorf("%s: the tickets %x are in use, want %x", when, slices.Collect(maps.Keys(used)), ids)
		}
	}
	left := d.joinAs(JoinRequest{Ticket: a})
	right := d.joinAs(JoinRequest{Ticket: b})
	d.run(time.Second, left, right)
	want("two players", a, b)
	for _, r := range []JoinRequest{{Ticket: a}, {Ticket: a, Room: "oak"}, {Ticket: b, Watch: true}} {
		if _, err := d.tryJoinAs(r); !errors.Is(err, ErrTicket) {
			t.Errorf("another client with a ticket in use: %+v: %v, want %v", r, err, ErrTicket)
		}
	}
	d.joinAs(JoinRequest{}) // without a ticket
	watcher := d.joinAs(JoinRequest{Ticket: c, Watch: true})
	want("a watcher", a, b, c)
	d.Leave(d.now, watcher.id)
	want("the watcher has left", a, b)

	again := d.joinAs(JoinRequest{Resume: right.resume()})
	d.run(time.Second, left, again)
	want("the second player has resumed", a, b)
	if _, err := d.tryJoinAs(JoinRequest{Ticket: b}); !errors.Is(err, ErrTicket) {
		t.Errorf("another client with the ticket of a player who has resumed: %v, want %v", err, ErrTicket)
	}
	d.Leave(d.now, again.id)
	want("the second player has left", a)
	d.joinAs(JoinRequest{Ticket: b})
	want("the second player has joined again", a, b)
}

// TestTickets_FollowPlayers who are moved, silent for too long, or never register.
func TestTickets_FollowPlayers(t *testing.T) {
	used := make(testTickets)
	d := newTestShard(t, func(cfg *Config) { cfg.Tickets = used })
	one, two := d.joinAs(JoinRequest{Ticket: ticket.ID{1}}), d.joinAs(JoinRequest{})
	d.run(time.Second, one, two)
	three, four := d.joinAs(JoinRequest{Ticket: ticket.ID{3}}), d.joinAs(JoinRequest{})
	d.run(time.Second, one, two, three, four)
	d.Leave(d.now, two.id)
	d.Leave(d.now, four.id)
	d.run(time.Second, one, three)
	if one.match() != three.match() || len(used) != 2 {
		t.Fatalf("players are moved to one match: %v, and %d tickets are in use, want true and 2",
			one.match() == three.match(), len(used))
	}
	d.Leave(d.now, three.id)
	if used[ticket.ID{3}] {
		t.Error("the player who was moved has left, and the ticket is in use")
	}
	d.run(FreedAfter + time.Second)
	if len(used) != 0 {
		t.Errorf("nobody has sent anything for %v, and %d tickets are in use, want none", FreedAfter, len(used))
	}
	if _, err := d.tryJoinAs(JoinRequest{Ticket: ticket.ID{1}}); err != nil {
		t.Errorf("the first ticket again: %v", err)
	}
	d.run(RegisterWithin + time.Second)
	if len(used) != 0 {
		t.Errorf("nobody has registered for %v, and %d tickets are in use, want none", RegisterWithin, len(used))
	}
}

// TestTickets_AreKeptOverARestart saves a match and restores it in another shard.
func TestTickets_AreKeptOverARestart(t *testing.T) {
	first, file := newSavingShard(t, nil)
	left, right := first.joinAs(JoinRequest{Ticket: ticket.ID{1}}), first.joinAs(JoinRequest{Ticket: ticket.ID{2}})
	first.run(2*time.Second, left, right)
	used := make(testTickets)
	d := file.restart(t, func(cfg *Config) { cfg.Tickets = used })
	if len(used) != 2 || !used[ticket.ID{1}] || !used[ticket.ID{2}] {
		t.Errorf("after a restart %d tickets are in use, want both", len(used))
	}
	if _, err := d.tryJoinAs(JoinRequest{Ticket: ticket.ID{1}}); !errors.Is(err, ErrTicket) {
		t.Errorf("another client with the ticket of a seat that is kept: %v, want %v", err, ErrTicket)
	}
	back := d.joinAs(JoinRequest{Resume: left.resume()})
	d.Leave(d.now, back.id)
	if used[ticket.ID{1}] {
		t.Error("the player has come back and left, and the ticket is in use")
	}
}
