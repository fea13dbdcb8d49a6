package replay

import (
	"encoding/binary"

	"pong/internal/game"
)

// A recording, version 1. Numbers are big endian; a varint is that of package binary. A text is one byte with its
// length and as many bytes of UTF-8.
//
//	off len
//	  0   8  "PongRec", 1
//	  8   1  rules: 0 default, 1 classic
//	  9   2  points that win the game
//	 11   8  when it began, in seconds since 1970; 0 if that is not known
//	 19  38  first state, see game.State.Append
//	 57      names of the left and the right player: texts
//	         check, 2 bytes
//
// Blocks follow. Each begins with a byte that says what it is, and ends with a check:
//
//	1  ticks:   1  number of ticks, 1 to 60
//	            1  number of serves: of ticks before which a serve is to be drawn, see game.State.DrawsServe
//	               the serves, 4 bytes each, 0 where none could be drawn
//	               the inputs, in runs, until there is one for every tick
//	            2  check
//	2  jump:   38  the state that replaces the newest one
//	            2  check
//	3  end:     8  check; nothing follows
//
// A run is a byte with the input of the left player in bits 0 and 1, that of the right one in bits 2 and 3, and in the
// upper four bits one less than how many ticks have these inputs. If they are all set, there are 16 ticks and as many
// as the varint that follows.
//
// A check is the upper bits of a hash (64-bit FNV-1a) of the hash before, all bytes since, and the hash of the newest
// state (game.State.Hash), in this order. Before the first one the hash is 0. Those of blocks have two bytes, so that
// they cost little; they tell where a recording is wrong, and the last one has all eight.
const (
	magic   = "PongRec"
	version = 1

	blockTicks = 1
	blockJump  = 2
	blockEnd   = 3

	blockLen   = game.TickRate // ticks in a block
	runMax     = 16
	shortCheck = 2
	endCheck   = 8
	maxName    = 255
)

// A chain is the hash of a recording so far.
type chain uint64

// next returns the chain after a piece of a recording and the state that it leads to.
func (c chain) next(piece []byte, state game.State) chain {
	const basis, prime = 0xcbf29ce484222325, 0x100000001b3
	hash := uint64(basis)
	add := func(b byte) { hash = (hash ^ uint64(b)) * prime }
	var word [8]byte
	for _, b := range binary.BigEndian.AppendUint64(word[:0], uint64(c)) {
		add(b)
	}
	for _, b := range piece {
		add(b)
	}
	for _, b := range binary.BigEndian.AppendUint64(word[:0], state.Hash()) {
		add(b)
	}
	return chain(hash)
}

// appendCheck appends the upper bytes of a chain.
func (c chain) appendCheck(dst []byte, bytes int) []byte {
	var word [8]byte
	return append(dst, binary.BigEndian.AppendUint64(word[:0], uint64(c))[:bytes]...)
}

// appendRun appends a run of the same inputs.
func appendRun(dst []byte, in game.Inputs, ticks int) []byte {
	b := byte(in[0]&3 | in[1]&3<<2)
	if ticks < runMax {
		return append(dst, b|byte(ticks-1)<<4)
	}
	return binary.AppendUvarint(append(dst, b|(runMax-1)<<4), uint64(ticks-runMax))
}
