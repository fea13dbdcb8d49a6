package replay

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"pong/internal/game"
)

var header = Header{
	Rules: game.DefaultRules(), Names: [2]string{"Ann", "Bjørn"}, Began: time.Unix(1_700_000_000, 0).UTC(),
}

// played is a game between hands that hold a key for a while, with pauses, and what is expected of its recording.
type played struct {
	bytes  []byte
	blocks []int // where blocks begin
	states []game.State
	inputs []game.Inputs
}

// play plays a game of a seed and records it.
func play(seed uint64, ticks int) (p played) {
	chance := rand.New(rand.NewPCG(seed, 1))
	state := game.New(header.Rules, seed)
	state.Tick = uint32(seed % 1000)
	rec, out := Begin(header, state)
	add := func(b []byte) {
		if len(b) > 0 {
			p.blocks = append(p.blocks, len(p.bytes))
			p.bytes = append(p.bytes, b...)
		}
	}
	p.bytes = append(p.bytes, out...)
	p.states = append(p.states, state)
	in := game.Inputs{}
	for range ticks {
		for i := range in {
			switch x := chance.IntN(400); {
			case x == 0:
				in[i] = game.Away
			case x < 30:
				in[i] = game.Input(x % 3)
			case in[i] == game.Away && x < 100:
				in[i] = game.None
			}
		}
		serve := state.SeededServe(seed)
		if chance.IntN(3) == 0 {
			serve = 0 // the server had no randomness
		}
		state = game.Step(header.Rules, state, in, serve)
		add(rec.Tick(in, serve, state))
		p.inputs, p.states = append(p.inputs, in), append(p.states, state)
		if chance.IntN(500) == 0 {
			state.Tick += 7
			add(rec.Jump(state))
			p.states[len(p.states)-1] = state
		}
	}
	add(rec.End())
	return p
}

// want fails if a replay is not the game that was played, up to a position.
func (p played) want(t *testing.T, r *Replay, until int) {
	t.Helper()
	if r.Len() != until {
		t.Fatalf("%d ticks, want %d", r.Len(), until)
	}
	for i, state := range p.states[:until+1] {
		if got := r.At(i); got != state {
			t.Fatalf("state at position %d of %d:\n%+v, want\n%+v", i, until, got, state)
		}
		if i < until && r.Inputs(i) != p.inputs[i] {
			t.Fatalf("inputs after position %d: %v, want %v", i, r.Inputs(i), p.inputs[i])
		}
	}
}

func TestParse_ReturnsWhatWasRecorded(t *testing.T) {
	for seed := range uint64(30) {
		p := play(seed, int(seed*97))
		r, err := Parse(p.bytes)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if r.Header != header || !r.Complete {
			t.Errorf("seed %d: %+v, complete %v, want %+v", seed, r.Header, r.Complete, header)
		}
		p.want(t, r, len(p.inputs))
	}
}

func TestParse_FindsPoints(t *testing.T) {
	p := play(3, 9000)
	r, err := Parse(p.bytes)
	if err != nil {
		t.Fatal(err)
	}
	var want []int
	for i := range p.inputs {
		if game.Events(p.states[i], p.states[i+1]).Has(game.Point) {
			want = append(want, i+1)
		}
	}
	if got := r.Points(); len(want) < 3 || len(got) != len(want) {
		t.Fatalf("points at %v, want %v, and at least three", got, want)
	}
	for i, at := range r.Points() {
		if at != want[i] {
			t.Errorf("point %d at %d, want %d", i, at, want[i])
		}
	}
}

// A process that is killed leaves the blocks that it has written, and perhaps a part of the next.
func TestParse_PlaysWhatIsThereOfACutRecording(t *testing.T) {
	p := play(5, 400)
	whole := map[int]bool{len(p.bytes) - 1 - endCheck: true} // End returns two blocks
	for _, at := range p.blocks {
		whole[at] = true
	}
	ticks := 0
	for n := range len(p.bytes) {
		r, err := Parse(p.bytes[:n])
		switch {
		case n < p.blocks[0]:
			if n >= len(magic) && !errors.Is(err, ErrCut) || n < len(magic) && !errors.Is(err, ErrForeign) {
				t.Fatalf("%d bytes of the header: %v, want ErrCut", n, err)
			}
			continue
		case whole[n] && err != nil:
			t.Fatalf("%d bytes, which are whole blocks: %v", n, err)
		case !whole[n] && !errors.Is(err, ErrCut):
			t.Fatalf("%d of %d bytes: %v, want ErrCut", n, len(p.bytes), err)
		}
		if r.Complete || r.Len() < ticks {
			t.Fatalf("%d bytes: complete %v, %d ticks, before there were %d", n, r.Complete, r.Len(), ticks)
		}
		ticks = r.Len()
		if n%50 == 0 {
			r.At(r.Len())
		}
	}
}

