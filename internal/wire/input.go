package wire

import (
	"encoding/binary"
	"fmt"

	"pong/internal/game"
	"pong/netcode"
)

// Input is the body of INPUT: the inputs of the ticks up to Newest that the server has not acknowledged, newest
// first, as runs. Its length does not depend on the inputs, so an observer learns nothing from it.
//
//	off len
//	 13   4  newest tick
//	 17  16  runs, newest first: input in the upper two bits, number of ticks in the lower six; 0 ends
//
// The runs reach back at most MaxInputs ticks, and never beyond tick 0.
type Input struct {
	Newest netcode.Tick              // at most MaxTick
	Runs   []netcode.Run[game.Input] // at most MaxRuns, each of 1 to LongestRun ticks
}

// AppendInput appends an INPUT. It panics on runs that do not fit, because the server would read other ones.
func AppendInput(dst []byte, s netcode.Stamp, in Input) []byte {
	dst = appendHead(dst, TypeInput, s)
	dst = binary.BigEndian.AppendUint32(dst, uint32(in.Newest))
	if len(in.Runs) > MaxRuns {
		panic("wire: too many runs for an INPUT")
	}
	for _, r := range in.Runs {
		if r.N < 1 || r.N > LongestRun || r.Input >= game.Away {
			panic("wire: a run that no INPUT can carry")
		}
		dst = append(dst, byte(r.Input)<<6|byte(r.N))
	}
	for range MaxRuns - len(in.Runs) {
		dst = append(dst, 0)
	}
	return dst
}

// ParseInput decodes a plaintext that ParseType has found to be an INPUT. It appends the runs to runs[:0]. It is an
// error if a run has an input that no player can make, a tick is out of range, or a byte follows the end of the runs.
func ParseInput(plain []byte, runs []netcode.Run[game.Input]) (Input, error) {
	in := Input{Newest: netcode.Tick(binary.BigEndian.Uint32(plain[13:])), Runs: runs[:0]}
	if in.Newest > MaxTick {
		return Input{}, fmt.Errorf("tick %d: %w", in.Newest, ErrDatagram)
	}
	ticks := 0
	// Shift the runs up to the first byte, one by one, until none is left: most INPUTs have one or two.
	high, low := binary.BigEndian.Uint64(plain[17:]), binary.BigEndian.Uint64(plain[25:])
	for ; high|low != 0; high, low = high<<8|low>>56, low<<8 {
		b := byte(high >> 56)
		input, n := game.Input(b>>6), int(b&LongestRun)
		if n == 0 || input == game.Away {
			return Input{}, fmt.Errorf("run %#02x: %w", b, ErrDatagram)
		}
		in.Runs = append(in.Runs, netcode.Run[game.Input]{Input: input, N: n})
		ticks += n
	}
	if ticks > MaxInputs || int64(ticks) > int64(in.Newest)+1 {
		return Input{}, fmt.Errorf("%d inputs up to tick %d: %w", ticks, in.Newest, ErrDatagram)
	}
	return in, nil
}
