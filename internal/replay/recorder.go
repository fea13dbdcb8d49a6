package replay

import (
	"encoding/binary"

	"pong/internal/game"
)

// A Recorder turns a game into the bytes of a recording. Each method returns the bytes that are to be written next, if
// there are any; they are valid until the next call.
type Recorder struct {
	chain chain
	state game.State // the newest
	ticks int        // recorded

	// The block that is being filled.
	count  int
	serves []byte
	runs   []byte
	run    game.Inputs // the run that is being counted
	length int

	out []byte
}

// Begin returns a Recorder of a game that goes on from a state, and the bytes of the header.
func Begin(h Header, first game.State) (*Recorder, []byte) {
	r := &Recorder{state: first}
	r.out = append(append(r.out, magic...), version, 0)
	if h.Rules.Classic {
		r.out[len(r.out)-1] = 1
	}
	began := int64(0)
	if !h.Began.IsZero() {
		began = h.Began.Unix()
	}
	r.out = binary.BigEndian.AppendUint16(r.out, h.Rules.Points)
	r.out = binary.BigEndian.AppendUint64(r.out, uint64(began))
	r.out = first.Append(r.out)
	for _, name := range h.Names {
		name = name[:min(len(name), maxName)]
		r.out = append(append(r.out, byte(len(name))), name...)
	}
	return r, r.seal(shortCheck)
}

// seal ends the piece in out with its check.
func (r *Recorder) seal(check int) []byte {
	r.chain = r.chain.next(r.out, r.state)
	r.out = r.chain.appendCheck(r.out, check)
	return r.out
}

// Tick records a tick: its inputs, the serve that was drawn at it, if one was, and the state after it.
func (r *Recorder) Tick(in game.Inputs, serve uint32, after game.State) []byte {
	if r.state.DrawsServe() { // the recording has the serve even if none could be drawn
		r.serves = binary.BigEndian.AppendUint32(r.serves, serve)
	}
	if in = plain(in); r.length > 0 && in != r.run {
		r.endRun()
	}
	r.run, r.length = in, r.length+1
	r.state = after
	r.ticks++
	if r.count++; r.count < blockLen {
		return nil
	}
	return r.endBlock()
}

// plain returns inputs as Step takes them.
func plain(in game.Inputs) game.Inputs {
	for i := range in {
		if in[i] > game.Away {
			in[i] = game.None
		}
	}
	return in
}

// endRun writes the run that is being counted.
func (r *Recorder) endRun() {
	r.runs = appendRun(r.runs, r.run, r.length)
	r.length = 0
}

// endBlock returns the block that is being filled.
func (r *Recorder) endBlock() []byte {
	r.endRun()
	r.out = append(r.out[:0], blockTicks, byte(r.count), byte(len(r.serves)/4))
	r.out = append(append(r.out, r.serves...), r.runs...)
	r.count, r.serves, r.runs = 0, r.serves[:0], r.runs[:0]
	return r.seal(shortCheck)
}

// Jump records that the game goes on from another state, because ticks are not known.
func (r *Recorder) Jump(to game.State) []byte {
	before := []byte(nil)
	if r.count > 0 {
		before = append(before, r.endBlock()...)
	}
	r.state = to
	r.out = to.Append(append(r.out[:0], blockJump))
	return append(before, r.seal(shortCheck)...)
}

// Full reports whether no further tick can be recorded.
func (r *Recorder) Full() bool { return r.ticks >= MaxTicks }

// State returns the newest state.
func (r *Recorder) State() game.State { return r.state }

// Flush returns the block that is being filled, so that nothing is lost if no further tick comes.
func (r *Recorder) Flush() []byte {
	if r.count == 0 {
		return nil
	}
	return r.endBlock()
}

// End returns the last bytes of the recording.
func (r *Recorder) End() []byte {
	last := append([]byte(nil), r.Flush()...)
	r.out = append(r.out[:0], blockEnd)
	return append(last, r.seal(endCheck)...)
}
