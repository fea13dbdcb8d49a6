package server

import (
	"errors"
	"sync"
	"time"

	"pong/internal/ticket"
	"pong/internal/wire"
)

// Errors of useTicket.
var (
	errTicketMissing = errors.New("this server admits only players with a join ticket: ask its host for your link")
	errTicketRole    = errors.New("this join ticket is for watching")
)

// useTicket checks the ticket of a JOIN or LIST, if the server wants one, and gives a JOIN the name and the room of its
// ticket. It returns a code of ERROR with an error. A JOIN that resumes needs no ticket: its secret is that of a seat
// for which one was checked.
func (s *server) useTicket(m *wire.Message) (code string, err error) {
	if s.cfg.Tickets == nil || m.Type == wire.Join && m.Resume != "" {
		m.Ticket = ""
		return "", nil
	}
	if m.Ticket == "" {
		return wire.CodeTicketMissing, errTicketMissing
	}
	t, err := s.cfg.Tickets.Check(m.Ticket, time.Now())
	if err != nil {
		return ticketCode(err), err
	}
	if t.Role == ticket.Watcher && m.Type == wire.Join && m.Role != wire.RoleWatcher {
		return wire.CodeTicketRole, errTicketRole
	}
	if t.Name != "" {
		m.Name = t.Name
	}
	if t.Room != "" {
		m.Room = t.Room
	}
	return "", nil
}

// ticketCode returns the code of ERROR for an error of Checker.Check.
func ticketCode(err error) string {
	switch {
	case errors.Is(err, ticket.ErrServer):
		return wire.CodeTicketServer
	case errors.Is(err, ticket.ErrEarly):
		return wire.CodeTicketEarly
	case errors.Is(err, ticket.ErrExpired):
		return wire.CodeTicketExpired
	}
	return wire.CodeTicketInvalid
}

// ticketID returns the id of the ticket that useTicket has left in a JOIN, zero if there is none.
func ticketID(join wire.Message) ticket.ID {
	t, _ := ticket.Parse(join.Ticket)
	return t.ID
}

// tickets are the join tickets by which clients have places now. It implements shard.Tickets.
type tickets struct {
	mu   sync.Mutex // guards used
	used map[ticket.ID]struct{}
}

func newTickets() *tickets { return &tickets{used: make(map[ticket.ID]struct{})} }

// Used implements shard.Tickets.
func (t *tickets) Used(id ticket.ID) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, used := t.used[id]
	return used
}

// Use implements shard.Tickets.
func (t *tickets) Use(id ticket.ID, now bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now {
		t.used[id] = struct{}{}
	} else {
		delete(t.used, id)
	}
}
