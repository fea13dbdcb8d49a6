package wire

import (
	"encoding/binary"
	"errors"
	"fmt"

	"pong/internal/game"
	"pong/netcode"
)

// Type is the first byte of a datagram's plaintext.
type Type uint8

// The types of datagrams. SCORE and RESET are a STATE with that reason.
const (
	TypeRegister  Type = 1 // up: binds the address to the seat; repeated until a STATE arrives
	TypeInput     Type = 2 // up, 60 a second
	TypeState     Type = 3 // down, 15 a second and at once at an event or with news
	TypePing      Type = 4 // both ways: keeps the path open and measures it
	TypeChallenge Type = 5 // down: asks whether the new address is the player's
	TypeResponse  Type = 6 // up: the answer, with the same eight bytes
)

// Reason is why a STATE was sent.
type Reason uint8

// The reasons of a STATE.
const (
	ReasonRegular Reason = iota
	ReasonNews           // an input of the other player that the client could not foresee, or that decides a contact
	ReasonScore          // SCORE: a point
	ReasonReset          // RESET: a serve, a new game or the end of a pause; clients do not smooth it
)

// The lengths of plaintexts: the type and the body. A datagram of any other length is refused.
const (
	stampLen     = 12
	RegisterLen  = 1 + stampLen + 1 + TokenLen
	InputLen     = 1 + stampLen + 4 + MaxRuns
	StateLen     = 1 + stampLen + 1 + game.StateLen + 2 + historyLen + standingLen + marginLen + aheadLen
	PingLen      = 1 + stampLen
	ChallengeLen = 1 + stampLen + 8
	ResponseLen  = ChallengeLen
)

// KeyLabel is the sealed.Label of the game channel: it names this protocol and its version in every key.
const KeyLabel = "pong-udp v1"

// TokenLen is the length of the token of WELCOME in bytes.
const TokenLen = 16

// MaxRuns is the most runs of equal inputs in an INPUT, LongestRun the most ticks of one run, and MaxInputs the most
// ticks of all runs together: as many as either end remembers.
const (
	MaxRuns    = 16
	LongestRun = 63
	MaxInputs  = netcode.History
)

// StateEvery is the number of ticks from one STATE to the next, if the server is not configured otherwise: 15 a second,
// not counting those at events and those with news.
const StateEvery = 4

// CheckStateRate returns an error if a number of STATEs a second does not divide the tick rate evenly, or is so low
// that a STATE carries hardly more than the inputs since the one before.
func CheckStateRate(rate int) error {
	if rate < 4 || game.TickRate%rate != 0 {
		return fmt.Errorf("%d STATEs a second: must be 4, 5, 6, 10, 12, 15, 20, 30 or 60", rate)
	}
	return nil
}

// HistoryLen is the number of ticks whose applied inputs a STATE carries. At 15 STATEs a second a client can rebuild
// every tick even if five in a row are lost.
const (
	HistoryLen = 24
	historyLen = HistoryLen * 2 * 2 / 8
	marginLen  = 5
)

// MaxTick is the last tick that a datagram may name, 414 days after the first. It is half of a Tick's range, so that
// the sum of a tick and any distance in this protocol does not wrap, in another program either.
const MaxTick netcode.Tick = 1<<31 - 1

// ErrDatagram is the error for every authentic datagram that is not of this protocol.
var ErrDatagram = errors.New("not a datagram of this protocol")

// Length returns the length of a plaintext of the type, 0 for an unknown one.
func (t Type) Length() int {
	switch t {
	case TypeRegister:
		return RegisterLen
	case TypeInput:
		return InputLen
	case TypeState:
		return StateLen
	case TypePing:
		return PingLen
	case TypeChallenge, TypeResponse:
		return ChallengeLen
	}
	return 0
}

// Upward reports whether a client may send the type; Downward whether a server may.
func (t Type) Upward() bool {
	return t == TypeRegister || t == TypeInput || t == TypePing || t == TypeResponse
}

// Downward is documented with Upward.
func (t Type) Downward() bool { return t == TypeState || t == TypePing || t == TypeChallenge }

// ParseType returns the type of a plaintext. It is an error if the length is not that of the type.
func ParseType(plain []byte) (Type, error) {
	if len(plain) == 0 {
		return 0, fmt.Errorf("empty: %w", ErrDatagram)
	}
	t := Type(plain[0])
	if n := t.Length(); n == 0 || n != len(plain) {
		return 0, fmt.Errorf("type %d of %d bytes: %w", t, len(plain), ErrDatagram)
	}
	return t, nil
}

// ParseStamp returns the stamp of a plaintext that ParseType has accepted. Every type has it at the same place.
//
//	off len
//	  0   1  type
//	  1   4  ts    microseconds of the sender's clock, wrapping
//	  5   4  echo  the newest ts received
//	  9   4  hold  microseconds since then; ff ff ff ff: none received
func ParseStamp(plain []byte) netcode.Stamp {
	return netcode.Stamp{
		TS:   binary.BigEndian.Uint32(plain[1:]),
		Echo: binary.BigEndian.Uint32(plain[5:]),
		Hold: binary.BigEndian.Uint32(plain[9:]),
	}
}

func appendHead(dst []byte, t Type, s netcode.Stamp) []byte {
	head := [1 + stampLen]byte{byte(t)}
	putStamp(head[:], s)
	return append(dst, head[:]...)
}

func putStamp(plain []byte, s netcode.Stamp) {
	binary.BigEndian.PutUint32(plain[1:], s.TS)
	binary.BigEndian.PutUint32(plain[5:], s.Echo)
	binary.BigEndian.PutUint32(plain[9:], s.Hold)
}

// Register is the body of REGISTER.
//
//	off len
//	 13   1  player id, 1 or 2
//	 14  16  token of WELCOME
type Register struct {
	PlayerID uint8
	Token    [TokenLen]byte
}

// AppendRegister appends a REGISTER.
func AppendRegister(dst []byte, s netcode.Stamp, r Register) []byte {
	dst = append(appendHead(dst, TypeRegister, s), r.PlayerID)
	return append(dst, r.Token[:]...)
}

// ParseRegister decodes a plaintext that ParseType has found to be a REGISTER.
func ParseRegister(plain []byte) Register {
	return Register{PlayerID: plain[13], Token: [TokenLen]byte(plain[14:])}
}

// AppendPing appends a PING.
func AppendPing(dst []byte, s netcode.Stamp) []byte { return appendHead(dst, TypePing, s) }

// AppendChallenge appends a CHALLENGE, and AppendResponse the RESPONSE to it: the stamp and eight bytes.
func AppendChallenge(dst []byte, s netcode.Stamp, data [8]byte) []byte {
	return append(appendHead(dst, TypeChallenge, s), data[:]...)
}

// AppendResponse is documented with AppendChallenge.
func AppendResponse(dst []byte, s netcode.Stamp, data [8]byte) []byte {
	return append(appendHead(dst, TypeResponse, s), data[:]...)
}

// ParseChallenge returns the eight bytes of a CHALLENGE or a RESPONSE.
func ParseChallenge(plain []byte) [8]byte { return [8]byte(plain[13:]) }
