package game

import (
	"encoding/binary"
	"errors"
)

// MaxReplayTicks is the longest Replay that ParseReplay accepts, some 19 hours.
// It bounds what a small file can make a reader allocate.
const MaxReplayTicks = 1 << 22

// Replay is a match written down: everything that decided it. Pauses, points
// and rematches follow from the inputs.
type Replay struct {
	Rules  Rules
	Seed   uint64
	Inputs []Inputs // of each tick, the first being that of tick 0
}

// Play plays the match again. It returns the last state and a hash over every
// state on the way, the first one included: two machines that get the same
// chain agreed at every tick.
func (r Replay) Play() (final State, chain uint64) {
	s := New(r.Rules, r.Seed)
	chain = (fnvBasis ^ s.Hash()) * fnvPrime
	for _, in := range r.Inputs {
		s = Step(r.Rules, s, in)
		chain = (chain ^ s.Hash()) * fnvPrime
	}
	return s, chain
}

// replayVersion is the first byte of a replay.
const replayVersion = 1

// replayHead is the length of a replay without its runs.
const replayHead = 12

// Append appends the bytes of r to dst. Inputs are written as runs, since
// players hold keys for many ticks:
//
//	off len
//	  0   1  1, the version
//	  1   1  1 for classic rules, else 0
//	  2   2  points, big endian
//	  4   8  seed, big endian
//	then runs, each:
//	  0   1  input of seat 0 | input of seat 1 << 2
//	  1   n  ticks, as an unsigned varint
func (r Replay) Append(dst []byte) []byte {
	classic := byte(0)
	if r.Rules.Classic {
		classic = 1
	}
	dst = append(dst, replayVersion, classic)
	dst = binary.BigEndian.AppendUint16(dst, r.Rules.Points)
	dst = binary.BigEndian.AppendUint64(dst, r.Seed)
	for i := 0; i < len(r.Inputs); {
		run, start := pair(r.Inputs[i]), i
		for i < len(r.Inputs) && pair(r.Inputs[i]) == run {
			i++
		}
		dst = append(dst, run)
		dst = binary.AppendUvarint(dst, uint64(i-start))
	}
	return dst
}

// pair puts both inputs into four bits. Like Step it takes an unknown one for
// None.
func pair(in Inputs) byte {
	for seat := range in {
		if in[seat] > Away {
			in[seat] = None
		}
	}
	return byte(in[0] | in[1]<<2)
}

// ParseReplay is the inverse of Append, and accepts only bytes that Append
// writes.
func ParseReplay(b []byte) (Replay, error) {
	switch {
	case len(b) < replayHead:
		return Replay{}, errors.New("parse replay: too short")
	case b[0] != replayVersion:
		return Replay{}, errors.New("parse replay: unknown version")
	case b[1] > 1:
		return Replay{}, errors.New("parse replay: unknown rules")
	}
	r := Replay{
		Rules: Rules{Classic: b[1] == 1, Points: binary.BigEndian.Uint16(b[2:])},
		Seed:  binary.BigEndian.Uint64(b[4:]),
	}
	last := byte(0xff) // no run has it
	for b = b[replayHead:]; len(b) > 0; {
		run := b[0]
		if run > 0xf || run == last {
			return Replay{}, errors.New("parse replay: a run that is no pair of inputs, or repeats the one before")
		}
		last = run
		ticks, n := binary.Uvarint(b[1:])
		if n <= 0 || ticks == 0 || n > 1 && b[n] == 0 {
			return Replay{}, errors.New("parse replay: bad length of a run")
		}
		if ticks > uint64(MaxReplayTicks-len(r.Inputs)) {
			return Replay{}, errors.New("parse replay: too many ticks")
		}
		in := Inputs{Input(run & 3), Input(run >> 2)}
		for range ticks {
			r.Inputs = append(r.Inputs, in)
		}
		b = b[1+n:]
	}
	return r, nil
}
