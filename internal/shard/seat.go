package shard

import (
	"time"

	"pong/internal/wire"
)

// A seat is a place at a match: one of the two at which the game is played, or that of a watcher.
type seat struct {
	match  *match
	player int // 0 or 1, or watching

	// Written by tables alone, except for the status, which setOnline and setSilent also write.
	session *session // nil: the seat is free
	next    *session // of a player who resumes and has not registered yet
	status  seatStatus
	name    string

	silentSince time.Time     // if the status is seatSilent
	paused      time.Duration // how much of the pause budget is used up in this game
	rematch     bool          // the player asks for another game
}

func newSeat(m *match, player int) seat { return seat{match: m, player: player} }

// A seatStatus says what is known of the player of a seat.
//
//	free --JOIN--> joined --datagram--> online --5 s without a datagram--> silent
//	                                           <--datagram----------------
type seatStatus uint8

const (
	seatFree seatStatus = iota
	seatJoined
	seatOnline
	seatSilent
)

// String returns the status as PRESENCE has it; empty for a free seat.
func (s seatStatus) String() string {
	return [...]string{"", wire.StatusJoined, wire.StatusOnline, wire.StatusSilent}[s]
}

// watches reports whether it is the seat of a watcher.
func (seat *seat) watches() bool { return seat.player == watching }

// other returns the other player's seat.
func (seat *seat) other() *seat { return &seat.match.seats[1-seat.player] }

// setOnline records that a datagram has arrived.
func (seat *seat) setOnline(now time.Time) {
	if seat.status == seatSilent {
		seat.paused += now.Sub(seat.silentSince)
	}
	seat.status = seatOnline
}

// setSilent records that no datagram has arrived for a while.
func (seat *seat) setSilent(now time.Time) { seat.status, seat.silentSince = seatSilent, now }

// timeLeft returns for how much longer the seat of a silent player is kept: the rest of FreedAfter or of the pause
// budget, whichever is shorter.
func (seat *seat) timeLeft(now time.Time) time.Duration {
	return min(FreedAfter-now.Sub(seat.session.lastReceived), PauseBudget-seat.paused-now.Sub(seat.silentSince))
}

// presence returns the PRESENCE line of the seat.
func (seat *seat) presence(now time.Time) wire.Message {
	m := wire.Message{Type: wire.Presence, PlayerID: seat.player + 1, Name: seat.name, Status: seat.status.String()}
	if seat.status == seatSilent {
		m.Seconds = int((seat.timeLeft(now) + time.Second - 1) / time.Second)
	}
	return m
}
