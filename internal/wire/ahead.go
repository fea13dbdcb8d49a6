package wire

import (
	"fmt"

	"pong/internal/game"
)

// MaxAhead is the greatest number of inputs ahead in a STATE.
const MaxAhead = 10

// Ahead are the opponent's inputs that the server already has for ticks that it has not played: Inputs[i] is that of i
// ticks after the STATE's. The rest of Inputs is zero. The server reveals an input only after the receiver's own input
// of the same tick has arrived, so that no client sees a move before it has made its own (see netcode.Reveal).
//
//	off  len
//	 +0    3  bits 23-20: N; then N inputs of 2 bits each, that of the STATE's tick first; the rest is 0
type Ahead struct {
	N      int // at most MaxAhead
	Inputs [MaxAhead]game.Input
}

// aheadLen is the length of an Ahead: a count of 4 bits and MaxAhead inputs of 2.
const aheadLen = (4 + 2*MaxAhead) / 8

// bytes returns the bytes of an Ahead.
func (a *Ahead) bytes() [aheadLen]byte {
	bits := uint32(a.N) << (2 * MaxAhead)
	for i, in := range a.Inputs[:a.N] {
		bits |= uint32(in) << (2 * (MaxAhead - 1 - i))
	}
	return [aheadLen]byte{byte(bits >> 16), byte(bits >> 8), byte(bits)}
}

// parseAhead decodes the bytes of an Ahead for the receiver with a player id.
func parseAhead(b []byte, player uint8) (Ahead, error) {
	bits := uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
	a := Ahead{N: int(bits >> (2 * MaxAhead))}
	if a.N > MaxAhead {
		return a, fmt.Errorf("%d inputs ahead: %w", a.N, ErrDatagram)
	}
	if a.N > 0 && player == 0 {
		return a, fmt.Errorf("%d inputs ahead for a watcher: %w", a.N, ErrDatagram)
	}
	if bits&(1<<(2*(MaxAhead-a.N))-1) != 0 {
		return a, fmt.Errorf("bits %#x after %d inputs ahead: %w", bits, a.N, ErrDatagram)
	}
	for i := range a.N {
		a.Inputs[i] = game.Input(bits >> (2 * (MaxAhead - 1 - i)) & 3)
		if a.Inputs[i] == game.Away {
			return a, fmt.Errorf("input %d ahead: %w", game.Away, ErrDatagram)
		}
	}
	return a, nil
}
