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

	unechoed    time.Time     // when the oldest STATE was sent of those that the client has not echoed; zero if none
	silentSince time.Time     // if the status is seatSilent
	paused      time.Duration // how much of the pause budget is used up in this game
	rematch     bool          // the player asks for another game
	hidden      bool          // session.hidden, as everyone at the match knows it
	announced   time.Time     // when hidden changed last
}

func newSeat(m *match, player int) seat { return seat{match: m, player: player} }

// A seatStatus says what is known of the player of a seat.
//
//	free --JOIN--> joined --echo--> online --5 s without a datagram or an echo--> silent
//	                                       <--echo------------------------------
//
// An echo is a datagram whose stamp says that a newer datagram of ours has arrived: so both directions work. A datagram
// alone does not show that the player receives what is sent.
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

// awaitsEcho reports whether an echo would change anything. Most INPUTs arrive when it would not.
func (seat *seat) awaitsEcho() bool { return !seat.unechoed.IsZero() || seat.status != seatOnline }

// echoed records that a datagram at now has echoed one that was sent some time ago. It reports whether that was the
// oldest that had not been echoed, or a newer one: then both directions work.
func (seat *seat) echoed(now time.Time, ago time.Duration) bool {
	const rounding = time.Millisecond // of stamps, generously
	if ago > SilentAfter || now.Sub(seat.unechoed) < ago-rounding {
		return false
	}
	seat.unechoed = time.Time{}
	return true
}

// sent records that a STATE is sent.
func (seat *seat) sent(now time.Time) {
	if seat.unechoed.IsZero() {
		seat.unechoed = now
	}
}

// silence returns for how long the game channel has not carried anything in one direction.
func (seat *seat) silence(now time.Time) time.Duration {
	silence := now.Sub(seat.session.lastReceived)
	if !seat.unechoed.IsZero() {
		silence = max(silence, now.Sub(seat.unechoed))
	}
	return silence
}

// setOnline records that both directions work.
func (seat *seat) setOnline(now time.Time) {
	if seat.status == seatSilent {
		seat.paused += now.Sub(seat.silentSince)
	}
	seat.status = seatOnline
}

// setSilent records that one direction has not worked for a while.
func (seat *seat) setSilent(now time.Time) { seat.status, seat.silentSince = seatSilent, now }

// timeLeft returns for how much longer the seat of a silent player is kept: the rest of FreedAfter or of the pause
// budget, whichever is shorter.
func (seat *seat) timeLeft(now time.Time) time.Duration {
	return min(FreedAfter-seat.silence(now), PauseBudget-seat.paused-now.Sub(seat.silentSince))
}

// presence returns the PRESENCE line of the seat.
func (seat *seat) presence(now time.Time) wire.Message {
	m := wire.Message{Type: wire.Presence, PlayerID: seat.player + 1, Name: seat.name, Status: seat.status.String()}
	if seat.status == seatOnline && seat.hidden {
		m.Status = wire.StatusHidden
	}
	if seat.status == seatSilent {
		m.Seconds = int((seat.timeLeft(now) + time.Second - 1) / time.Second)
	}
	return m
}
