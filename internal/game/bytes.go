package game

import (
	"encoding/binary"
	"errors"
)

// StateLen is the length of the canonical bytes of every State.
const StateLen = 38

// slowest is the least speed across the field after a serve or a hit.
const slowest = serveSpeed / 2

// Errors of ParseState, allocated once: rejecting hostile input must not allocate.
var (
	errStateLen = errors.New("parse state: wrong length")
	errPhase    = errors.New("parse state: unknown phase")
	errTimer    = errors.New("parse state: timer does not suit the phase")
	errPaddle   = errors.New("parse state: paddle outside the field")
	errBall     = errors.New("parse state: ball outside the field")
	errSpeed    = errors.New("parse state: ball with an impossible speed")
	errRally    = errors.New("parse state: ball does not suit the phase")
	errServeTo  = errors.New("parse state: serve to an unknown seat")
	errServe    = errors.New("parse state: serve does not suit the phase")
	errWinner   = errors.New("parse state: winner does not suit the phase")
)

// Append appends the canonical bytes of s to dst, big endian:
//
//	off len
//	  0   4  tick
//	  4   1  phase
//	  5   2  timer
//	  7   2  round
//	  9   4  score, of seat 0 and seat 1, 2 each
//	 13   6  paddle, of seat 0 and seat 1, 3 each
//	 19   6  ball x, y, 3 each, two's complement
//	 25   4  ball vx, vy, 2 each, two's complement
//	 29   2  hits
//	 31   1  walls
//	 32   1  serve to
//	 33   4  serve
//	 37   1  winner
func (s State) Append(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, s.Tick)
	dst = append(dst, byte(s.Phase))
	dst = binary.BigEndian.AppendUint16(dst, s.Timer)
	dst = binary.BigEndian.AppendUint16(dst, s.Round)
	dst = binary.BigEndian.AppendUint16(dst, s.Score[0])
	dst = binary.BigEndian.AppendUint16(dst, s.Score[1])
	dst = append24(dst, s.Paddle[0])
	dst = append24(dst, s.Paddle[1])
	dst = append24(dst, s.Ball.X)
	dst = append24(dst, s.Ball.Y)
	dst = binary.BigEndian.AppendUint16(dst, uint16(s.Ball.VX))
	dst = binary.BigEndian.AppendUint16(dst, uint16(s.Ball.VY))
	dst = binary.BigEndian.AppendUint16(dst, s.Hits)
	dst = append(dst, s.Walls, s.ServeTo)
	dst = binary.BigEndian.AppendUint32(dst, s.Serve)
	return append(dst, s.Winner)
}

// ParseState is the exact inverse of Append. It returns an error for a state that Step cannot reach from New, as far
// as the State alone shows that. Step accepts every state that ParseState returns.
func ParseState(b []byte) (State, error) {
	if len(b) != StateLen {
		return State{}, errStateLen
	}
	s := State{
		Tick:   binary.BigEndian.Uint32(b),
		Phase:  Phase(b[4]),
		Timer:  binary.BigEndian.Uint16(b[5:]),
		Round:  binary.BigEndian.Uint16(b[7:]),
		Score:  [2]uint16{binary.BigEndian.Uint16(b[9:]), binary.BigEndian.Uint16(b[11:])},
		Paddle: [2]Fixed{fixed24(b[13:]), fixed24(b[16:])},
		Ball: Ball{
			X:  fixed24(b[19:]),
			Y:  fixed24(b[22:]),
			VX: Fixed(int16(binary.BigEndian.Uint16(b[25:]))),
			VY: Fixed(int16(binary.BigEndian.Uint16(b[27:]))),
		},
		Hits:    binary.BigEndian.Uint16(b[29:]),
		Walls:   b[31],
		ServeTo: b[32],
		Serve:   binary.BigEndian.Uint32(b[33:]),
		Winner:  b[37],
	}
	if err := s.check(); err != nil {
		return State{}, err
	}
	return s, nil
}

// Hash returns a 64-bit hash of the canonical bytes (FNV-1a). It is equal on two machines that agree, and cheap enough
// for every tick. It does not protect against forgery.
func (s State) Hash() uint64 {
	var room [StateLen]byte
	hash := uint64(fnvBasis)
	for _, b := range s.Append(room[:0]) {
		hash = (hash ^ uint64(b)) * fnvPrime
	}
	return hash
}

// The constants of 64-bit FNV-1a.
const (
	fnvBasis = 0xcbf29ce484222325
	fnvPrime = 0x100000001b3
)

// check returns an error that says what is impossible about s, or nil.
func (s State) check() error {
	switch {
	case s.Phase > Over:
		return errPhase
	case !s.timerFits():
		return errTimer
	case s.Paddle[0] < 0 || s.Paddle[0] > paddleFloor || s.Paddle[1] < 0 || s.Paddle[1] > paddleFloor:
		return errPaddle
	case s.ServeTo > 1:
		return errServeTo
	case s.Serve != 0 && (s.Ball.VX != 0 || s.Phase == Playing || s.Phase == Over):
		return errServe
	case s.Winner > 2 || (s.Winner > 0) != (s.Phase == Over):
		return errWinner
	}
	return s.checkBall()
}

// timerFits reports whether the timer runs in exactly the phases that have one.
func (s State) timerFits() bool {
	switch s.Phase {
	case Countdown:
		return s.Timer >= 1 && s.Timer <= startTicks
	case Scored:
		return s.Timer >= 1 && s.Timer <= scoredTicks
	}
	return s.Timer == 0
}

// checkBall returns an error that says what is impossible about the ball of s, or nil. A flying ball has not scored
// yet; a resting one may be where it left the field, up to a tick's flight outside.
func (s State) checkBall() error {
	b, outside := s.Ball, BallSize
	if b.VX == 0 {
		outside += MaxSpeed
	}
	if b.Y < 0 || b.Y > ballFloor || b.X < -outside || b.X > Width-BallSize+outside {
		return errBall
	}
	if b.VX == 0 {
		if b.VY != 0 {
			return errSpeed
		}
		if s.Phase == Playing {
			return errRally
		}
		return nil
	}
	if s.Phase == Scored || s.Phase == Over {
		return errRally
	}
	// The squares of two 16-bit numbers overflow 32 bits.
	vx, vy, most := int64(b.VX), int64(b.VY), int64(MaxSpeed)
	if vx > -int64(slowest) && vx < int64(slowest) || vx*vx+vy*vy > most*most {
		return errSpeed
	}
	return nil
}

// append24 appends the lower 24 bits of v.
func append24(dst []byte, v Fixed) []byte {
	return append(dst, byte(v>>16), byte(v>>8), byte(v))
}

// fixed24 reads 24 bits with their sign.
func fixed24(b []byte) Fixed {
	return Fixed(int32(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8) >> 8)
}
