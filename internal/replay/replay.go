// Package replay keeps a game of Pong as its inputs and plays it again.
//
// A game follows from its rules, its first state, its inputs and its serves, so these are all that is kept, besides the
// names of the players: some ten bytes a second. A [Recorder] turns a game that is being played into bytes, in blocks
// of a second, so that a process that is killed loses a second at most. [Parse] reads the bytes, plays the whole game,
// and returns a [Replay], which can return the state at each tick. Every block ends with a check, which covers all
// bytes before it and the state that they lead to. So a file that was damaged or altered is refused, and so is one that
// these rules play differently.
//
// The checks find accidents, not forgeries: anyone can record a game that was never played.
package replay

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"pong/internal/game"
)

// The bounds of what Parse accepts.
const (
	// MaxTicks is the number of ticks that a recording has at most: six hours. A Recorder is full after it.
	MaxTicks = 6 * 3600 * game.TickRate

	// MaxBytes is the length in bytes that no recording exceeds.
	MaxBytes = 4 << 20
)

// A Header says which game it is.
type Header struct {
	Rules game.Rules
	Names [2]string // of the players, as package names accepts them
	Began time.Time // in whole seconds. If zero, that is not known.
}

// A Replay is a recorded game. Its positions are numbers of states: 0 is that before the first tick, and Len that after
// the last one.
type Replay struct {
	Header

	// Complete is false if the recording ends before the game was over or a player left: the process that wrote it was
	// killed, or it still plays.
	Complete bool

	// Gaps is how many times the recording continues with a state that does not follow from the one before. That of a
	// client has a gap where it received nothing for a while.
	Gaps int

	inputs []game.Inputs
	serves map[int]uint32     // by the position at which they were drawn
	jumps  map[int]game.State // by the position that they replace
	keys   []game.State       // the states at every keyEvery-th position
	points []int
}

// keyEvery is how many positions lie between two states that are kept. The states between are played again.
const keyEvery = 256

// Len returns the number of ticks.
func (r *Replay) Len() int { return len(r.inputs) }

// At returns the state at a position from 0 to Len.
func (r *Replay) At(position int) game.State {
	at := position / keyEvery
	state := r.keys[at]
	for at *= keyEvery; at < position; at++ {
		state = r.step(at, state)
	}
	return state
}

// Inputs returns the inputs of the tick between a position and the next.
func (r *Replay) Inputs(position int) game.Inputs { return r.inputs[position] }

// Points returns the positions right after which a point was scored.
func (r *Replay) Points() []int { return r.points }

// Scorer returns the player who has scored last at a position, 0 or 1; -1 for nobody.
func (r *Replay) Scorer(position int) int {
	for _, point := range slices.Backward(r.points) {
		if point <= position {
			return int(r.At(point).Score[1] - r.At(point - 1).Score[1])
		}
	}
	return -1
}

// step returns the state after the one at a position.
func (r *Replay) step(at int, state game.State) game.State {
	if to, ok := r.jumps[at+1]; ok {
		return to
	}
	return game.Step(r.Rules, state, r.inputs[at], r.serves[at])
}

// Errors of Parse. The sentence of ErrForeign is for a text or a file that has nothing to do with Pong.
var (
	ErrForeign = errors.New("this is no recording of Pong")
	ErrVersion = errors.New("the recording was made by another version of Pong")
	ErrDamaged = errors.New("the recording is damaged or was altered")
	ErrCut     = errors.New("the recording is cut off")
	ErrTooLong = errors.New("the recording is too long")
)

// A DamageError says where a recording is damaged. It wraps ErrDamaged or ErrCut.
type DamageError struct {
	Tick int // from the beginning
	Err  error
}

// Error returns the error with the time of play at which the recording is damaged.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%v after %s of play", e.Err, Clock(e.Tick))
}

// Unwrap returns ErrDamaged or ErrCut.
func (e *DamageError) Unwrap() error { return e.Err }

// Clock returns a number of ticks as minutes and seconds, such as "3:07.5".
func Clock(ticks int) string {
	tenths := ticks * 10 / game.TickRate
	return fmt.Sprintf("%d:%02d.%d", tenths/600, tenths/10%60, tenths%10)
}
