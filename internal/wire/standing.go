package wire

import "fmt"

// A Standing is where a match stands, beyond the state of its game. It is part of every STATE, so that a client whose
// control channel carries nothing knows it all the same.
//
//	off  len
//	 +0    1  lineup
//	 +1    1  bits 0-2: status of player 1's seat; 3-5: of player 2's; 6: player 1 asks for a rematch; 7: player 2
//	 +2    1  bits 0-5: game; 6-7: the receiver's player id
//
// The pauses that are left are in the byte of the reason: see State.
type Standing struct {
	Lineup  uint8 // another one whenever a seat gets another player, or none
	Game    uint8 // counts the games of a lineup: 0 before START; 1 follows MaxGame
	Seats   [2]SeatStatus
	Rematch [2]bool // the player asks for another game
	Player  uint8   // the receiver's player id; 0 for a watcher

	// PauseLeft is the rest of each player's pause budget in this game, in units of PauseUnit, rounded up. At 0 the
	// player loses the seat with the next pause.
	PauseLeft [2]uint8
}

// The pause budget as STATE has it: at most MaxPauseLeft units of PauseUnit seconds.
const (
	PauseUnit    = 10
	MaxPauseLeft = 6
)

// MaxGame is the greatest number of a game.
const MaxGame = 63

// SeatStatus is the status of a seat in a STATE.
type SeatStatus uint8

// The statuses. All but the first are those of PRESENCE.
const (
	SeatFree SeatStatus = iota
	SeatJoined
	SeatOnline
	SeatHidden
	SeatSilent
	seatStatuses
)

const standingLen = 3

// bytes returns the Standing as a STATE has it.
func (s *Standing) bytes() [standingLen]byte {
	seats := byte(s.Seats[0]&7) | byte(s.Seats[1]&7)<<3
	for i, asks := range s.Rematch {
		if asks {
			seats |= 1 << (6 + i)
		}
	}
	return [standingLen]byte{s.Lineup, seats, s.Game&MaxGame | s.Player<<6}
}

// parseStanding decodes a Standing.
func parseStanding(b []byte) (Standing, error) {
	s := Standing{
		Lineup: b[0], Seats: [2]SeatStatus{SeatStatus(b[1] & 7), SeatStatus(b[1] >> 3 & 7)},
		Rematch: [2]bool{b[1]>>6&1 != 0, b[1]>>7 != 0}, Game: b[2] & MaxGame, Player: b[2] >> 6,
	}
	switch {
	case max(s.Seats[0], s.Seats[1]) >= seatStatuses:
		return s, fmt.Errorf("seats %d and %d: %w", s.Seats[0], s.Seats[1], ErrDatagram)
	case s.Player > 2:
		return s, fmt.Errorf("player id %d: %w", s.Player, ErrDatagram)
	}
	return s, nil
}
