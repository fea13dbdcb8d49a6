package replay

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"pong/internal/game"
	"pong/internal/names"
)

// Parse reads a recording and plays it. The error says what is wrong, and where: it wraps ErrForeign, ErrVersion,
// ErrDamaged, ErrCut or ErrTooLong. If the recording has a game up to the place where it is cut off or damaged, Parse
// returns that part of it together with the error.
//
// A recording that ends between two blocks is no error: it is one of a game that still goes on, or whose recorder was
// killed. It is not Complete.
func Parse(b []byte) (*Replay, error) {
	if len(b) > MaxBytes {
		return nil, ErrTooLong
	}
	p := parser{reader: reader{rest: b}, replay: Replay{
		serves: make(map[int]uint32), jumps: make(map[int]game.State),
	}}
	if err := p.header(); err != nil {
		return nil, err
	}
	for !p.replay.Complete && len(p.rest) > 0 {
		intact := p.replay.Len()
		if err := p.block(); err != nil {
			p.replay.cut(intact)
			return &p.replay, &DamageError{intact, err}
		}
	}
	if len(p.rest) > 0 {
		return &p.replay, &DamageError{p.replay.Len(), ErrDamaged}
	}
	return &p.replay, nil
}

// cut removes what follows a position.
func (r *Replay) cut(position int) {
	r.inputs = r.inputs[:position]
	r.keys = r.keys[:position/keyEvery+1]
	for len(r.points) > 0 && r.points[len(r.points)-1] >= position {
		r.points = r.points[:len(r.points)-1]
	}
}

// A parser reads a recording.
type parser struct {
	reader
	replay Replay
	chain  chain
	state  game.State // the newest
}

// header reads everything before the first block.
func (p *parser) header() error {
	all := p.rest
	switch head := p.bytes(len(magic) + 1); {
	case !bytes.HasPrefix(all, []byte(magic)):
		return ErrForeign
	case p.failed:
		return ErrCut
	case head[len(magic)] != version:
		return ErrVersion
	}
	rules := p.bytes(1)[0]
	r := &p.replay
	if r.Rules = game.DefaultRules(); rules == 1 {
		r.Rules = game.ClassicRules()
	}
	r.Rules.Points = binary.BigEndian.Uint16(p.bytes(2))
	if began := int64(binary.BigEndian.Uint64(p.bytes(8))); began != 0 {
		r.Began = time.Unix(began, 0).UTC()
	}
	state, wrong := game.ParseState(p.bytes(game.StateLen))
	for i := range r.Names {
		r.Names[i] = string(p.bytes(int(p.bytes(1)[0])))
	}
	piece := all[:len(all)-len(p.rest)]
	p.state = state
	switch checked := p.check(piece, shortCheck); {
	case p.failed:
		return ErrCut
	case !checked || rules > 1 || wrong != nil:
		return ErrDamaged
	}
	for i, name := range r.Names {
		if name == "" {
			continue // the recorder did not know it
		}
		if clean, err := names.Parse(name); err != nil || clean != name {
			return fmt.Errorf("%w: the name of player %d is not one", ErrDamaged, i+1)
		}
	}
	r.keys = append(r.keys, state)
	return nil
}

// check reads a check and reports whether it is that of a piece and the newest state.
func (p *parser) check(piece []byte, length int) bool {
	got := p.bytes(length)
	p.chain = p.chain.next(piece, p.state)
	return bytes.Equal(got, p.chain.appendCheck(nil, length))
}

// block reads a block and plays its ticks.
func (p *parser) block() error {
	all, length := p.rest, shortCheck
	kind := p.bytes(1)[0]
	var err error
	switch kind {
	case blockTicks:
		err = p.ticks()
	case blockJump:
		if p.state, err = game.ParseState(p.bytes(game.StateLen)); err != nil {
			err = ErrDamaged
		}
	case blockEnd:
		length = endCheck
	default:
		err = ErrDamaged
	}
	piece := all[:len(all)-len(p.rest)]
	switch checked := p.check(piece, length); {
	case p.failed:
		return ErrCut
	case err != nil:
		return err
	case !checked:
		return ErrDamaged
	}
	switch kind {
	case blockJump:
		p.replay.jump(p.state)
	case blockEnd:
		p.replay.Complete = true
	}
	return nil
}

// ticks reads a block of ticks and plays them.
func (p *parser) ticks() error {
	count, drawn := int(p.bytes(1)[0]), int(p.bytes(1)[0])
	switch {
	case p.failed:
		return ErrCut
	case count < 1 || count > blockLen || drawn > count:
		return ErrDamaged
	case p.replay.Len()+count > MaxTicks:
		return ErrTooLong
	}
	serves := reader{rest: p.bytes(4 * drawn)}
	for count > 0 {
		in, length, ok := p.run()
		switch {
		case p.failed:
			return ErrCut
		case !ok || length > count:
			return ErrDamaged
		}
		count -= length
		for range length {
			serve := uint32(0)
			if p.state.DrawsServe() {
				serve = binary.BigEndian.Uint32(serves.bytes(4))
			}
			p.play(in, serve)
		}
	}
	if serves.failed || len(serves.rest) > 0 {
		return ErrDamaged
	}
	return nil
}

// run reads a run of inputs. ok is false if there is a shorter way to write it.
func (p *parser) run() (in game.Inputs, length int, ok bool) {
	b := p.bytes(1)[0]
	in, length = game.Inputs{game.Input(b & 3), game.Input(b >> 2 & 3)}, int(b>>4)+1
	if length < runMax {
		return in, length, true
	}
	more, n := binary.Uvarint(p.rest)
	if n <= 0 {
		p.failed = p.failed || n == 0
		return in, 0, false
	}
	canonical := n == len(binary.AppendUvarint(nil, more))
	p.rest = p.rest[n:]
	return in, runMax + int(min(more, MaxTicks)), canonical
}

// play plays a tick.
func (p *parser) play(in game.Inputs, serve uint32) {
	r, before := &p.replay, p.state
	if serve != 0 {
		r.serves[r.Len()] = serve
	}
	r.inputs = append(r.inputs, in)
	p.state = game.Step(r.Rules, before, in, serve)
	if game.Events(before, p.state).Has(game.Point) {
		r.points = append(r.points, r.Len())
	}
	if r.Len()%keyEvery == 0 {
		r.keys = append(r.keys, p.state)
	}
}

// jump replaces the state at the newest position.
func (r *Replay) jump(to game.State) {
	r.jumps[r.Len()] = to
	r.Gaps++
	if r.Len()%keyEvery == 0 {
		r.keys[r.Len()/keyEvery] = to
	}
}

// A reader takes fields from the front of bytes. If there are not enough bytes, it fails, and all that it returns from
// then on is zero.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) bytes(n int) []byte {
	if r.failed || n > len(r.rest) {
		r.failed = true
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}
