package shard

import "pong/internal/ticket"

// Tickets are the join tickets by which clients have places now. All shards of a server share them, so they must allow
// calls from several goroutines; the caller of Join lets one client join at a time.
type Tickets interface {
	// Used reports whether a client has a place by a ticket.
	Used(id ticket.ID) bool

	// Use records that a client has a place by a ticket, or not any more.
	Use(id ticket.ID, now bool)
}

func (unlimited) Used(ticket.ID) bool { return false }
func (unlimited) Use(ticket.ID, bool) {}

// useTicket records that a seat was taken or freed. A client that resumes, or is moved, has its seat by the same ticket
// as before.
func (t *tables) useTicket(seat *seat, now bool) {
	if seat.ticket != (ticket.ID{}) {
		t.tickets.Use(seat.ticket, now)
	}
}
