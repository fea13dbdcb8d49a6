package wire

import (
	"fmt"
	"math"

	"pong/internal/game"
	"pong/netcode"
)

// State is the body of STATE: the whole game at a tick, the inputs that the server has, and how early they arrive. Each
// STATE is complete in itself, so a lost one is superseded by the next.
//
//	off  len
//	 13    1  bits 0-1: reason; 2-4: the rest of player 1's pause budget (see Standing); 5-7: of player 2's
//	 14    n  game state in its canonical bytes (game.State.Append), its tick among them
//	 +0    2  for each player: acknowledged tick less the state's tick, signed, -128..127; the sum is not below 0
//	 +2   12  inputs applied at the 24 ticks before the state's, newest first: 2 bits for each player, left one in
//	          the higher bits, four ticks in two bytes
//	+14    3  standing (see Standing)
//	+17    1  least margin of the receiver's inputs since the last STATE in 1/8 tick, signed; -128: none arrived
//	+18    1  base margin, likewise, -127..127; 0 if none arrived
//	+19    1  ticks played without the receiver's input since the last STATE
//	+20    1  99.8th percentile of the lateness of the receiver's inputs, in ms
//	+21    1  share of the datagrams lost on the way up, in 1/255
//	+22    3  the opponent's inputs ahead (see Ahead)
type State struct {
	Reason   Reason
	Game     game.State
	Acked    [2]netcode.Tick
	Applied  [HistoryLen]game.Inputs // Applied[i] was applied at tick Game.Tick-1-i
	Standing Standing
	Margin   Margin
	Ahead    Ahead
}

// Margin describes how the inputs of the STATE's receiver arrive.
type Margin struct {
	Valid  bool    // at least one arrived
	Min    float64 // the least of all, in ticks, in steps of 1/8
	Base   float64 // the least over the path at its fastest, without losses
	Missed int     // ticks
	TailMS int     // how late the inputs are
	Loss   float64 // 0..1
}

const noMargin = -128

// MostMargin is the greatest margin that a STATE can have. A greater one is sent as this.
const MostMargin = 127.0 / 8

// AppendState appends a STATE.
func AppendState(dst []byte, s netcode.Stamp, st *State) []byte {
	left := &st.Standing.PauseLeft
	dst = append(appendHead(dst, TypeState, s), byte(st.Reason)&3|left[0]&7<<2|left[1]<<5)
	dst = st.Game.Append(dst)
	for _, t := range st.Acked {
		dst = append(dst, byte(int8(clamp(int64(t)-int64(st.Game.Tick), -128, 127))))
	}
	for i := 0; i < HistoryLen; i += 2 {
		a, b := st.Applied[i], st.Applied[i+1]
		dst = append(dst, byte(a[0]<<6|a[1]<<4|b[0]<<2|b[1]))
	}
	standing, margin, ahead := st.Standing.bytes(), st.Margin.bytes(), st.Ahead.bytes()
	return append(append(append(dst, standing[:]...), margin[:]...), ahead[:]...)
}

// Readdress changes a STATE that AppendState has made into one for another receiver of the same match: only the stamp,
// the player id, the reason, the margin and the inputs ahead differ.
func Readdress(plain []byte, s netcode.Stamp, player uint8, why Reason, m *Margin, a *Ahead) {
	putStamp(plain, s)
	reason := &plain[1+stampLen]
	*reason = *reason&^3 | byte(why)
	end := plain[len(plain)-1-marginLen-aheadLen:] // from the last byte of the Standing
	end[0] = end[0]&MaxGame | player<<6
	margin, ahead := m.bytes(), a.bytes()
	copy(end[1:], margin[:])
	copy(end[1+marginLen:], ahead[:])
}

// bytes returns the bytes of a Margin.
func (m *Margin) bytes() [marginLen]byte {
	least, base := int8(noMargin), int8(0)
	if m.Valid {
		least, base = eighths(m.Min), eighths(m.Base)
	}
	return [marginLen]byte{
		byte(least), byte(base), byte(clamp(int64(m.Missed), 0, 255)),
		byte(clamp(int64(m.TailMS), 0, 255)), byte(clamp(int64(math.Round(m.Loss*255)), 0, 255)),
	}
}

// ParseState decodes a plaintext that ParseType has found to be a STATE into st. It accepts only what AppendState
// writes, so that each State has one form. On an error st is unchanged.
func ParseState(plain []byte, st *State) error {
	b := plain[1+stampLen:]
	got, left := State{Reason: Reason(b[0] & 3)}, [2]uint8{b[0] >> 2 & 7, b[0] >> 5}
	if max(left[0], left[1]) > MaxPauseLeft {
		return fmt.Errorf("pauses of %d and %d units: %w", left[0], left[1], ErrDatagram)
	}
	var err error
	if got.Game, err = game.ParseState(b[1 : 1+game.StateLen]); err != nil {
		return fmt.Errorf("%w: %w", err, ErrDatagram)
	}
	if netcode.Tick(got.Game.Tick) > MaxTick {
		return fmt.Errorf("tick %d: %w", got.Game.Tick, ErrDatagram)
	}
	b = b[1+game.StateLen:]
	for i := range got.Acked {
		acked := int64(got.Game.Tick) + int64(int8(b[i]))
		if acked < 0 {
			return fmt.Errorf("acknowledged tick %d: %w", acked, ErrDatagram)
		}
		got.Acked[i] = netcode.Tick(acked)
	}
	for i, x := range b[2 : 2+historyLen] {
		got.Applied[2*i] = game.Inputs{game.Input(x >> 6), game.Input(x >> 4 & 3)}
		got.Applied[2*i+1] = game.Inputs{game.Input(x >> 2 & 3), game.Input(x & 3)}
	}
	b = b[2+historyLen:]
	if got.Standing, err = parseStanding(b); err != nil {
		return err
	}
	got.Standing.PauseLeft = left
	if got.Margin, err = parseMargin(b[standingLen:]); err != nil {
		return err
	}
	if got.Ahead, err = parseAhead(b[standingLen+marginLen:], got.Standing.Player); err != nil {
		return err
	}
	*st = got
	return nil
}

// parseMargin decodes the bytes of a Margin.
func parseMargin(b []byte) (Margin, error) {
	least, base := int8(b[0]), int8(b[1])
	m := Margin{Missed: int(b[2]), TailMS: int(b[3]), Loss: float64(b[4]) / 255}
	switch {
	case least == noMargin && base == 0:
		return m, nil
	case least == noMargin || base == noMargin:
		return m, fmt.Errorf("margins %d and %d: %w", least, base, ErrDatagram)
	}
	m.Valid, m.Min, m.Base = true, float64(least)/8, float64(base)/8
	return m, nil
}

func eighths(ticks float64) int8 {
	return int8(min(max(math.Floor(ticks*8), noMargin+1), 127))
}

func clamp(x, least, most int64) int64 { return min(max(x, least), most) }