func TestParse_RefusesEveryChange(t *testing.T) {
	p := play(8, 300)
	for i := range p.bytes {
		for bit := range 8 {
			altered := bytes.Clone(p.bytes)
			altered[i] ^= 1 << bit
			r, err := Parse(altered)
			if err == nil {
				t.Fatalf("bit %d of byte %d was changed, and the recording is accepted", bit, i)
			}
			if r != nil && r.Len() > 0 {
				r.At(r.Len())
			}
		}
	}
	for _, more := range [][]byte{{0}, {blockEnd}, p.bytes} {
		if _, err := Parse(append(bytes.Clone(p.bytes), more...)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%d bytes after the end: %v, want ErrDamaged", len(more), err)
		}
	}
}

func TestParse_NamesWhatIsWrong(t *testing.T) {
	p := play(8, 100)
	other := bytes.Clone(p.bytes)
	other[len(magic)] = version + 1
	for name, test := range map[string]struct {
		bytes []byte
		want  error
	}{
		"nothing":       {nil, ErrForeign},
		"a text":        {[]byte("hello, world, this is not a recording at all"), ErrForeign},
		"other version": {other, ErrVersion},
		"too long":      {make([]byte, MaxBytes+1), ErrTooLong},
	} {
		if r, err := Parse(test.bytes); !errors.Is(err, test.want) || r != nil {
			t.Errorf("%s: %v, want %v and nothing to play", name, err, test.want)
		}
	}
	var damage *DamageError
	if _, err := Parse(p.bytes[:len(p.bytes)-8]); !errors.As(err, &damage) || damage.Tick != 100 {
		t.Errorf("cut before the end: %v, want a DamageError after 100 ticks", err)
	}
}

// A name that the rules of names do not allow could imitate other text on a screen.
func TestParse_RefusesNamesThatArePossibleNowhere(t *testing.T) {
	for _, name := range []string{"a\nb", "\x1b[31mred", " Ann", "\xff"} {
		h := header
		h.Names[1] = name
		rec, b := Begin(h, game.New(h.Rules, 1))
		b = append(bytes.Clone(b), rec.End()...)
		if _, err := Parse(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("name %q: %v, want ErrDamaged", name, err)
		}
	}
}

func TestRecorder_IsFullAfterMaxTicks(t *testing.T) {
	state := game.New(header.Rules, 1)
	rec, b := Begin(header, state)
	all := bytes.Clone(b)
	away := game.Inputs{game.Away, game.None}
	for !rec.Full() {
		state = game.Step(header.Rules, state, away, 0)
		all = append(all, rec.Tick(away, 0, state)...)
	}
	all = append(all, rec.End()...)
	if r, err := Parse(all); err != nil || r.Len() != MaxTicks {
		t.Fatalf("a full recording: %v, want %d ticks", err, MaxTicks)
	}
	if len(all) > MaxBytes {
		t.Errorf("%d bytes, want at most MaxBytes", len(all))
	}
}

// Every second has a serve, and other inputs in each tick.
func TestMaxBytes_HoldsTheLongestRecording(t *testing.T) {
	const second = 3 + 4 + blockLen + shortCheck
	if most := MaxTicks / blockLen * second; most > MaxBytes {
		t.Errorf("%d bytes, want at most MaxBytes = %d", most, MaxBytes)
	}
}

func FuzzParse(f *testing.F) {
	p := play(2, 200)
	f.Add(p.bytes)
	f.Add(p.bytes[:len(p.bytes)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse(b)
		if r == nil && err == nil {
			t.Fatal("neither a recording nor an error")
		}
		if err != nil || !r.Complete || r.Len() > 1000 || r.Gaps > 0 {
			return
		}
		// A Recorder records the same game so that it is accepted again.
		rec, out := Begin(r.Header, r.At(0))
		again := bytes.Clone(out)
		for i := range r.Len() {
			again = append(again, rec.Tick(r.Inputs(i), r.serves[i], r.At(i+1))...)
		}
		again = append(again, rec.End()...)
		if q, err := Parse(again); err != nil || q.At(q.Len()) != r.At(r.Len()) {
			t.Fatalf("recorded again: %v", err)
		}
	})
}
