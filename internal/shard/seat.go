package shard

import (
	"net/netip"
	"time"

	"pong/internal/game"
	"pong/internal/ticket"
	"pong/internal/wire"
	"pong/netcode"
)

// A seat is a place at a match: one of the two at which the game is played, or that of a watcher.
type seat struct {
	match  *match
	player int // 0 or 1, or watching

	// Written by tables alone, but the status by receive.go and timeouts.go, too.
	session *session // nil: the seat is free
	next    *session // of a player who resumes and has not registered yet
	status  seatStatus
	name    string
	holder  netip.Prefix // of the address that has taken the seat; a client that moves, or resumes elsewhere, stays it

	unechoed  unechoed
	outdated  bool          // INPUTs of the client are ignored until it has echoed the STATE in unechoed: see goOn
	paused    time.Duration // how much of the pause budget earlier pauses of this game have used up
	pausing   time.Duration // how long the present pause has lasted
	rematch   bool          // the player asks for another game
	hidden    bool          // session.hidden, as everyone at the match knows it
	announced time.Time     // when hidden changed last
	slowed    netcode.Tick  // when the player was last sent one of few STATEs: see receives
	ticket    ticket.ID     // by which the seat was taken; zero without one

	news news // for the player: see news.go

	sharedLead float64 // by how many ticks inputs are asked for before they are played: see balance.go
}

// unechoed is the oldest STATE of those that a client has not echoed.
type unechoed struct {
	sent time.Time    // zero if the client has echoed all
	tick netcode.Tick // of the match when it was sent
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

// ahead returns the opponent's inputs that the seat's client is shown before their ticks are played. A watcher gets
// none, because a player can watch its own match; and there are none while the opponent's inputs are not used.
func (seat *seat) ahead() (a wire.Ahead) {
	if seat.watches() || !seat.match.begun {
		return a
	}
	if other := seat.other(); other.session != nil && other.status != seatSilent {
		a.N = netcode.Reveal(a.Inputs[:], &other.session.inputs, &seat.session.inputs)
	}
	return a
}

// awaitsEcho reports whether an echo would change anything. Most INPUTs arrive when it would not.
func (seat *seat) awaitsEcho() bool { return !seat.unechoed.sent.IsZero() || seat.status != seatOnline }

// echoed records that a datagram at now has echoed one that was sent some time ago. It reports whether that was the
// oldest that had not been echoed, or a newer one: then both directions work.
func (seat *seat) echoed(now time.Time, ago time.Duration) bool {
	const rounding = time.Millisecond // of stamps, generously
	if ago > SilentAfter || now.Sub(seat.unechoed.sent) < ago-rounding {
		return false
	}
	seat.unechoed, seat.outdated = unechoed{}, false
	return true
}

// sent records that a STATE is sent.
func (seat *seat) sent(now time.Time) {
	if seat.unechoed.sent.IsZero() {
		seat.unechoed = unechoed{now, seat.match.tick()}
	}
}

// silence returns for how long the game channel has not carried anything in one direction.
func (seat *seat) silence() time.Duration {
	silence := seat.match.ago(seat.session.lastReceived)
	if !seat.unechoed.sent.IsZero() {
		silence = max(silence, seat.match.ago(seat.unechoed.tick))
	}
	return silence
}

// pauses reports whether the player is silent, which pauses the game, and counts a tick of the pause if so. After a
// game nothing is paused.
func (seat *seat) pauses() bool {
	if seat.status != seatSilent {
		return false
	}
	if seat.match.state.Phase != game.Over {
		seat.pausing += Period
	}
	return true
}

// endPause charges the pause that ends now, at least LeastPause.
func (seat *seat) endPause() {
	if seat.pausing > 0 {
		seat.paused += max(seat.pausing, LeastPause)
		seat.pausing = 0
	}
}

// forgetGame forgets what is about the last game: its pauses, and the wish for another one.
func (seat *seat) forgetGame() { seat.rematch, seat.paused, seat.pausing = false, 0, 0 }

// pauseLeft returns the rest of the pause budget, 0 if it is used up.
func (seat *seat) pauseLeft() time.Duration { return max(PauseBudget-seat.paused-seat.pausing, 0) }

// timeLeft returns for how much longer the seat of a silent player is kept: the rest of FreedAfter or, in a game, of
// the pause budget, whichever is shorter.
func (seat *seat) timeLeft() time.Duration {
	left := FreedAfter - seat.silence()
	if seat.match.begun && seat.match.state.Phase != game.Over {
		left = min(left, seat.pauseLeft())
	}
	return left
}

// standing returns the status of the seat as STATE has it.
func (seat *seat) standing() wire.SeatStatus {
	if seat.status == seatOnline && seat.hidden {
		return wire.SeatHidden
	}
	return [...]wire.SeatStatus{wire.SeatFree, wire.SeatJoined, wire.SeatOnline, wire.SeatSilent}[seat.status]
}

// presence returns the PRESENCE line of the seat.
func (seat *seat) presence() wire.Message {
	m := wire.Message{
		Type: wire.Presence, PlayerID: seat.player + 1, Name: seat.name, Status: seat.status.String(),
		Lineup: int(seat.match.lineup), Opened: seat.opened(),
	}
	if seat.status == seatOnline && seat.hidden {
		m.Status = wire.StatusHidden
	}
	if seat.status == seatSilent {
		m.Seconds = int((seat.timeLeft() + time.Second - 1) / time.Second)
	}
	return m
}
